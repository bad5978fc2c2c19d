import { SilenceReply, SilenceSettings } from '@rackhaus/config/contract';
import { defineRoute, type Route } from '../../http/route.ts';
import type { Silence } from './silence.ts';

/** Agents that alarm by themselves: administrators only. */
export function silenceRoutes(deps: { silence: Silence }): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/api/silence-alarm',
      summary:
        'Which agents raise the alarm themselves when this server is silent, and which channels they can call.',
      reply: SilenceReply,
      handle: () => deps.silence.view(),
    }),
    defineRoute({
      method: 'put',
      path: '/api/silence-alarm',
      summary: 'Sets them; the agents are told at once.',
      body: SilenceSettings,
      reply: SilenceReply,
      handle: async ({ body, caller }) => {
        await deps.silence.write(body, caller.kind === 'nobody' ? '' : caller.name);
        return deps.silence.view();
      },
    }),
  ];
}
