import { RoomEditing } from '@rackhaus/config/contract';
import { z } from 'zod';
import type { Database } from '../../database/tables.ts';
import { defineRoute, type Route } from '../../http/route.ts';
import { WithId } from '../../http/with-id.ts';
import { TypeViews } from '../type-views.ts';
import { roomEditing } from './view.ts';

/** What the drawing of a room needs to be edited. */
export function roomEditingRoutes({ db }: { db: Database }): Route[] {
  const types = new TypeViews();
  return [
    defineRoute({
      method: 'get',
      path: '/api/rooms/:id/editing',
      summary:
        'Limits of the racks of a room, versions and weights of its devices, and what is on the shelf.',
      params: WithId,
      query: z.strictObject({
        q: z.string().trim().max(100, 'must be at most 100 characters').default(''),
      }),
      reply: RoomEditing,
      handle: ({ params, query }) => roomEditing(db, types, params.id, query.q),
    }),
  ];
}
