import { z } from 'zod';

/** Every code that an error reply can carry. `http/problem.ts` in the backend maps each to its status. */
export const problemCodes = [
  'invalid',
  'unauthenticated',
  'forbidden',
  'not-found',
  'conflict',
  'too-large',
  'too-many',
  'unavailable',
  'internal',
] as const;

/** The body of every error reply: a code for programs, a message that is safe and useful for people. */
export const Problem = z.strictObject({
  code: z.enum(problemCodes),
  message: z.string(),
  /** What is wrong where, for bad input: path of the field, what was given, what would be right. */
  fields: z.array(z.strictObject({ path: z.string(), message: z.string() })).optional(),
  /** A word for programs, finer than the code: `taken`, `stale`, `in-use`. A screen finds its own sentence by it. */
  reason: z.string().optional(),
  /** With `outgoing-refused`: what an administrator would have to allow for this server to connect there. With `network-not-allowed`: for devices to be polled there. */
  network: z.string().optional(),
  /** With `conflict`: what is in the way, so that a screen can name it and link to it. */
  blocking: z.array(z.strictObject({ kind: z.string(), id: z.int(), name: z.string() })).optional(),
  /** With `conflict` of a stale edit: the record as it is now, so that the screen can show both and let one merge. */
  current: z.record(z.string(), z.unknown()).optional(),
});
export type Problem = z.infer<typeof Problem>;
export type ProblemCode = (typeof problemCodes)[number];
