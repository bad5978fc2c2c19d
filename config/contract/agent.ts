import { z } from 'zod';
import { AssignedCheck, CheckJob, CheckReport } from './checks.ts';
import { ConfigurationJob } from './configurations.ts';
import { mostParts, ObservedPart, ObservedVlan, PortVlans } from './device-network.ts';
import { units } from './metrics.ts';
import { DeviceLimits, ObservedEntity, OutletIdentity } from './observed-entity.ts';

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
  /** What else is asked of it. To agents that speak 3. */
  checks: z.array(AssignedCheck).optional(),
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

/** The text of a profile as it is sent; what it may hold says its loader. */
export const ProfileText = z.string().max(250_000, 'is longer than 250,000 characters');

/** A device is to be polled once with a profile that is being written, and once as now. Answered with POST /api/agent/previews. */
export const PreviewJob = z.strictObject({
  id: z.string().min(1).max(100),
  address: AssignedDevice.shape.address,
  port: z.int().min(1).max(65535),
  credentials: SnmpCredentials,
  /** What it is polled with now; null: the agent finds out. */
  present: z.string().nullable(),
  text: ProfileText,
});
export type PreviewJob = z.infer<typeof PreviewJob>;

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

/** A run for an agent. It comes with the assignment until the agent has said that it has it. */
export const DiscoveryJob = z.strictObject({
  run: z.int().positive(),
  networks: z.array(z.string()),
  exclude: z.array(z.string()),
  /** Nothing beyond these is asked, neighbours neither. */
  allowed: z.array(z.string()),
  credentials: z.array(
    z.strictObject({ id: z.int().positive(), port: z.int().min(1).max(65535), credentials: SnmpCredentials }),
  ),
  neighbours: z.boolean(),
  perSecond: z.int().min(1).max(500),
});
export type DiscoveryJob = z.infer<typeof DiscoveryJob>;

/** In the assignment: to be begun, or to be ended. */
export const DiscoveryOrder = z.union([
  z.strictObject({ begin: DiscoveryJob }),
  z.strictObject({ cancel: z.int().positive() }),
]);
export type DiscoveryOrder = z.infer<typeof DiscoveryOrder>;

/** Names one switching: no two have the same. */
export const switchId = z.uuid();
/** What can be done to an outlet. `cycle`: off, and on again by itself. */
export const switchCommands = ['on', 'off', 'cycle'] as const;
export const SwitchCommand = z.enum(switchCommands);
export type SwitchCommand = z.infer<typeof SwitchCommand>;

/**
 * An outlet that is to be switched, once. Comes with the assignment, is handed out once and never again, and is worth nothing after
 * `expiresAt`. What is written where says the profile that the agent has for this device, and nothing else.
 */
export const SwitchJob = z.strictObject({
  id: switchId,
  deviceId: z.int().positive(),
  /** Has to be that of the device in the agent's assignment. */
  address: AssignedDevice.shape.address,
  /** By which the device is polled, as the agent has told. */
  profile: z.string().min(1).max(100),
  /** As the readings name it. */
  outlet: z.string().min(1).max(200),
  /** What the person who chose it was shown of it: whatever else has its name now is not switched. Null: nothing was known of it but its name. */
  seen: OutletIdentity.nullable().default(null),
  command: SwitchCommand,
  /** Those that may write; the ones that are polled with may not. */
  credentials: SnmpCredentials,
  /** Milliseconds since 1970 by the clock of the backend. */
  expiresAt: z.number(),
});
export type SwitchJob = z.infer<typeof SwitchJob>;

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
  /** Checks that somebody waits for; each is answered with POST /api/agent/checks. To agents that speak 3. */
  checks: z.array(CheckJob).optional(),
  /** Configurations that are to be read; each is answered with POST /api/agent/configurations. To agents that speak 3. */
  configurations: z.array(ConfigurationJob).optional(),
  /** Profiles that are being written, to be tried. To agents that speak 3. */
  previews: z.array(PreviewJob).optional(),
  /** Hash of the profiles that people have written: fetched with GET /api/agent/profiles when it changes. To agents that speak 3. */
  ownProfiles: z.string().max(100).optional(),
  /** Networks that are to be looked through. To agents that speak 3. */
  discovery: z.array(DiscoveryOrder).optional(),
  /** Outlets that are to be switched now and once; each is answered with POST /api/agent/switches. To agents that speak 5. */
  switches: z.array(SwitchJob).optional(),
  /** Only addresses in these networks are asked anything; left out: wherever the devices are. To agents that say that they know. */
  networks: z.array(z.string()).optional(),
  /** The agent shall take a new key (POST /api/agent/key). To agents that say that they know. */
  renewKey: z.literal(true).optional(),
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
/** Of a device that says nothing of itself. */
export const noIdentity: Identity = {
  os: null,
  vendor: null,
  model: null,
  serial: null,
  firmware: null,
  name: null,
  description: null,
  location: null,
};

/**
 * What came of a probe. `silent`: nothing came back, which with v2c may also be a wrong community (devices do not answer those).
 * `wrong-*`: an SNMPv3 device says what does not fit. `no-access`: user or community may not read. `refused`: another report.
 * `not-allowed`: the address lies in no network that this agent may poll.
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
  'not-allowed',
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
  /** Left out where the device does not say. */
  vlans: PortVlans.optional(),
});
export type ObservedPort = z.infer<typeof ObservedPort>;

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
  /** How its checks stand. Where it is there, all of this was learnt by checks and none of it by SNMP, which says its own. */
  checks: z.array(CheckReport).optional(),
  /** By number. Left out where the device does not say. */
  vlans: z.array(ObservedVlan).max(4094).optional(),
  /** Chassis, modules, supplies, transceivers … with their serial numbers. Left out where the device does not say. */
  parts: z.array(ObservedPart).max(mostParts).optional(),
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

/** What {@link agentHeaders.speaks} holds. 2: `networks` and `renewKey` of the assignment. 3: also `discovery` and what has come since. 5: `switches` with what was seen of the outlet. */
export const agentSpeaks = '5';

/**
 * Headers between agent and backend. A batch is known by (agent, outbox, sequence): a repeat is acknowledged and not
 * stored again. `outbox` is made anew with every outbox file, so that a lost file cannot make new batches look old.
 * Every answer carries `time`: the backend's clock in ms since 1970 when it began to answer.
 */
export const agentHeaders = {
  outbox: 'x-rackhaus-outbox',
  sequence: 'x-rackhaus-sequence',
  time: 'x-rackhaus-time',
  /** What the agent understands; an older one, which would refuse fields that it does not know, does not send it. */
  speaks: 'x-rackhaus-speaks',
  /** Which own profiles the agent uses, with each question for its assignment: a `ProfilesTaken` as JSON, percent-encoded. */
  profiles: 'x-rackhaus-profiles',
} as const;

/** What `npm run probe -- --json` prints, and what the device form will show. */
export const ProbeResult = z.strictObject({
  profile: z.string(),
  /** Why this profile: the entry that fitted, and which others would have, best first. Left out where it was named. */
  match: z
    .strictObject({
      by: z.string().nullable(),
      others: z.array(z.strictObject({ profile: z.string(), by: z.string(), why: z.string() })),
    })
    .optional(),
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
      /** The instance that the value came from; null where it was computed of several or is not the device's. */
      oid: z.string().nullable(),
      /** The device's own word for the state. */
      word: z.string().nullable(),
      /** What the device itself takes for too low or too high. */
      limits: DeviceLimits.nullable(),
    }),
  ),
  neighbours: z.array(
    z.strictObject({ localPort: z.string(), remoteName: z.string(), remotePort: z.string() }),
  ),
});
export type ProbeResult = z.infer<typeof ProbeResult>;
