import { TraceReply, TraceStarts } from '@rackhaus/config/contract';
import { z } from 'zod';
import { maskCableCards, maskPortCards } from '../../access/scope/beyond.ts';
import { type Reach, reachOf } from '../../access/scope.ts';
import type { Database } from '../../database/tables.ts';
import type { Specs } from '../../history/spec.ts';
import { defineRoute, type Route } from '../../http/route.ts';
import { AppError } from '../../problem.ts';
import { type Owners, portsOf } from './owners.ts';
import { type FindStarts, findStarts } from './starts.ts';
import { traceAfter, traceThen, traceToday } from './trace-reply.ts';

/** More would be more paths than anybody looks at. */
const mostStarts = 500;

/** A number, or several: `?port=1&port=2`. */
const ids = (pattern: RegExp) =>
  z
    .union([z.string().max(17), z.array(z.string().max(17)).max(mostStarts)])
    .default([])
    .transform((value) => (typeof value === 'string' ? [value] : value))
    .pipe(z.array(z.string().regex(pattern, 'must be a number').transform(Number)));
const recordIds = ids(/^[1-9]\d{0,14}$/);
const number = z
  .string()
  .regex(/^\d{1,15}$/, 'must be a whole number')
  .transform(Number);
const TraceQuery = z.strictObject({
  port: recordIds,
  /** A cable that an order plans has a negative number. */
  cable: ids(/^-?[1-9]\d{0,14}$/),
  device: recordIds,
  outlet: recordIds,
  room: recordIds,
  after: number.optional(),
  at: number.optional(),
});
const StartsQuery = z.strictObject({ q: z.string().max(200).default('') });

/** Tracing from anything: which ports are meant, and the paths through them. */
export function tracingRoutes(deps: { db: Database; specs: Specs } & FindStarts): Route[] {
  const { db } = deps;
  return [
    defineRoute({
      method: 'get',
      path: '/api/trace',
      summary:
        'The paths through ports (`port`, repeatable), cables (`cable`), or the ports of a device, an outlet or a room, each once: as documented today, `after` an order, or as documented `at` a time in milliseconds.',
      query: TraceQuery,
      reply: TraceReply,
      handle: async ({ query, caller }) => {
        if (query.after !== undefined && query.at !== undefined)
          throw new AppError('invalid', 'after: either after an order or at a time', [
            { path: 'after', message: 'cannot be asked for together with "at"' },
          ]);
        const owners: Owners = { devices: query.device, outlets: query.outlet, rooms: query.room };
        const ports = [...query.port, ...(await portsOf(db, owners, mostStarts))];
        const starts = { ports: [...new Set(ports)], cables: query.cable };
        const reply =
          query.after !== undefined
            ? await traceAfter(db, starts, query.after)
            : query.at !== undefined
              ? await traceThen(deps, starts, query.at)
              : await traceToday(db, starts);
        return maskTrace(db, reachOf(caller), reply);
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/trace/starts',
      summary:
        'From where to trace what somebody typed: a port, cable label, outlet, device, MAC or IP address, room or person in charge. Best first.',
      query: StartsQuery,
      reply: TraceStarts,
      handle: async ({ query, caller }) => ({
        starts: await findStarts(deps, query.q, reachOf(caller)),
      }),
    }),
  ];
}

/** A path may lead into other sites: what lies there is part of it, and not named. */
async function maskTrace(db: Database, reach: Reach | null, reply: TraceReply): Promise<TraceReply> {
  if (reach === null) return reply;
  const byId = <T extends { readonly id: number }>(cards: readonly T[]) =>
    new Map(cards.map((card) => [card.id, card]));
  return {
    ...reply,
    ports: [...(await maskPortCards(db, reach, byId(reply.ports))).values()],
    cables: [...(await maskCableCards(db, reach, byId(reply.cables))).values()],
  };
}
