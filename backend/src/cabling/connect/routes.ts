import {
  CableProposal,
  ConnectReply,
  ConnectRequest,
  PortStatus,
  TestImport,
  TestImportReply,
} from '@rackhaus/config/contract';
import { z } from 'zod';
import type { Database } from '../../database/tables.ts';
import type { Changes } from '../../history/changes.ts';
import { defineRoute, type Route } from '../../http/route.ts';
import { WithId } from '../../http/with-id.ts';
import { connectCables } from './connect.ts';
import { importTests } from './import-tests.ts';
import { portStatus } from './place.ts';
import { proposeCable } from './proposal.ts';

/** 20,000 cables with every field at its usual length. */
const connectLimit = 16_000_000;
const id = z.coerce.number('must be a number').int().positive();
const side = z.enum(['front', 'rear']).default('front');
const ProposalQuery = z.strictObject({ from: id, side, to: id.optional(), toSide: side });

/** Joining ports with cables: proposals, checks, and many at once. */
export function connectRoutes(deps: { db: Database; changes: Changes }): Route[] {
  const { db } = deps;
  return [
    defineRoute({
      method: 'post',
      path: '/api/cables',
      summary:
        'Makes cables between ports in one change, or (`check`) says what would come of it. One that is refused keeps all from being made; the remarks say why.',
      body: ConnectRequest,
      bodyLimit: connectLimit,
      reply: ConnectReply,
      handle: ({ body, caller }) => connectCables(deps, caller, body),
    }),
    defineRoute({
      method: 'post',
      path: '/api/cable-tests/import',
      summary:
        'Takes in the list that a cable tester exports (CSV), by the labels of the cables, in one change; with `check` it only says what would come of it.',
      body: TestImport,
      bodyLimit: 6_000_000,
      reply: TestImportReply,
      handle: ({ body, caller }) => importTests(deps, caller, body),
    }),
    defineRoute({
      method: 'get',
      path: '/api/cables/proposal',
      summary:
        'What a cable between two ports would be: kind, next label, medium, colour and length as others here; without `to` the free ports that fit, nearest first.',
      query: ProposalQuery,
      reply: CableProposal,
      handle: ({ query }) =>
        proposeCable(db, { from: query.from, side: query.side, to: query.to, toSide: query.toSide }),
    }),
    defineRoute({
      method: 'get',
      path: '/api/ports/:id/place',
      summary: 'A port, where it is, and what is plugged into it in front and behind.',
      params: WithId,
      reply: PortStatus,
      handle: ({ params }) => portStatus(db, params.id),
    }),
  ];
}
