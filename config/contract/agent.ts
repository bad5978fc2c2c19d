import { z } from 'zod';
import { entityKinds, units } from './metrics.ts';

export const snmpAuthProtocols = ['md5', 'sha', 'sha224', 'sha256', 'sha384', 'sha512'] as const;
export const snmpPrivProtocols = ['des', 'aes', 'aes256b', 'aes256r'] as const;

/** SNMP credentials as an agent needs them. Never logged, never shown; see `settings/secret.ts`. */
export const SnmpCredentials = z.discriminatedUnion('version', [
  z.strictObject({ version: z.enum(['1', '2c']), community: z.string().min(1) }),
  z.strictObject({
    version: z.literal('3'),
    user: z.string().min(1),
    auth: z.strictObject({ protocol: z.enum(snmpAuthProtocols), key: z.string().min(8) }).optional(),
    priv: z.strictObject({ protocol: z.enum(snmpPrivProtocols), key: z.string().min(8) }).optional(),
    context: z.string().optional(),
  }),
]);
export type SnmpCredentials = z.infer<typeof SnmpCredentials>;

/** One device that an agent polls. */
export const AssignedDevice = z.strictObject({
  id: z.int().positive(),
  name: z.string().min(1),
  /** IP address or host name; checked against an allow-list of characters before any use. */
  address: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9.:_-]*$/, 'must be an IP address or a host name'),
  snmp: z.strictObject({ port: z.int().min(1).max(65535), credentials: SnmpCredentials }).nullable(),
  /** Profile id, or null: the agent finds the one that fits. */
  profile: z.string().nullable(),
  intervalSeconds: z.number().min(0.5).max(3600),
  ping: z.boolean(),
  /** TCP ports that must accept a connection. */
  tcp: z.array(z.int().min(1).max(65535)),
});
export type AssignedDevice = z.infer<typeof AssignedDevice>;

/** A question to a device that somebody waits for: does it answer to these credentials? */
export const ProbeJob = z.strictObject({
  id: z.string().min(1).max(100),
  address: AssignedDevice.shape.address,
  port: z.int().min(1).max(65535),
  credentials: SnmpCredentials,
});
export type ProbeJob = z.infer<typeof ProbeJob>;

/**
 * Somebody has changed cables at a device and waits for what it says now: states of its ports, neighbours, forwarding table.
 * Done out of turn, sent at once, and answered with {@link PolledNow} after what was read has been delivered.
 */
export const PollNowJob = z.strictObject({ id: z.string().min(1).max(100), deviceId: z.int().positive() });
export type PollNowJob = z.infer<typeof PollNowJob>;

/** POST /api/agent/polled */
export const PolledNow = z.strictObject({
  id: z.string().min(1).max(100),
  deviceId: z.int().positive(),
  /** When it was read, milliseconds since 1970; null: the device did not answer. */
  time: z.number().nullable(),
});
export type PolledNow = z.infer<typeof PolledNow>;

/**
 * What an agent does when this server has been silent: it calls these addresses itself, each until it has taken the call, and again
 * when the server is back. In headers and body `{title}`, `{text}` and `{key}` are filled in, in a body of JSON escaped.
 */
export const SilenceAlarm = z.strictObject({
  afterSeconds: z.int().min(60).max(3600),
  language: z.enum(['de', 'en']),
  calls: z
    .array(
      z.strictObject({
        id: z.string().min(1).max(100),
        url: z.url({ protocol: /^https?$/ }),
        headers: z.record(z.string(), z.string()),
        body: z.string().max(10_000),
        json: z.boolean(),
      }),
    )
    .max(50),
});
export type SilenceAlarm = z.infer<typeof SilenceAlarm>;

/** What one agent has to do. GET /api/agent/assignment?known=<version> answers at once when the version differs or there are probes, else waits. */
export const Assignment = z.strictObject({
  version: z.string(),
  agent: z.strictObject({ id: z.int(), name: z.string() }),
  devices: z.array(AssignedDevice),
  silence: SilenceAlarm.optional(),
  /** To be done now and once; the agent answers each with POST /api/agent/probes. */
  probes: z.array(ProbeJob).optional(),
  /** The same for devices that are to be read now. */
  now: z.array(PollNowJob).optional(),
});
export type Assignment = z.infer<typeof Assignment>;

/** PUT /api/agents/:id/devices: the devices that this agent polls. What no agent was given is polled by the oldest one. */
export const AgentDevices = z.strictObject({ devices: z.array(z.int().positive()).max(100_000) });
export type AgentDevices = z.infer<typeof AgentDevices>;

export const Identity = z.strictObject({
  os: z.string().nullable(),
  vendor: z.string().nullable(),
  model: z.string().nullable(),
  serial: z.string().nullable(),
  firmware: z.string().nullable(),
  name: z.string().nullable(),
  description: z.string().nullable(),
  location: z.string().nullable(),
});
export type Identity = z.infer<typeof Identity>;

/**
 * What came of a probe. `silent`: nothing came back, which with v2c may also be a wrong community (devices do not answer those).
 * `wrong-*`: an SNMPv3 device says what does not fit. `no-access`: user or community may not read. `refused`: another report.
 */
export const probeOutcomes = [
  'answers',
  'silent',
  'wrong-user',
  'wrong-key',
  'wrong-privacy',
  'wrong-level',
  'no-access',
  'refused',
  'unknown-host',
  'unreachable',
] as const;

/** POST /api/agent/probes */
export const ProbeAnswer = z.strictObject({
  id: z.string().min(1).max(100),
  outcome: z.enum(probeOutcomes),
  /** How long one answer took. */
  ms: z.number().nullable(),
  /** Whether it answers ping; null: it was not asked, or this agent cannot ping. */
  pings: z.boolean().nullable(),
  identity: Identity.nullable(),
  /** In the agent's words, for the log of the one who looks closer. */
  detail: z.string().max(1000).nullable(),
});
export type ProbeAnswer = z.infer<typeof ProbeAnswer>;

export const ObservedPort = z.strictObject({
  name: z.string(),
  ifIndex: z.int(),
  description: z.string().nullable(),
  alias: z.string().nullable(),
  mac: z.string().nullable(),
  /** IANAifType number. */
  type: z.int().nullable(),
});
export type ObservedPort = z.infer<typeof ObservedPort>;

export const ObservedEntity = z.strictObject({
  kind: z.enum(entityKinds),
  entity: z.string(),
  /** The device's own words for it. */
  label: z.string(),
});
export type ObservedEntity = z.infer<typeof ObservedEntity>;

/** Where a device learned of a neighbour. */
export const neighbourProtocols = ['lldp', 'cdp'] as const;

/** Who a device says is at the other end of one of its ports. MAC addresses in lower case with colons. */
export const ObservedNeighbour = z.strictObject({
  localPort: z.string(),
  /** What it calls itself; where it does not say, its chassis. */
  remoteName: z.string(),
  /** Its port as it names it: ifName, ifAlias, a MAC address, a number … */
  remotePort: z.string(),
  remoteDescription: z.string().nullable(),
  protocol: z.enum(neighbourProtocols).default('lldp'),
  /** lldpRemChassisId, as text or as a MAC address; null where it is not told (CDP). */
  chassis: z.string().nullable().default(null),
  /** lldpRemPortDesc. */
  portDescription: z.string().nullable().default(null),
  /** lldpRemManAddr, cdpCacheAddress. */
  managementAddress: z.string().nullable().default(null),
});
export type ObservedNeighbour = z.infer<typeof ObservedNeighbour>;

/** What a device says of itself, sent when it changed. POST /api/agent/observations. */
export const Observation = z.strictObject({
  deviceId: z.int(),
  /** Milliseconds since 1970, UTC. */
  time: z.number(),
  profile: z.string(),
  identity: Identity,
  ports: z.array(ObservedPort),
  entities: z.array(ObservedEntity),
  neighbours: z.array(ObservedNeighbour),
});
export type Observation = z.infer<typeof Observation>;

/** MAC addresses that one port has learned: the most that are told of a port, so that an uplink does not send thousands. */
export const mostMacsOfPort = 64;

/**
 * Forwarding table and address table of a device: who was seen behind which port. Sent when it changed, at most once a
 * minute, and at once when the device is read out of turn. POST /api/agent/sightings. (BRIDGE-MIB dot1dTpFdbTable,
 * Q-BRIDGE-MIB dot1qTpFdbTable, IP-MIB ipNetToPhysicalTable and ipNetToMediaTable.)
 */
export const Sightings = z.strictObject({
  deviceId: z.int(),
  /** Milliseconds since 1970, UTC. */
  time: z.number(),
  /** Ports by their names as in {@link ObservedPort}. Ports that have learned nothing are left out. */
  ports: z.array(
    z.strictObject({
      name: z.string(),
      /** How many it has learned; `macs` may be fewer. */
      count: z.int(),
      macs: z.array(z.strictObject({ mac: z.string(), vlan: z.int().nullable() })).max(mostMacsOfPort),
    }),
  ),
  /** IP address to MAC address. */
  addresses: z.array(z.strictObject({ address: z.string(), mac: z.string() })).max(20_000),
});
export type Sightings = z.infer<typeof Sightings>;

/**
 * Headers of what an agent sends. A batch is known by (agent, outbox, sequence): a repeat is acknowledged and not
 * stored again. `outbox` is made anew with every outbox file, so that a lost file cannot make new batches look old.
 */
export const agentHeaders = {
  outbox: 'x-rackhaus-outbox',
  sequence: 'x-rackhaus-sequence',
} as const;

/** What `npm run probe -- --json` prints, and what the device form will show. */
export const ProbeResult = z.strictObject({
  profile: z.string(),
  os: z.string().nullable(),
  vendor: z.string().nullable(),
  model: z.string().nullable(),
  serial: z.string().nullable(),
  firmware: z.string().nullable(),
  uptimeSeconds: z.number().nullable(),
  ports: z.array(
    z.object({ name: z.string(), ifIndex: z.int() }).catchall(z.union([z.number(), z.string(), z.null()])),
  ),
  sensors: z.array(
    z.strictObject({
      name: z.string(),
      metric: z.string(),
      unit: z.enum(units),
      value: z.number(),
      /** The state's name for states; ok, warning or critical where the device judges the value; else null. */
      state: z.string().nullable(),
    }),
  ),
  neighbours: z.array(
    z.strictObject({ localPort: z.string(), remoteName: z.string(), remotePort: z.string() }),
  ),
});
export type ProbeResult = z.infer<typeof ProbeResult>;
