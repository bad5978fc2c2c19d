import {
  agentHeaders,
  SyslogBatch,
  SyslogCounts,
  SyslogPage,
  SyslogPageQuery,
  SyslogPort,
  type SyslogQuery,
  SyslogQuery as SyslogQuerySchema,
  SyslogSettings,
  SyslogState,
} from '@rackhaus/config/contract';
import type { Request } from 'express';
import { z } from 'zod';
import { allWithin, reachOf } from '../access/scope.ts';
import type { Database } from '../database/tables.ts';
import { chunked } from '../history/rows.ts';
import { type Caller, defineRoute, type Route } from '../http/route.ts';
import { AppError } from '../problem.ts';
import type { FoundMessage, Wanted } from './messages.ts';
import type { Syslog } from './service.ts';

/** Uncompressed; a little above what agents send at most. */
const bodyLimit = 4_000_000;
const dayMs = 86_400_000;
/** Nobody draws bars of more. */
const longestSpanMs = 400 * dayMs;

/** Messages of devices: what agents bring, and what people look for. */
export function syslogRoutes(deps: {
  db: Database;
  syslog: Syslog;
  agents: () => Promise<readonly { readonly id: number; readonly name: string }[]>;
  /** Notes that an agent was heard. @throws AppError when it has been revoked */
  heard: (agentId: number) => void;
  now: () => number;
}): Route[] {
  const { db, syslog, now } = deps;
  const agentOf = (caller: Caller): number => {
    if (caller.kind !== 'agent') throw new AppError('forbidden', 'Only agents may do this.');
    deps.heard(caller.agentId);
    return caller.agentId;
  };
  const wantedBy = async (query: SyslogQuery, caller: Caller): Promise<Wanted> => {
    const reach = reachOf(caller);
    return {
      text: query.text ?? null,
      device: query.device ?? null,
      unknown: query.of === 'unknown',
      severity: query.severity ?? null,
      from: query.from ?? null,
      to: query.to ?? null,
      within: reach === null ? null : [...(await allWithin(db, 'device', reach))],
    };
  };
  return [
    defineRoute({
      method: 'post',
      path: '/api/agent/syslog',
      summary: 'Takes in a batch of messages of devices; a repeat is acknowledged and not stored again.',
      body: SyslogBatch,
      bodyLimit,
      beforeBody: (caller) => syslog.ready(agentOf(caller)),
      handle: async ({ body, caller, request }) => {
        await syslog.take(agentOf(caller), batchOf(request), body);
        return undefined;
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/agent/syslog-port',
      summary: 'Takes in where an agent receives messages of devices.',
      body: SyslogPort,
      handle: ({ body, caller }) => {
        syslog.heardOf(agentOf(caller), body);
        return undefined;
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/syslog',
      summary: 'Messages of devices, newest first.',
      query: SyslogPageQuery,
      reply: SyslogPage,
      handle: async ({ query, caller, response }) => {
        response.set('Cache-Control', 'no-store');
        const { before, after, limit, ...what } = query;
        const found = await syslog.store.search({
          ...(await wantedBy(what, caller)),
          before: before ?? null,
          after: after ?? null,
          limit: limit + 1,
        });
        const shown = found.slice(0, limit);
        const names = await namesOf(db, shown);
        return {
          messages: shown.map(({ deviceId, dropped, ...message }) => {
            const name = deviceId === null ? undefined : names.get(deviceId);
            return {
              ...message,
              device: deviceId === null || name === undefined ? null : { id: deviceId, name },
              dropped: dropped ?? null,
            };
          }),
          next: found.length > limit ? (shown.at(-1)?.id ?? null) : null,
        };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/syslog/counts',
      summary: 'How many messages there are in each span of time; the last day, where nothing else is said.',
      query: SyslogQuerySchema,
      reply: SyslogCounts,
      handle: async ({ query, caller }) => {
        const to = query.to ?? now();
        const from = Math.max(query.from ?? to - dayMs, to - longestSpanMs);
        if (from >= to)
          throw new AppError('invalid', 'from: must be before "to".', [
            { path: 'from', message: 'must be before "to"' },
          ]);
        return syslog.store.counts({ ...(await wantedBy(query, caller)), from, to });
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/syslog/state',
      summary: 'Where messages of devices are received, how long they are kept and how many there are.',
      reply: SyslogState,
      handle: async () => {
        const agents = await deps.agents();
        return {
          settings: syslog.settings,
          agents: agents.flatMap(({ id, name }) => {
            const port = syslog.ports.get(id);
            return port === undefined ? [] : [{ id, name, ...port }];
          }),
          kept: await syslog.store.kept(),
        };
      },
    }),
    defineRoute({
      method: 'put',
      path: '/api/syslog/settings',
      summary: 'Says how long messages of devices are kept, and how large their file may be.',
      body: SyslogSettings,
      reply: SyslogSettings,
      handle: async ({ body }) => {
        await syslog.set(body);
        return syslog.settings;
      },
    }),
  ];
}

const BatchHeaders = z.object({
  outbox: z.string().regex(/^[\w-]{1,100}$/, `header ${agentHeaders.outbox} must name the outbox`),
  sequence: z
    .string()
    .regex(/^\d{1,15}$/, `header ${agentHeaders.sequence} must be a number`)
    .transform(Number),
});

function batchOf(request: Request): { outbox: string; sequence: number } {
  const parsed = BatchHeaders.safeParse({
    outbox: request.get(agentHeaders.outbox) ?? '',
    sequence: request.get(agentHeaders.sequence) ?? '',
  });
  if (!parsed.success)
    throw new AppError('invalid', parsed.error.issues[0]?.message ?? 'A header is missing.');
  return parsed.data;
}

/** A device that is gone from the inventory has no name any more; its messages stay. */
async function namesOf(db: Database, found: readonly FoundMessage[]): Promise<Map<number, string>> {
  const ids = new Set(found.flatMap(({ deviceId }) => (deviceId === null ? [] : [deviceId])));
  const names = new Map<number, string>();
  for (const part of chunked([...ids]))
    for (const { id, name } of await db
      .selectFrom('devices')
      .select(['id', 'name'])
      .where('id', 'in', part)
      .execute())
      names.set(id, name);
  return names;
}
