import { z } from 'zod';
import { linkKinds } from './cable-kinds.ts';
import { ObservedPart, ObservedVlan, PortVlans } from './device-network.ts';
import { ObservedEntity } from './observed-entity.ts';

export const deviceRoles = [
  'switch',
  'firewall',
  'router',
  'server',
  'storage',
  'ups',
  'pdu',
  'sensor',
  'access-point',
  'printer',
  'panel',
  'cable-manager',
  'shelf',
  'outlet',
  'other',
] as const;
export const DeviceRole = z.enum(deviceRoles);
export type DeviceRole = z.infer<typeof DeviceRole>;

export const portKinds = ['network', 'front', 'rear', 'console', 'inlet', 'power-outlet'] as const;
export const PortKind = z.enum(portKinds);
export type PortKind = z.infer<typeof PortKind>;

/** The shape a port is drawn with. */
export const portShapes = [
  'rj45',
  'sfp',
  'qsfp',
  'lc',
  'sc',
  'usb',
  'serial',
  'iec-c13',
  'iec-c14',
  'iec-c19',
  'iec-c20',
  'schuko',
  'terminal',
] as const;
export const PortShape = z.enum(portShapes);

/** A rectangle on a face in millimetres, from the left top corner of the device's front (or rear, as seen from behind). */
const box = { x: z.number(), y: z.number(), w: z.number().positive(), h: z.number().positive() };

export const FaceElement = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('port'), name: z.string(), shape: PortShape, ...box }),
  z.strictObject({ kind: z.literal('bay'), ...box }),
  z.strictObject({ kind: z.literal('display'), ...box }),
  z.strictObject({ kind: z.literal('vent'), ...box }),
  z.strictObject({ kind: z.literal('blank'), ...box }),
  z.strictObject({ kind: z.literal('label'), text: z.string(), ...box }),
]);
export type FaceElement = z.infer<typeof FaceElement>;

/** Where the device's own name may be written on a face. */
export const Face = z.strictObject({ elements: z.array(FaceElement), name: z.strictObject(box).nullable() });
export type Face = z.infer<typeof Face>;

export const DeviceTypeView = z.strictObject({
  id: z.int(),
  manufacturer: z.string(),
  model: z.string(),
  slug: z.string(),
  /** Height in rack units, 0 for what takes none. May be a half. */
  uHeight: z.number(),
  fullDepth: z.boolean(),
  /** full: 19 inch. half: two share one U. vertical: hangs at a rail (0U PDU). none: not rack-mounted. */
  form: z.enum(['full', 'half', 'vertical', 'none']),
  widthMm: z.number(),
  heightMm: z.number(),
  front: Face,
  rear: Face,
});
export type DeviceTypeView = z.infer<typeof DeviceTypeView>;

export const PortView = z.strictObject({
  id: z.int(),
  name: z.string(),
  kind: PortKind,
  /** A cord or link is plugged in, by the documentation. */
  occupied: z.boolean(),
});
export type PortView = z.infer<typeof PortView>;

export const PlacedDevice = z.strictObject({
  id: z.int(),
  name: z.string(),
  typeId: z.int(),
  role: DeviceRole,
  monitored: z.boolean(),
  rackId: z.int().nullable(),
  /** Lowest rack unit that the device takes, from 1 at the bottom; null when it takes none. */
  position: z.number().nullable(),
  face: z.enum(['front', 'rear']),
  /** Which half of the unit, or which rail seen from the front. */
  side: z.enum(['full', 'left', 'right']),
  ports: z.array(PortView),
});
export type PlacedDevice = z.infer<typeof PlacedDevice>;

export const RackView = z.strictObject({
  id: z.int(),
  name: z.string(),
  /** What the rack is for, in the owner's words ("Netz", "Server"). */
  purpose: z.string(),
  heightU: z.int(),
  usedU: z.number(),
  devices: z.array(PlacedDevice),
});
export type RackView = z.infer<typeof RackView>;

const named = { id: z.int(), name: z.string() };

/** GET /api/rooms/:id */
export const RoomView = z.strictObject({
  ...named,
  floor: z.strictObject(named),
  building: z.strictObject(named),
  site: z.strictObject(named),
  racks: z.array(RackView),
  /** In the room, in no rack: access points, wall sensors. */
  unracked: z.array(PlacedDevice),
  types: z.array(DeviceTypeView),
});
export type RoomView = z.infer<typeof RoomView>;

/** GET /api/structure: the tree that the navigation shows. Rooms without racks and devices are left out of `rooms`. */
export const Structure = z.strictObject({
  sites: z.array(
    z.strictObject({
      ...named,
      buildings: z.array(
        z.strictObject({
          ...named,
          floors: z.array(
            z.strictObject({
              ...named,
              rooms: z.array(
                z.strictObject({ ...named, racks: z.array(z.strictObject(named)), devices: z.int() }),
              ),
            }),
          ),
        }),
      ),
    }),
  ),
  devices: z.int(),
  ports: z.int(),
  links: z.int(),
});
export type Structure = z.infer<typeof Structure>;

/** What has ports: a device, or an outlet in a wall. */
const portOwner = { kind: z.enum(['device', 'outlet']), id: z.int(), name: z.string() };

/** One stop of a trace: a port and how the next stop is reached. */
export const TraceHop = z.strictObject({
  owner: z.strictObject(portOwner),
  place: z.string(),
  portId: z.int(),
  portName: z.string(),
  /** The link that leads on from here: its label, or null inside a panel and at the end. */
  via: z.strictObject({ linkId: z.int(), label: z.string(), kind: z.enum(linkKinds) }).nullable(),
});
export type TraceHop = z.infer<typeof TraceHop>;

/** GET /api/ports/:id */
export const PortDetail = z.strictObject({
  id: z.int(),
  name: z.string(),
  kind: PortKind,
  owner: z.strictObject(portOwner),
  /** From this port to the other end; only this port when nothing is plugged in. */
  trace: z.array(TraceHop),
  /** `loop` when the documentation leads in a circle, `split` when it branches. */
  end: z.enum(['complete', 'open', 'split', 'loop']),
  /** What the device itself sees at the other end (LLDP). */
  neighbour: z.strictObject({ name: z.string(), port: z.string() }).nullable(),
});
export type PortDetail = z.infer<typeof PortDetail>;

/** A port at an end of a run of cables, and what it belongs to. */
const RunEnd = z.strictObject({ ...portOwner, portId: z.int(), portName: z.string() });

/** GET /api/devices/:id */
export const DeviceView = z.strictObject({
  device: PlacedDevice,
  type: DeviceTypeView,
  place: z.strictObject({
    /** All null: on the shelf. */
    site: z.strictObject(named).nullable(),
    building: z.strictObject(named).nullable(),
    floor: z.strictObject(named).nullable(),
    room: z.strictObject(named).nullable(),
    rack: z.strictObject(named).nullable(),
  }),
  address: z.string().nullable(),
  intervalSeconds: z.number().nullable(),
  serial: z.string().nullable(),
  /** What the device says of itself, and when it last said something new. */
  observed: z
    .strictObject({
      time: z.number(),
      profile: z.string(),
      /** What the profile is called; left out: nobody knows it here. */
      profileTitle: z.string().optional(),
      os: z.string().nullable(),
      vendor: z.string().nullable(),
      model: z.string().nullable(),
      serial: z.string().nullable(),
      firmware: z.string().nullable(),
      name: z.string().nullable(),
      description: z.string().nullable(),
      location: z.string().nullable(),
    })
    .nullable(),
  /** Every port that is documented or observed, in the order of the face, then by name. */
  ports: z.array(
    z.strictObject({
      /** null: observed, not documented. */
      id: z.int().nullable(),
      name: z.string(),
      kind: PortKind,
      documented: z.boolean(),
      observed: z.boolean(),
      alias: z.string().nullable(),
      mac: z.string().nullable(),
      farEnd: RunEnd.nullable(),
      /** A port in the middle of a run, such as a panel's jack with a cord: both ends of the run. Then `farEnd` is null. */
      between: z.tuple([RunEnd, RunEnd]).optional(),
      neighbour: z.strictObject({ name: z.string(), port: z.string() }).nullable(),
      vlans: PortVlans.optional(),
    }),
  ),
  entities: z.array(ObservedEntity),
  /** What the device itself says of its VLANs and parts; left out where it does not. */
  vlans: z.array(ObservedVlan).optional(),
  parts: z.array(ObservedPart).optional(),
});
export type DeviceView = z.infer<typeof DeviceView>;
