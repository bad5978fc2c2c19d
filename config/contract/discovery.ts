import { z } from 'zod';
import { Identity, neighbourProtocols, ObservedNeighbour, ObservedPort, probeOutcomes } from './agent.ts';
import { DiscoveryRun } from './discovery-runs.ts';
import { DeviceRole } from './inventory.ts';
import { parseNetwork } from './ip-networks.ts';
import { NetworkText } from './machines.ts';

/** A network has at most 4,096 addresses: an IPv4 network of /20, an IPv6 network of /116. */
export const mostAddressBits = 12;
export const discoveryLimits = {
  networks: 64,
  excluded: 200,
  credentials: 10,
  scans: 200,
  /** Addresses asked in a second, at most. */
  perSecond: 500,
  /** Devices taken over at once. */
  accepted: 1000,
} as const;
/** Addresses asked in a second where nothing else is said. */
export const politePerSecond = 50;

/** A network to be looked through. */
export const ScannedNetwork = NetworkText.superRefine((text, context) => {
  const network = parseNetwork(text);
  if (network === null || (network.family === 4 ? 32 : 128) - network.prefix <= mostAddressBits) return;
  context.addIssue({
    code: 'custom',
    message: `${text} has more than 4096 addresses: name networks of at most /20 (IPv6: /116), several if need be`,
  });
});

const At = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time like 02:30');
/** When a scan is begun by itself, by the clock of the server. `weekday`: 1 is Monday. */
export const ScanRepeat = z.discriminatedUnion('every', [
  z.strictObject({ every: z.literal('never') }),
  z.strictObject({ every: z.literal('day'), at: At }),
  z.strictObject({ every: z.literal('week'), weekday: z.int().min(1).max(7), at: At }),
]);
export type ScanRepeat = z.infer<typeof ScanRepeat>;

const isUnique = (values: readonly unknown[]) => new Set(values).size === values.length;

/** POST /api/discovery/scans, and PUT /api/discovery/scans/:id: what is to be looked for, and how. */
export const NewScan = z.strictObject({
  name: z.string().trim().min(1, 'must not be empty').max(100),
  /** Each inside the networks that may be polled. */
  networks: z
    .array(ScannedNetwork)
    .min(1, 'must name a network')
    .max(discoveryLimits.networks)
    .refine(isUnique, 'names a network twice'),
  /** Networks and addresses that are left out. */
  exclude: z.array(NetworkText).max(discoveryLimits.excluded).default([]),
  /** Sets of SNMP credentials, in the order in which they are tried; none: addresses are only pinged. */
  credentialIds: z
    .array(z.int().positive())
    .max(discoveryLimits.credentials)
    .refine(isUnique, 'names a set twice')
    .default([]),
  /** UDP port at which devices are asked. */
  snmpPort: z.int().min(1).max(65_535).default(161),
  /** Which agent looks; null: the oldest one. */
  agentId: z.int().positive().nullable().default(null),
  /** Neighbours that devices name (LLDP, CDP) are asked too, where they may be polled. */
  neighbours: z.boolean().default(true),
  /** Addresses asked in a second. */
  perSecond: z.int().min(1).max(discoveryLimits.perSecond).default(politePerSecond),
  repeat: ScanRepeat.default({ every: 'never' }),
});
export type NewScan = z.output<typeof NewScan>;

export const DiscoveryScan = z.strictObject({
  id: z.int(),
  name: z.string(),
  networks: z.array(z.string()),
  exclude: z.array(z.string()),
  credentials: z.array(z.strictObject({ id: z.int(), name: z.string() })),
  snmpPort: z.int(),
  agentId: z.int().nullable(),
  neighbours: z.boolean(),
  perSecond: z.int(),
  repeat: ScanRepeat,
  /** How many addresses are asked. */
  addresses: z.int(),
  /** When it is begun by itself next; null: never. */
  nextAt: z.number().nullable(),
  /** Networks of it that may not be polled any more: they are left out. */
  notAllowed: z.array(z.string()),
  /** The newest run; null: it was never done. */
  lastRun: DiscoveryRun.nullable(),
});
export type DiscoveryScan = z.infer<typeof DiscoveryScan>;

/** GET /api/discovery/scans */
export const DiscoveryScans = z.strictObject({
  scans: z.array(DiscoveryScan),
  agents: z.array(z.strictObject({ id: z.int(), name: z.string() })),
  /** Networks that may be polled, to be offered. */
  allowed: z.array(z.string()),
  serverTime: z.number(),
});
export type DiscoveryScans = z.infer<typeof DiscoveryScans>;

/** POST /api/discovery/scans */
export const ScanMade = z.strictObject({ id: z.int() });

/** GET /api/discovery/runs?scan=1: the newest 100, newest first. */
export const DiscoveryRunsQuery = z.strictObject({ scan: z.coerce.number().int().positive().optional() });
export const DiscoveryRuns = z.strictObject({ runs: z.array(DiscoveryRun) });
export type DiscoveryRuns = z.infer<typeof DiscoveryRuns>;

/** `new`: nobody has documented it. `known`: it is a device of the inventory. `ignored`: by hand, or until a time. */
export const foundStates = ['new', 'known', 'ignored'] as const;
/** By what a found device was recognised as one of the inventory. */
export const knownBy = ['address', 'serial', 'mac', 'name'] as const;
/** How sure it is that a device is of a type: `exact` by part number or model and vendor, `likely` by its model alone. */
export const typeCertainties = ['exact', 'likely', 'none'] as const;
/** By what it is known where a device hangs: its neighbour says so, it says so itself, or its MAC address was learned there. */
export const seatSources = [...neighbourProtocols, 'fdb'] as const;

export const FoundIdentity = Identity.extend({
  /** sysObjectID, without a leading dot. */
  objectId: z.string().nullable(),
});
export type FoundIdentity = z.infer<typeof FoundIdentity>;

/** A place as people call it. */
const Place = z.strictObject({ id: z.int(), name: z.string() });

/** What a device type would be that is made of what a device says. */
export const OfferedType = z.strictObject({
  manufacturer: z.string(),
  model: z.string(),
  uHeight: z.number(),
  /** Network ports, by their names. */
  ports: z.int(),
});
export type OfferedType = z.infer<typeof OfferedType>;

/** Where a device seems to hang. */
export const Seat = z.strictObject({
  by: z.enum(seatSources),
  /** The documented device that it was seen at, and its port as that calls it. */
  deviceId: z.int(),
  deviceName: z.string(),
  port: z.string(),
  portId: z.int().nullable(),
  /** Where the documented cabling leads from that port: a patch panel's port or an outlet, in words; null: nowhere. */
  leadsTo: z.string().nullable(),
  outlet: Place.nullable(),
  /** The room at the far end where the cabling leads on, else the switch's own room where it can only be there. */
  room: Place.nullable(),
  rack: Place.nullable(),
});
export type Seat = z.infer<typeof Seat>;

export const FoundDevice = z.strictObject({
  id: z.int(),
  /** By which it was found last, and all that belong to it. */
  address: z.string(),
  addresses: z.array(z.string()),
  /** Its own, as it says, or as switches and routers have seen it; null: not known. */
  mac: z.string().nullable(),
  /** null: it does not answer ping, or nobody could ask. */
  pingMs: z.number().nullable(),
  /** What DNS calls the address. */
  hostName: z.string().nullable(),
  state: z.enum(foundStates),
  /** Which set of credentials answered; null: none did. */
  credential: z.strictObject({ id: z.int(), name: z.string() }).nullable(),
  /** null: no SNMP was answered. */
  identity: FoundIdentity.nullable(),
  /** The profile that it would be polled with. */
  profile: z.string().nullable(),
  /** What it would be called and be, if it is taken over as it is. */
  proposal: z.strictObject({
    name: z.string(),
    role: DeviceRole,
    type: z.strictObject({ id: z.int(), name: z.string() }).nullable(),
    certainty: z.enum(typeCertainties),
    /** A type that can be made of it, where none fits. */
    newType: OfferedType.nullable(),
  }),
  seat: Seat.nullable(),
  /** Which device of the inventory it is. */
  known: z.strictObject({ deviceId: z.int(), name: z.string(), by: z.enum(knownBy) }).nullable(),
  ignored: z
    .strictObject({
      reason: z.string(),
      until: z.number().nullable(),
      by: z.string().nullable(),
      at: z.number(),
    })
    .nullable(),
  firstSeen: z.number(),
  lastSeen: z.number(),
  /** Since when it does not answer any more; null: it did when it was last asked. */
  goneSince: z.number().nullable(),
  scanId: z.int().nullable(),
  /** Whether anything could be recognised of it: it can be polled by SNMP. */
  recognised: z.boolean(),
});
export type FoundDevice = z.infer<typeof FoundDevice>;

export const foundOrders = ['address', 'name', 'vendor', 'newest'] as const;
/** Which found devices: for the list, and for accepting all of them. */
const selection = {
  state: z.enum(foundStates).default('new'),
  /** In address, name, vendor, model, serial, MAC address. */
  search: z.string().trim().max(100).default(''),
};
/** GET /api/discovery/found */
export const FoundQuery = z.strictObject({
  ...selection,
  scan: z.coerce.number().int().positive().optional(),
  /** `snmp`: those that can be polled. `silent`: those that answered ping alone. `gone`: those that answer no more. */
  show: z.enum(['all', 'snmp', 'silent', 'gone']).default('all'),
  order: z.enum(foundOrders).default('address'),
  page: z.coerce.number().int().min(1).max(100_000).default(1),
  size: z.coerce.number().int().min(1).max(200).default(50),
});
export type FoundQuery = z.output<typeof FoundQuery>;

export const FoundReply = z.strictObject({
  found: z.array(FoundDevice),
  total: z.int(),
  /** Of these, those that have said what they are and still answer: the others cannot be taken over without a person saying more. */
  recognised: z.int(),
  /** Of all scans, whatever is searched. */
  counts: z.record(z.enum(foundStates), z.int()),
  serverTime: z.number(),
});
export type FoundReply = z.infer<typeof FoundReply>;

/** GET /api/discovery/found/:id */
export const FoundDetail = z.strictObject({
  device: FoundDevice,
  ports: z.array(ObservedPort),
  neighbours: z.array(ObservedNeighbour),
  /** What came of each set of credentials that was tried. */
  tried: z.array(
    z.strictObject({
      credential: z.strictObject({ id: z.int(), name: z.string() }),
      outcome: z.enum(probeOutcomes),
    }),
  ),
});
export type FoundDetail = z.infer<typeof FoundDetail>;
