import { z } from 'zod';
import { AssignedDevice, DeviceRole, lifecycles, SnmpCredentials } from '../contract/index.ts';

const Name = z.string().trim().min(1).max(200);

const ShortText = z.string().trim().min(1).max(100);
const Day = z.iso.date('must be a day such as 2026-11-22');

const Room = z.strictObject({
  name: Name,
  racks: z
    .array(
      z.strictObject({
        name: Name,
        purpose: z.string().default(''),
        height: z.int().min(1).max(60).default(42),
      }),
    )
    .default([]),
});

const Floor = z.strictObject({ name: Name, rooms: z.array(Room).default([]) });
const Building = z.strictObject({ name: Name, floors: z.array(Floor).default([]) });
const Site = z.strictObject({ name: Name, buildings: z.array(Building).default([]) });

/** `<site>/<room>`: a room's name is unique within its site. */
const RoomPath = z.string().regex(/^[^/]+\/[^/]+$/, 'must be "<site>/<room>"');

const Device = z.strictObject({
  /** Unique among devices and outlets of the installation; without a colon, because links write `<name>:<port>`. */
  name: Name.regex(/^[^:]+$/, 'must not contain ":"'),
  /** Slug of a device type. */
  type: Name,
  role: DeviceRole,
  room: RoomPath,
  rack: Name.optional(),
  /** Lowest rack unit it takes, from 1 at the bottom. Left out for what hangs at a rail or lies in no unit. */
  position: z.number().min(1).multipleOf(0.5).optional(),
  face: z.enum(['front', 'rear']).default('front'),
  side: z.enum(['full', 'left', 'right']).default('full'),
  serial: z.string().optional(),
  status: z.enum(lifecycles).optional(),
  assetTag: ShortText.optional(),
  personInCharge: Name.optional(),
  supplier: Name.optional(),
  /** Name of one of `contracts`. */
  contract: Name.optional(),
  purchasedOn: Day.optional(),
  warrantyUntil: Day.optional(),
  supportUntil: Day.optional(),
  /** In euros. */
  price: z.number().min(0).max(1e9).multipleOf(0.01).optional(),
  notes: z.string().max(20_000).optional(),
  monitoring: z
    .strictObject({
      address: AssignedDevice.shape.address,
      port: z.int().min(1).max(65535).default(161),
      /** Name of one of `credentials`; left out for a device that is only pinged. */
      credentials: Name.optional(),
      profile: z.string().optional(),
      intervalSeconds: AssignedDevice.shape.intervalSeconds.default(60),
      ping: z.boolean().default(true),
      tcp: AssignedDevice.shape.tcp.default([]),
    })
    .optional(),
});

const Outlet = z.strictObject({
  name: Name.regex(/^[^:]+$/, 'must not contain ":"'),
  room: RoomPath,
  ports: z.int().min(1).max(24).default(2),
});

/** `<device or outlet>:<port>` */
const End = z.string().regex(/^[^:]+:.+$/, 'must be "<device or outlet>:<port>"');

const Link = z.strictObject({
  kind: z.enum(['permanent', 'patch', 'power']),
  from: End,
  to: End,
  label: z.string().max(100).default(''),
  color: z.string().max(40).optional(),
  lengthM: z.number().positive().max(100_000).optional(),
});

/** What colleagues and citizens notice. The devices and needs that a file gives replace those that were known. */
const Service = z.strictObject({
  name: Name,
  personInCharge: Name.optional(),
  /** When it must work, in words. */
  hours: Name.optional(),
  importance: z.enum(['high', 'normal', 'low']).default('normal'),
  /** Host name or URL of what runs outside. */
  address: z.string().trim().min(1).max(500).optional(),
  /** Names of the devices it runs on. */
  devices: z.array(Name).default([]),
  /** Names of the services without which it does not work. */
  needs: z.array(Name).default([]),
});

const Contract = z.strictObject({
  name: Name,
  number: ShortText.optional(),
  supplier: Name.optional(),
  startsOn: Day.optional(),
  endsOn: Day.optional(),
  noticeDays: z.int().min(0).max(3650).optional(),
});

const SparePart = z.strictObject({
  name: Name,
  manufacturer: Name.optional(),
  partNumber: ShortText.optional(),
  quantity: z.int().min(0).max(1_000_000).default(1),
  minimum: z.int().min(0).max(1_000_000).default(0),
  room: RoomPath.optional(),
  /** Cupboard, drawer, box. */
  place: Name.optional(),
});

/** For all sites. */
const Vlan = z.strictObject({
  vid: z.int().min(1).max(4094),
  name: Name,
  purpose: Name.optional(),
  /** Ports that carry it without a tag. */
  untagged: z.array(End).default([]),
});

const Prefix = z.strictObject({
  cidr: z.string().regex(/^[0-9a-fA-F.:]+\/\d{1,3}$/, 'must be a network such as 10.1.2.0/24'),
  /** Number of one of `vlans`. */
  vlan: z.int().min(1).max(4094).optional(),
  purpose: Name.optional(),
});

/** One inventory file. Several files of a folder are read together: each may hold any of the parts. */
export const InventoryFile = z.strictObject({
  sites: z.array(Site).default([]),
  credentials: z.record(Name, SnmpCredentials).default({}),
  devices: z.array(Device).default([]),
  outlets: z.array(Outlet).default([]),
  links: z.array(Link).default([]),
  services: z.array(Service).default([]),
  contracts: z.array(Contract).default([]),
  spareParts: z.array(SparePart).default([]),
  vlans: z.array(Vlan).default([]),
  prefixes: z.array(Prefix).default([]),
});
export type InventoryFile = z.infer<typeof InventoryFile>;
export type InventoryDevice = InventoryFile['devices'][number];
export type InventoryService = InventoryFile['services'][number];
export type InventoryLink = InventoryFile['links'][number];
