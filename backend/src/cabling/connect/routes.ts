import { PortStatus } from '@rackhaus/config/contract';
import type { Database } from '../../database/tables.ts';
import type { Changes } from '../../history/changes.ts';
import { defineRoute, type Route } from '../../http/route.ts';
import { WithId } from '../../inventory/api/with-id.ts';
import { portStatus } from './place.ts';

/** Joining ports with cables: proposals, checks, and many at once. */
export function connectRoutes({ db }: { db: Database; changes: Changes }): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/api/ports/:id/place',
      access: 'viewer',
      summary: 'A port, where it is, and what is plugged into it in front and behind.',
      params: WithId,
      reply: PortStatus,
      handle: ({ params }) => portStatus(db, params.id),
    }),
  ];
}
