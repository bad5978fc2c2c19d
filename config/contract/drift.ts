import { z } from 'zod';
import { Moment } from './moment.ts';
import { CableCard, PortCard } from './trace.ts';

/**
 * How a documented or observed connection of two device ports stands. `confirmed`: seen as documented. `contradicted`: something
 * else is at the other end. `missing`: seen, and not documented. `dark`: documented, and no link for longer than is usual.
 * `unseen`: nothing that was observed can tell.
 */
export const driftVerdicts = ['confirmed', 'contradicted', 'missing', 'dark', 'unseen'] as const;
/** By what it was seen. */
export const driftSources = ['lldp', 'cdp', 'fdb', 'link', 'hand'] as const;
export const findingStates = ['open', 'ignored', 'settled'] as const;

/** What is wrong, for somebody to decide. */
export const Finding = z.strictObject({
  /** The same finding keeps its id while it lasts. */
  id: z.int(),
  verdict: z.enum(['contradicted', 'missing', 'dark']),
  state: z.enum(findingStates),
  /** The port that says it. */
  port: PortCard,
  /** Where the documentation leads from there; null: nowhere. */
  documented: PortCard.nullable(),
  /** The cord at `port`, by the documentation. */
  cable: CableCard.nullable(),
  /** What is there instead: in the device's own words, and as a port where it is known. */
  observed: z.strictObject({
    source: z.enum(driftSources),
    text: z.string(),
    port: PortCard.nullable(),
    firstSeen: z.number(),
    lastSeen: z.number(),
  }),
  since: z.number(),
  /**
   * What would make the documentation right, panels included, when only one way fits; null: a person has to look.
   * `remove`: cables that go. `add`: pairs of ports (and their sides) that get a cord.
   */
  proposal: z
    .strictObject({
      remove: z.array(CableCard),
      add: z.array(
        z.strictObject({
          a: PortCard,
          aSide: z.enum(['front', 'rear']),
          b: PortCard,
          bSide: z.enum(['front', 'rear']),
        }),
      ),
    })
    .nullable(),
  ignoredUntil: z.number().nullable(),
  ignoredReason: z.string().nullable(),
  ignoredBy: z.string().nullable(),
});
export type Finding = z.infer<typeof Finding>;

/** GET /api/drift?verdict=&state=open&within=room:3&page=1&size=50 */
export const DriftReply = z.strictObject({
  total: z.int(),
  counts: z.strictObject({ contradicted: z.int(), missing: z.int(), dark: z.int(), ignored: z.int() }),
  findings: z.array(Finding),
});
export type DriftReply = z.infer<typeof DriftReply>;

/** GET /api/drift/rooms: how much of each room's documentation has been proven in the last 30 days. */
export const ProvenRooms = z.strictObject({
  rooms: z.array(
    z.strictObject({
      id: z.int(),
      name: z.string(),
      place: z.string(),
      cords: z.int(),
      proven: z.int(),
      contradicted: z.int(),
      dark: z.int(),
    }),
  ),
});
export type ProvenRooms = z.infer<typeof ProvenRooms>;

/** GET /api/drift/cables/:id: when a cable was last confirmed, and by what; null: never. */
export const CableProof = z.strictObject({
  verdict: z.enum(driftVerdicts),
  confirmedAt: z.number().nullable(),
  source: z.enum(driftSources).nullable(),
  by: z.string().nullable(),
});
export type CableProof = z.infer<typeof CableProof>;

/**
 * POST /api/drift/:id/<deed>: `accept` writes the proposal into the documentation ({ changeId }); `order` makes a draft order that
 * restores what is documented, or carries out the proposal ({ orderId }); `ignore` with reason and until; `reopen`.
 */
export const IgnoreFinding = z.strictObject({
  reason: z.string().trim().min(1, 'must not be empty').max(500),
  until: Moment.nullable().default(null),
});
export type IgnoreFinding = z.infer<typeof IgnoreFinding>;
