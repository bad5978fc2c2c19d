import { PolledNetworks, PolledNetworksReply } from '@rackhaus/config/contract';
import { listPolledNetworks, setPolledNetworks } from '../access/polled-networks.ts';
import { type Audit, auditBy } from '../audit/audit.ts';
import type { Database } from '../database/tables.ts';
import { defineRoute, type Route } from '../http/route.ts';
import type { Assignments } from './assignment.ts';

const mostShown = 100;

/** Where devices may be polled: for administrators. */
export function polledNetworksRoutes(deps: {
  db: Database;
  assignments: Assignments;
  audit: Audit;
}): Route[] {
  const { db, assignments, audit } = deps;
  const now = async () => ({
    ...(await listPolledNetworks(db)),
    outside: assignments.outside().slice(0, mostShown),
  });
  return [
    defineRoute({
      method: 'get',
      path: '/api/polled-networks',
      summary: 'The networks in which devices may be polled, and documented devices outside of them.',
      reply: PolledNetworksReply,
      handle: now,
    }),
    defineRoute({
      method: 'put',
      path: '/api/polled-networks',
      summary:
        'Says anew in which networks devices may be polled. Agents ask nothing outside of them from then on.',
      body: PolledNetworks,
      reply: PolledNetworksReply,
      handle: async ({ body, caller, request }) => {
        const before = (await listPolledNetworks(db)).networks.map(({ network }) => network);
        await setPolledNetworks(db, body);
        const after = body.networks.map(({ network }) => network);
        await audit.note({
          action: 'protection.changed',
          outcome: 'done',
          by: auditBy(caller),
          address: request.ip ?? null,
          subject: { kind: 'polled-networks', id: null, name: '' },
          detail: {
            added: after.filter((one) => !before.includes(one)).join(' '),
            removed: before.filter((one) => !after.includes(one)).join(' '),
          },
        });
        await assignments.refresh();
        return now();
      },
    }),
  ];
}
