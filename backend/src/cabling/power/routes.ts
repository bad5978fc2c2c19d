import { PowerView } from '@rackhaus/config/contract';
import { z } from 'zod';
import { reachOf } from '../../access/scope.ts';
import type { Database } from '../../database/tables.ts';
import { defineRoute, type Route } from '../../http/route.ts';
import type { Sites } from '../graph/sites.ts';
import type { Readings } from './readings.ts';
import { PowerViews } from './view.ts';

const Id = z
  .string()
  .regex(/^[1-9]\d{0,14}$/, 'must be the number of a record')
  .transform(Number)
  .optional();

/** How devices are fed: chains, what they would lose, what sources carry. */
export function powerRoutes(deps: { db: Database; sites: Sites; readings: Readings }): Route[] {
  const views = new PowerViews(deps);
  return [
    defineRoute({
      method: 'get',
      path: '/api/power',
      summary:
        'How the devices of a site or a room are fed, by documented cords and live readings: chains up to the feed, what has two supplies and hangs on one source, load and limits of every UPS and PDU, and what it would carry alone.',
      query: z.strictObject({ site: Id, room: Id }),
      reply: PowerView,
      handle: ({ query, caller }) => views.view({ siteId: query.site, roomId: query.room }, reachOf(caller)),
    }),
  ];
}
