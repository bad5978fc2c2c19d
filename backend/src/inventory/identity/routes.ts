import { AcceptIdentity, DeviceIdentity, UpdateReply, WriteQuery } from '@rackhaus/config/contract';
import type { Database } from '../../database/tables.ts';
import { type Changes, causeOf } from '../../history/changes.ts';
import { defineRoute, type Route } from '../../http/route.ts';
import { WithId } from '../../http/with-id.ts';
import type { LatestObservation } from '../port-detail.ts';
import { acceptIdentity, deviceIdentity } from './identity.ts';

/** What devices say of themselves is offered, never written by itself. */
export function identityRoutes(deps: {
  db: Database;
  changes: Changes;
  latestObservation: LatestObservation;
}): Route[] {
  const { db, changes, latestObservation } = deps;
  return [
    defineRoute({
      method: 'get',
      path: '/api/devices/:id/identity',
      summary:
        'Where a device says something else of itself than is documented: serial number, type, ports, MAC addresses.',
      params: WithId,
      reply: DeviceIdentity,
      handle: ({ params }) => deviceIdentity(db, latestObservation, params.id),
    }),
    defineRoute({
      method: 'post',
      path: '/api/devices/:id/identity',
      summary: 'Takes over what the device says, for the chosen differences, in one change.',
      params: WithId,
      query: WriteQuery,
      body: AcceptIdentity,
      bodyLimit: 2_000_000,
      reply: UpdateReply,
      handle: async ({ params, query, body, caller }) => {
        const observation = await latestObservation(params.id);
        const cause = { ...causeOf(caller, query.reason), source: 'agent' as const };
        const { changeId, result } = await changes.run(cause, async (change) => {
          await acceptIdentity(change, params.id, observation, body);
          return (await change.get('device', params.id)).version;
        });
        return { changeId, version: result };
      },
    }),
  ];
}
