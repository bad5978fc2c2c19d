import { NewOutgoingNetwork, OutgoingNetworkList } from '@rackhaus/config/contract';
import { defineRoute, type Route } from '../http/route.ts';
import { WithId } from '../http/with-id.ts';
import type { AllowedNetworks } from './allowed-networks.ts';

/** To which networks this server may connect: administrators only. */
export function outgoingRoutes(deps: { networks: AllowedNetworks }): Route[] {
  const { networks } = deps;
  return [
    defineRoute({
      method: 'get',
      path: '/api/outgoing-networks',
      summary: 'Networks that this server may connect to although they are not public.',
      reply: OutgoingNetworkList,
      handle: () => networks.list(),
    }),
    defineRoute({
      method: 'post',
      path: '/api/outgoing-networks',
      summary: 'Allows one more network.',
      body: NewOutgoingNetwork,
      reply: OutgoingNetworkList,
      handle: async ({ body, caller }) => {
        await networks.add(body, caller.kind === 'nobody' ? '' : caller.name);
        return networks.list();
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/api/outgoing-networks/:id',
      summary: 'Takes a network off the list.',
      params: WithId,
      reply: OutgoingNetworkList,
      handle: async ({ params }) => {
        await networks.remove(params.id);
        return networks.list();
      },
    }),
  ];
}
