import {
  CableProof,
  DriftReply,
  type Finding,
  IgnoreFinding,
  type PlannedChange,
  type PortCard,
  ProvenRooms,
} from '@rackhaus/config/contract';
import { z } from 'zod';
import { onlyWithin, reachOf } from '../../access/scope.ts';
import type { Database } from '../../database/tables.ts';
import { type Changes, causeOf } from '../../history/changes.ts';
import { type Caller, defineRoute, type Route } from '../../http/route.ts';
import { AppError } from '../../problem.ts';
import { portCards } from '../cards.ts';
import { applyProposal } from './accept.ts';
import type { KeptFinding } from './findings.ts';
import { plannedFor } from './plan.ts';
import { aroundFindings } from './proposals.ts';
import { provenRooms } from './rooms.ts';
import { findingViews } from './views.ts';
import type { DriftWatch } from './watch.ts';

/** Makes a draft of a change order. @returns its id */
export type MakeDraft = (
  order: { readonly title: string; readonly changes: readonly PlannedChange[] },
  caller: Caller,
) => Promise<number>;

const Id = z.strictObject({ id: z.coerce.number().int().positive() });
const Within = z
  .string()
  .regex(/^(site|building|floor|room|rack|device):[1-9][0-9]{0,15}$/, 'must name a place, such as "room:3"');
const Query = z.strictObject({
  verdict: z.enum(['contradicted', 'missing', 'dark']).optional(),
  state: z.enum(['open', 'ignored']).default('open'),
  within: Within.optional(),
  page: z.coerce.number().int().min(1).max(100_000).default(1),
  size: z.coerce.number().int().min(1).max(200).default(50),
});

/** What differs between documentation and what devices see, and what can be done about it. */
export function driftRoutes(deps: {
  db: Database;
  changes: Changes;
  watch: DriftWatch;
  now: () => number;
  makeDraft: MakeDraft;
}): Route[] {
  const { db, changes, watch, now, makeDraft } = deps;
  const findingOf = (id: number): KeptFinding => {
    const finding = watch.findings.byId(id);
    if (finding === undefined || finding.state === 'settled')
      throw new AppError('not-found', 'This finding is settled.', undefined, { reason: 'gone' });
    return finding;
  };
  return [
    defineRoute({
      method: 'get',
      path: '/api/drift',
      summary: 'What is seen otherwise than documented: newest first, with counts of what is open.',
      query: Query,
      reply: DriftReply,
      handle: async ({ query, caller }) => {
        const lasting = await onlyWithin(
          db,
          caller,
          'port',
          watch.findings.lasting(),
          (finding) => finding.port_id,
        );
        const inPlace = query.within === undefined ? lasting : await within(db, lasting, query.within);
        const open = inPlace.filter((finding) => finding.state === 'open');
        const wanted = inPlace
          .filter((finding) => finding.state === query.state)
          .filter((finding) => query.verdict === undefined || finding.verdict === query.verdict)
          .sort((a, b) => b.since - a.since || b.id - a.id);
        const start = (query.page - 1) * query.size;
        const count = (verdict: Finding['verdict']) =>
          open.filter((finding) => finding.verdict === verdict).length;
        return {
          total: wanted.length,
          counts: {
            contradicted: count('contradicted'),
            missing: count('missing'),
            dark: count('dark'),
            ignored: inPlace.length - open.length,
          },
          findings: await findingViews(
            db,
            wanted.slice(start, start + query.size),
            (finding) => watch.firstSeen(finding),
            reachOf(caller),
          ),
        };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/drift/rooms',
      summary: 'How many of the cords in each room the network has proven in the last 30 days.',
      reply: ProvenRooms,
      handle: async ({ caller }) => {
        const { rooms } = await provenRooms(db, now());
        return { rooms: await onlyWithin(db, caller, 'room', rooms, ({ id }) => id) };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/drift/cables/:id',
      summary: 'When a cable was last confirmed, and by what.',
      params: Id,
      reply: CableProof,
      handle: ({ params }) => watch.proofOf(params.id),
    }),
    defineRoute({
      method: 'post',
      path: '/api/drift/:id/accept',
      summary: 'Documents what is seen, as proposed, in one change.',
      params: Id,
      reply: z.strictObject({ changeId: z.int().nullable() }),
      handle: async ({ params, caller }) => {
        const finding = findingOf(params.id);
        const cause = causeOf(caller);
        const { changeId } = await changes.run(cause, async (change) => {
          const around = await aroundFindings(change.tx, [finding]);
          const proposal = around.get(finding.id)?.proposal ?? null;
          if (proposal === null)
            throw new AppError('conflict', 'There is no single way to document this.', undefined, {
              reason: 'no-proposal',
            });
          await applyProposal(change, proposal);
        });
        return { changeId };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/drift/:id/order',
      summary: 'Makes a draft order that puts the cables back as documented, or carries out the proposal.',
      params: Id,
      reply: z.strictObject({ orderId: z.int() }),
      handle: async ({ params, caller }) => {
        const finding = findingOf(params.id);
        const [view] = await findingViews(db, [finding], (each) => watch.firstSeen(each));
        const plan = view === undefined ? null : plannedFor(view);
        if (plan === null)
          throw new AppError('conflict', 'There is nothing that an order could change here.', undefined, {
            reason: 'no-proposal',
          });
        return { orderId: await makeDraft(plan, caller) };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/drift/:id/ignore',
      summary: 'Leaves a finding out, with a reason, for good or until a time.',
      params: Id,
      body: IgnoreFinding,
      handle: async ({ params, body, caller }) => {
        findingOf(params.id);
        await watch.decide(params.id, {
          state: 'ignored',
          ignored_by: causeOf(caller).user.name,
          ignored_reason: body.reason,
          ignored_until: body.until,
        });
        return undefined;
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/drift/:id/reopen',
      summary: 'Brings a finding back that was left out.',
      params: Id,
      handle: async ({ params, caller }) => {
        findingOf(params.id);
        causeOf(caller);
        await watch.decide(params.id, {
          state: 'open',
          ignored_by: null,
          ignored_reason: null,
          ignored_until: null,
        });
        return undefined;
      },
    }),
  ];
}

async function within(db: Database, findings: readonly KeptFinding[], place: string): Promise<KeptFinding[]> {
  const [kind, id] = place.split(':');
  const ids = findings.flatMap((finding) => [
    finding.port_id,
    finding.documented_id,
    finding.observed_port_id,
  ]);
  const cards = await portCards(
    db,
    ids.filter((each) => each !== null),
  );
  const isThere = (portId: number | null) => {
    const card = portId === null ? undefined : cards.get(portId);
    return card !== undefined && idOf(card, kind ?? '') === Number(id);
  };
  return findings.filter(
    (finding) =>
      isThere(finding.port_id) || isThere(finding.documented_id) || isThere(finding.observed_port_id),
  );
}

function idOf({ spot, owner }: PortCard, kind: string): number | undefined {
  switch (kind) {
    case 'site':
      return spot.site?.id;
    case 'building':
      return spot.building?.id;
    case 'floor':
      return spot.floor?.id;
    case 'room':
      return spot.room?.id;
    case 'rack':
      return spot.rack?.id;
    default:
      return owner.kind === 'device' ? owner.id : undefined;
  }
}
