import { AgentPlaces } from '@rackhaus/config/contract';
import { defineRoute, type Route } from '../../http/route.ts';
import type { AgentPlacesStore } from './agent-places.ts';

export function agentPlacesRoutes({
  places,
  changed,
}: {
  places: AgentPlacesStore;
  /** Told after a place has changed. */
  changed: () => void;
}): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/api/agent-places',
      summary: 'On which documented device each agent runs; agent 0 is this server.',
      reply: AgentPlaces,
      handle: () => ({ places: places.all() }),
    }),
    defineRoute({
      method: 'put',
      path: '/api/agent-places',
      summary: 'Says on which documented device agents run; those that are not named stay as they are.',
      body: AgentPlaces,
      reply: AgentPlaces,
      handle: async ({ body, caller }) => {
        await places.set(body.places, caller.kind === 'person' ? caller.name : '');
        changed();
        return { places: places.all() };
      },
    }),
  ];
}
