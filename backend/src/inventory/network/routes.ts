import { PortNetwork, PrefixDetail, PrefixTree, VlanList } from '@rackhaus/config/contract';
import { reachOf } from '../../access/scope.ts';
import type { Database } from '../../database/tables.ts';
import { defineRoute, type Route } from '../../http/route.ts';
import { WithId } from '../../http/with-id.ts';
import { prefixDetail, prefixTree } from './prefixes.ts';
import { portNetwork, vlanList } from './vlans.ts';

/** What of the network is shown beyond its records: the tree of networks, what is free in one, VLANs and where they are. */
export function networkRoutes({ db }: { db: Database }): Route[] {
  const atOnce = <T>(read: (tx: Database) => Promise<T>) => db.transaction().execute(read);
  return [
    defineRoute({
      method: 'get',
      path: '/api/prefixes',
      summary: 'All networks as a tree, with how many of their addresses are in use.',
      reply: PrefixTree,
      handle: async ({ caller }) => ({
        prefixes: await atOnce((tx) => prefixTree(tx, reachOf(caller))),
      }),
    }),
    defineRoute({
      method: 'get',
      path: '/api/prefixes/:id',
      summary: 'One network: its addresses in use and the free ones between.',
      params: WithId,
      reply: PrefixDetail,
      handle: ({ params, caller }) => atOnce((tx) => prefixDetail(tx, params.id, reachOf(caller))),
    }),
    defineRoute({
      method: 'get',
      path: '/api/vlans',
      summary: 'VLANs, how many ports carry each, and the networks in them.',
      reply: VlanList,
      handle: ({ caller }) => atOnce((tx) => vlanList(tx, reachOf(caller))),
    }),
    defineRoute({
      method: 'get',
      path: '/api/ports/:id/network',
      summary: 'VLANs and addresses of one port.',
      params: WithId,
      reply: PortNetwork,
      handle: ({ params }) => atOnce((tx) => portNetwork(tx, params.id)),
    }),
  ];
}
