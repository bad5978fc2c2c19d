import { z } from 'zod';

export const runStates = ['waiting', 'running', 'cancelled', 'done', 'failed'] as const;
/**
 * `sweep`: addresses are asked, those that answer are recognised beside it. `recognise`: the rest of these. `silent`: addresses that
 * did not answer are asked with the other credentials.
 */
export const runPhases = ['sweep', 'recognise', 'neighbours', 'silent'] as const;
/** `no-agent`: there is none. `agent-silent`: it has not been heard of. `no-ping`: nothing can be pinged, and no credentials are given. `agent`: as `detail` says. */
export const runProblems = [
  'no-agent',
  'agent-silent',
  'agent-too-old',
  'no-ping',
  'not-allowed',
  'agent',
] as const;

export const RunProgress = z.strictObject({
  phase: z.enum(runPhases),
  /** Addresses asked, of how many; neighbours that are followed make it more, and each further question to silent ones. */
  done: z.int().min(0),
  total: z.int().min(0),
  /** Addresses that answered anything. */
  found: z.int().min(0),
  /** Of them, those that answered SNMP and said what they are. */
  recognised: z.int().min(0),
});
export type RunProgress = z.infer<typeof RunProgress>;

/** One time that a scan was done. */
export const DiscoveryRun = z.strictObject({
  id: z.int(),
  scanId: z.int(),
  scanName: z.string(),
  state: z.enum(runStates),
  /** Who started it; null: it was begun by its repetition. */
  startedBy: z.string().nullable(),
  agent: z.strictObject({ id: z.int(), name: z.string() }).nullable(),
  createdAt: z.number(),
  /** When the agent began; null: not yet. */
  startedAt: z.number().nullable(),
  finishedAt: z.number().nullable(),
  progress: RunProgress,
  problem: z.enum(runProblems).nullable(),
  detail: z.string().nullable(),
  /** Of what this run found, those that nobody has documented; counted while it goes on. */
  fresh: z.int(),
});
export type DiscoveryRun = z.infer<typeof DiscoveryRun>;
