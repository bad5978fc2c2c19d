import { DeviceAgent, DevicePolling, PollingQuery, PollingReply } from '@rackhaus/config/contract';
import { reachOf } from '../access/scope.ts';
import { defineRoute, type Route } from '../http/route.ts';
import { WithId } from '../http/with-id.ts';
import type { Assignments } from './assignment.ts';
import type { Polling } from './polling.ts';

/** How devices are polled and by whom, and the agent of one device. */
export function pollingRoutes(deps: {
  polling: Polling;
  assignments: Assignments;
  now: () => number;
}): Route[] {
  const { polling, assignments, now } = deps;
  return [
    defineRoute({
      method: 'get',
      path: '/api/polling',
      summary: 'How every device was polled last: by which agent, how long it took, what was lost. In pages.',
      query: PollingQuery,
      reply: PollingReply,
      handle: ({ query, caller }) => ({
        ...polling.list(query, reachOf(caller)?.sites ?? null),
        agents: assignments.agents(),
        serverTime: now(),
      }),
    }),
    defineRoute({
      method: 'get',
      path: '/api/devices/:id/polling',
      summary: 'How a device was polled last, which agent it belongs to and why.',
      params: WithId,
      reply: DevicePolling,
      handle: ({ params }) => {
        const chosen = assignments.chosenFor(params.id);
        const outside = assignments.outside().find(({ deviceId }) => deviceId === params.id);
        return {
          polled: polling.of(params.id),
          given: chosen?.given ?? null,
          bySite: chosen?.bySite ?? null,
          agents: assignments.agents(),
          serverTime: now(),
          ...(outside === undefined ? {} : { outside: outside.address }),
        };
      },
    }),
    defineRoute({
      method: 'put',
      path: '/api/devices/:id/agent',
      summary: 'Gives a device to an agent by hand; null: to the agent of its site.',
      params: WithId,
      body: DeviceAgent,
      handle: async ({ params, body }) => {
        await assignments.giveOne(params.id, body.agentId);
        return undefined;
      },
    }),
  ];
}
