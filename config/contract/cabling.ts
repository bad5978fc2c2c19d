import { z } from 'zod';
import { linkKinds, linkMedia } from './cable-kinds.ts';
import { CableCard, PortCard } from './trace.ts';

/** An end of a cable that is to be put in: a port and, of a jack, which side. */
const End = z.strictObject({
  portId: z.int().positive(),
  side: z.enum(['front', 'rear']).default('front'),
});

/**
 * Why two ports cannot be joined, or should not. `refuse`: it is not done. `warn`: it is done, and said. The sentence is made
 * from `code` and `values` in the user's language.
 */
export const cableRemarkCodes = [
  // refused
  'occupied',
  'same-place',
  'kinds-differ',
  'no-rear-side',
  'label-taken',
  // warned of
  'link-too-long',
  'channel-too-long',
  'cords-too-long',
  'connectors-differ',
  'fibre-and-copper',
  'medium-too-slow',
  'loop',
  'length-too-short',
  'same-supply',
] as const;
export const CableRemark = z.strictObject({
  level: z.enum(['refuse', 'warn']),
  code: z.enum(cableRemarkCodes),
  values: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type CableRemark = z.infer<typeof CableRemark>;

/** What is known of a cable before it is there. */
export const NewCable = z.strictObject({
  kind: z.enum(linkKinds).default('patch'),
  /** Absent: the next number of the kind's scheme. "": none. */
  label: z.string().trim().max(100).optional(),
  medium: z.enum(linkMedia).nullable().default(null),
  color: z.string().trim().max(40).nullable().default(null),
  lengthM: z.number().min(0.01).max(100_000).nullable().default(null),
  a: End,
  b: End,
});
export type NewCable = z.infer<typeof NewCable>;
export type NewCableInput = z.input<typeof NewCable>;

/** POST /api/cables: makes cables in one change; with `check`, only says what would come of it. */
export const ConnectRequest = z.strictObject({
  cables: z.array(NewCable).min(1).max(20_000),
  check: z.boolean().default(false),
  reason: z.string().max(500).optional(),
});
export type ConnectRequest = z.infer<typeof ConnectRequest>;
export const ConnectReply = z.strictObject({
  /** null: nothing was written, because it was only a check or something is refused. */
  changeId: z.int().nullable(),
  /** In the order of the request. */
  cables: z.array(
    z.strictObject({
      /** null while it is not there. */
      id: z.int().nullable(),
      label: z.string(),
      remarks: z.array(CableRemark),
    }),
  ),
});
export type ConnectReply = z.infer<typeof ConnectReply>;

/**
 * GET /api/cables/proposal?from=12&side=front&to=99&toSide=front: what a cable between two ports would be: kind, label, medium, colour and
 * length as others like it here, and remarks. Without `to`: what may be joined to `from`, nearest first.
 */
export const CableProposal = z.strictObject({
  cable: NewCable.omit({ a: true, b: true }).extend({ label: z.string() }),
  remarks: z.array(CableRemark),
  /** Free ports that fit, those nearest first; at most 20. */
  candidates: z.array(PortCard),
});
export type CableProposal = z.infer<typeof CableProposal>;

/** GET /api/ports/:id/place: what is plugged in here and what may be: for the drawing and for the phone. */
export const PortStatus = z.strictObject({
  port: PortCard,
  /** Cable in front and behind. */
  front: CableCard.nullable(),
  rear: CableCard.nullable(),
});
export type PortStatus = z.infer<typeof PortStatus>;

/**
 * POST /api/cable-tests/import: the list that a cable tester exports (CSV of LinkWare and the like), by the labels of the cables. With
 * `check` it is only said what would come of it.
 */
export const TestImport = z.strictObject({
  text: z.string().min(1).max(5_000_000),
  check: z.boolean().default(false),
});
export const TestImportReply = z.strictObject({
  /** null: nothing was written. */
  changeId: z.int().nullable(),
  rows: z.array(
    z.strictObject({
      line: z.int(),
      label: z.string(),
      /** null: no cable has that label. */
      linkId: z.int().nullable(),
      /** `known`: the same test is there already. `unclear`: neither passed nor failed is said. */
      becomes: z.enum(['test', 'known', 'no-cable', 'unclear']),
      testedOn: z.string().nullable(),
      limit: z.string().nullable(),
      passed: z.boolean().nullable(),
      lengthM: z.number().nullable(),
      lossDb: z.number().nullable(),
      marginDb: z.number().nullable(),
    }),
  ),
});
export type TestImportReply = z.infer<typeof TestImportReply>;
