import { z } from 'zod';
import { AssignedDevice, ObservedNeighbour, ObservedPort, probeOutcomes } from './agent.ts';
import { discoveryLimits, FoundIdentity } from './discovery.ts';
import { RunProgress, runProblems } from './discovery-runs.ts';
import { entityKinds } from './metrics.ts';

/** What an agent tells of an address that answered. */
export const FoundByAgent = z.strictObject({
  address: AssignedDevice.shape.address,
  pingMs: z.number().nullable(),
  hostName: z.string().max(255).nullable(),
  /** As the agent's own machine has learned it; null: it is not on a network of that. */
  mac: z
    .string()
    .regex(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/)
    .nullable()
    .optional(),
  /** What came of each set, in the order in which they were tried. */
  tried: z
    .array(z.strictObject({ credential: z.int(), outcome: z.enum(probeOutcomes) }))
    .max(discoveryLimits.credentials),
  /** What it said; null: no SNMP was answered. */
  said: z
    .strictObject({
      credential: z.int(),
      /** snmpEngineID in hex; null: not told. */
      engineId: z.string().max(64).nullable(),
      identity: FoundIdentity,
      profile: z.string(),
      /** Kinds of what it measures: what it is used as follows from them. */
      kinds: z.array(z.enum(entityKinds)).max(entityKinds.length),
      ports: z.array(ObservedPort).max(2000),
      /** Addresses of its own (IP-MIB). */
      addresses: z.array(z.string().max(50)).max(500),
      neighbours: z.array(ObservedNeighbour).max(1000),
    })
    .nullable(),
});
export type FoundByAgent = z.infer<typeof FoundByAgent>;

/** POST /api/agent/discovery: how far a run is, and what was found since. Told again until it is taken. */
export const DiscoveryReport = z.strictObject({
  run: z.int().positive(),
  /** 1, 2, …: a report that was taken in before changes nothing. */
  number: z.int().positive(),
  /** Of this doing of the run: an agent that was started anew begins it anew. */
  attempt: z.string().min(1).max(50),
  state: z.enum(['running', 'done', 'failed']),
  problem: z.enum(runProblems).nullable(),
  detail: z.string().max(1000).nullable(),
  progress: RunProgress,
  found: z.array(FoundByAgent).max(200),
});
export type DiscoveryReport = z.infer<typeof DiscoveryReport>;
export const DiscoveryReportReply = z.strictObject({
  /** false: the run was ended, nothing more is wanted. */
  goOn: z.boolean(),
});
