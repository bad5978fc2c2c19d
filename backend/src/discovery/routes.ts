import {
  AcceptedFound,
  AcceptFound,
  AcceptPlan,
  AcceptPlanQuery,
  DiscoveryReport,
  DiscoveryReportReply,
  DiscoveryRuns,
  DiscoveryRunsQuery,
  DiscoveryScans,
  FoundDetail,
  FoundIds,
  FoundQuery,
  FoundReply,
  IgnoreFound,
  NewScan,
  ScanMade,
} from '@rackhaus/config/contract';
import type { Database } from '../database/tables.ts';
import { type Caller, defineRoute, type Route } from '../http/route.ts';
import { WithId } from '../http/with-id.ts';
import { AppError } from '../problem.ts';
import type { Inbox } from './inbox.ts';
import type { RunViews } from './run-views.ts';
import type { Runs } from './runs.ts';
import { allowedNetworks, type Scans, scanView, textsOf } from './scans.ts';
import type { FoundViews } from './views.ts';

/** Two hundred devices with all of their ports. */
const reportLimit = 8_000_000;

/** Looking through networks for devices, and what becomes of those that are found. */
export function discoveryRoutes(deps: {
  db: Database;
  scans: Scans;
  runs: Runs;
  runViews: RunViews;
  views: FoundViews;
  inbox: Inbox;
  agents: () => Promise<readonly { readonly id: number; readonly name: string }[]>;
  /** Notes that an agent was heard. @throws AppError when it has been revoked */
  heard: (agentId: number) => void;
  /** A scan was made, changed or deleted. */
  scansChanged: () => void;
  now: () => number;
}): Route[] {
  const { db, scans, runs, runViews, views, inbox, agents, now } = deps;
  return [
    defineRoute({
      method: 'get',
      path: '/api/discovery/scans',
      summary: 'What is looked through for devices, with the newest run of each.',
      reply: DiscoveryScans,
      handle: async () => {
        const [all, newest, allowed, known, rows] = await Promise.all([
          scans.all(),
          runViews.newest(),
          allowedNetworks(db),
          agents(),
          db.selectFrom('credentials').select(['id', 'name']).execute(),
        ]);
        const credentials = new Map(rows.map(({ id, name }) => [id, name]));
        return {
          scans: all.map((scan) =>
            scanView(scan, {
              credentials,
              allowed,
              lastRun: newest.find(({ scanId }) => scanId === scan.id) ?? null,
            }),
          ),
          agents: known.map(({ id, name }) => ({ id, name })),
          allowed: textsOf(allowed),
          serverTime: now(),
        };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/discovery/scans',
      summary: 'Says which networks are looked through, with which credentials, how fast and how often.',
      body: NewScan,
      reply: ScanMade,
      handle: async ({ body }) => {
        const id = await scans.add(body);
        deps.scansChanged();
        return { id };
      },
    }),
    defineRoute({
      method: 'put',
      path: '/api/discovery/scans/:id',
      summary: 'Says it anew. A run that goes on is not changed.',
      params: WithId,
      body: NewScan,
      handle: async ({ params, body }) => {
        await scans.set(params.id, body);
        deps.scansChanged();
        return undefined;
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/api/discovery/scans/:id',
      summary: 'Deletes a scan and its runs, and ends the one that goes on. What was found stays.',
      params: WithId,
      handle: async ({ params }) => {
        await runs.cancelOf(params.id);
        await scans.remove(params.id);
        deps.scansChanged();
        return undefined;
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/discovery/scans/:id/run',
      summary: 'Begins to look through the networks of a scan now.',
      params: WithId,
      reply: ScanMade,
      handle: async ({ params, caller }) => ({ id: await runs.begin(params.id, nameOf(caller)) }),
    }),
    defineRoute({
      method: 'get',
      path: '/api/discovery/runs',
      summary: 'The newest hundred runs, of one scan or of all, newest first.',
      query: DiscoveryRunsQuery,
      reply: DiscoveryRuns,
      handle: async ({ query }) => ({ runs: await runViews.list(query.scan) }),
    }),
    defineRoute({
      method: 'post',
      path: '/api/discovery/runs/:id/cancel',
      summary: 'Ends a run at once. What it has found stays.',
      params: WithId,
      handle: async ({ params }) => {
        await runs.cancel(params.id);
        return undefined;
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/discovery/found',
      summary: 'Devices that were found: a page of those that are new, known or ignored.',
      query: FoundQuery,
      reply: FoundReply,
      handle: ({ query }) => views.list(query),
    }),
    defineRoute({
      method: 'get',
      path: '/api/discovery/found/:id',
      summary: 'One found device with its ports and neighbours, and what came of each set of credentials.',
      params: WithId,
      reply: FoundDetail,
      handle: ({ params }) => views.detail(params.id),
    }),
    defineRoute({
      method: 'get',
      path: '/api/discovery/plan',
      summary:
        'What taking over all new devices would come to: how many, with how many new types, and what is left for what reason.',
      query: AcceptPlanQuery,
      reply: AcceptPlan,
      handle: ({ query: { makeTypes, ...query }, caller }) =>
        inbox.plan({ ...query, makeTypes: makeTypes === 'true' }, caller),
    }),
    defineRoute({
      method: 'post',
      path: '/api/discovery/found/accept',
      summary: 'Makes devices of what was found, polled from then on, in one change that can be undone.',
      body: AcceptFound,
      bodyLimit: 1_000_000,
      reply: AcceptedFound,
      handle: ({ body, caller }) => inbox.accept(body, caller),
    }),
    defineRoute({
      method: 'post',
      path: '/api/discovery/found/ignore',
      summary: 'Leaves found devices out of the list of new ones, for a reason, for good or until a time.',
      body: IgnoreFound,
      handle: async ({ body, caller }) => {
        await inbox.ignore(body.ids, { reason: body.reason, until: body.until, by: nameOf(caller) });
        return undefined;
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/discovery/found/reopen',
      summary: 'Puts ignored devices back on the list of new ones.',
      body: FoundIds,
      handle: async ({ body }) => {
        await inbox.reopen(body.ids);
        return undefined;
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/discovery/found/forget',
      summary: 'Takes found devices off the list; a scan that finds them again puts them back.',
      body: FoundIds,
      handle: async ({ body }) => {
        await inbox.forget(body.ids);
        return undefined;
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/agent/discovery',
      summary:
        'Takes in how far a run is and what it has found; a repeat changes nothing. Answers whether it shall go on.',
      body: DiscoveryReport,
      bodyLimit: reportLimit,
      reply: DiscoveryReportReply,
      handle: async ({ body, caller }) => {
        if (caller.kind !== 'agent') throw new AppError('forbidden', 'Only agents may do this.');
        deps.heard(caller.agentId);
        return { goOn: await runs.take(caller.agentId, body) };
      },
    }),
  ];
}

function nameOf(caller: Caller): string {
  if (caller.kind !== 'person') throw new AppError('forbidden', 'Only a person may do this.');
  return caller.name;
}
