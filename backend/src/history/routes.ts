import {
  ChangeDetail,
  ChangeList,
  Comparison,
  changeSources,
  ObjectHistory,
  RecordKind,
  UndoReply,
} from '@rackhaus/config/contract';
import { z } from 'zod';
import { reachOf } from '../access/scope.ts';
import type { Database } from '../database/tables.ts';
import { defineRoute, type Route } from '../http/route.ts';
import { AppError } from '../problem.ts';
import { type Changes, causeOf } from './changes.ts';
import { compare } from './compare.ts';
import { ChangeReader } from './read-changes.ts';
import type { Specs } from './spec.ts';

const number = (schema = z.string().regex(/^\d{1,15}$/, 'must be a whole number')) =>
  schema.transform(Number);
const WithId = z.strictObject({ id: number() });
const size = (initial: number, most: number) =>
  number()
    .pipe(z.int().min(1, 'must be at least 1').max(most, `must be at most ${most}`))
    .default(initial);
const word = (max: number) =>
  z.string().trim().min(1, 'must not be empty').max(max, `must be at most ${max} characters`);

/** What has been changed, by whom and why; and how it is taken back. */
export function historyRoutes(deps: {
  db: Database;
  specs: Specs;
  changes: Changes;
  now: () => number;
}): Route[] {
  const { now } = deps;
  const reader = new ChangeReader(deps);
  return [
    defineRoute({
      method: 'get',
      path: '/api/changes',
      summary: 'Changes of the inventory, newest first, a page at a time.',
      query: z.strictObject({
        before: number().optional(),
        size: size(50, 200),
        kind: RecordKind.optional(),
        user: word(200).optional(),
        source: z.enum(changeSources).optional(),
        q: word(200).optional(),
        from: number().optional(),
        to: number().optional(),
      }),
      reply: ChangeList,
      handle: ({ query: { q, ...filter }, caller }) => reader.list({ ...filter, text: q }, reachOf(caller)),
    }),
    defineRoute({
      method: 'get',
      path: '/api/changes/users',
      summary: 'Who has changed something, by name.',
      reply: z.strictObject({ users: z.array(z.string()) }),
      handle: async ({ caller }) => ({ users: await reader.users(reachOf(caller)) }),
    }),
    defineRoute({
      method: 'get',
      path: '/api/changes/:id',
      summary: 'One change and what it did to each record.',
      params: WithId,
      query: z.strictObject({ after: number().default(0), size: size(200, 1000) }),
      reply: ChangeDetail,
      handle: ({ params, query, caller }) => reader.one(params.id, query, reachOf(caller)),
    }),
    defineRoute({
      method: 'post',
      path: '/api/changes/:id/undo',
      summary: 'Takes a whole change back, unless something of it has been changed since.',
      params: WithId,
      reply: UndoReply,
      handle: async ({ params, caller }) => ({
        changeId: await deps.changes.undo(params.id, causeOf(caller)),
      }),
    }),
    defineRoute({
      method: 'get',
      path: '/api/history/compare',
      summary: 'One record at two times: what of it differs, and what in it came, went, moved or changed.',
      query: z.strictObject({ kind: RecordKind, id: number(), from: number(), to: number().optional() }),
      reply: Comparison,
      handle: ({ query: { kind, id, from, to = now() } }) => {
        if (from > to) throw new AppError('invalid', 'from: must not be later than to.');
        return compare({ ...deps, of: { kind, id }, from, to });
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/history/:kind/:id',
      summary: 'What happened to one record and to what is in it, newest first.',
      params: WithId.extend({ kind: RecordKind }),
      query: z.strictObject({ before: number().optional(), size: size(100, 500) }),
      reply: ObjectHistory,
      handle: ({ params, query, caller }) => reader.ofObject(params, query, reachOf(caller)),
    }),
  ];
}
