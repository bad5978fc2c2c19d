import { RoomView } from '@rackhaus/config/contract';
import { z } from 'zod';
import type { Database } from '../../database/tables.ts';
import type { Specs } from '../../history/spec.ts';
import { defineRoute, type Route } from '../../http/route.ts';
import { TypeViews } from '../type-views.ts';
import { rackThen, roomThen } from './room-then.ts';

const number = z
  .string()
  .regex(/^\d{1,15}$/, 'must be a whole number')
  .transform(Number);
const WithId = z.strictObject({ id: number });
/** Milliseconds since 1970. */
const AtTime = z.strictObject({ time: number });

/** Rooms and racks as they were. */
export function pastRoutes({ db, specs }: { db: Database; specs: Specs }): Route[] {
  // Types of their own: those of the past would push those of today out of their place.
  const deps = { db, specs, types: new TypeViews() };
  return [
    defineRoute({
      method: 'get',
      path: '/api/rooms/:id/as-of',
      summary: 'A room with its racks and devices as they were at a time.',
      params: WithId,
      query: AtTime,
      reply: RoomView,
      handle: ({ params, query }) => roomThen(deps, params.id, query.time),
    }),
    defineRoute({
      method: 'get',
      path: '/api/racks/:id/as-of',
      summary: 'One rack as it was at a time, in the form of its room.',
      params: WithId,
      query: AtTime,
      reply: RoomView,
      handle: ({ params, query }) => rackThen(deps, params.id, query.time),
    }),
  ];
}
