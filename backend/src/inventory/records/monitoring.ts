import { mayBePolled, notPolled, polledNetworks } from '../../access/polled-networks.ts';
import type { Change } from '../../history/change.ts';
import type { TableSpec } from '../../history/spec.ts';
import { recordSpec } from './spec.ts';

/** How devices are polled, and with which credentials. */
export const monitoringSpecs: readonly TableSpec[] = [
  recordSpec('monitoring', {
    table: 'device_monitoring',
    searched: ['address'],
    nameOf: (row) => String(row.address),
    prepare: async (change, rows) => {
      const networks = await polledNetworks(change.tx);
      for (const { before, next } of rows) {
        const address = String(next.address);
        if (before !== null && before.address === next.address && before.device_id === next.device_id)
          continue;
        // Most are allowed for every site: only the others are looked up.
        if (mayBePolled(networks, address, null)) continue;
        if (!mayBePolled(networks, address, await siteOfDevice(change, Number(next.device_id))))
          throw notPolled(address);
      }
      return rows.map(({ next }) => next);
    },
    scopesOf: (row) => [{ kind: 'device', id: Number(row.device_id) }],
  }),
  recordSpec('credential', {
    table: 'credentials',
    derived: ['sealed'],
    dependents: [
      { kind: 'monitoring', by: 'credential_id', action: 'refuse' },
      { kind: 'credential-rule', by: 'credential_id', action: 'delete' },
    ],
  }),
  recordSpec('credential-rule', {
    table: 'credential_rules',
    nameOf: () => '',
    unique: { one_rule_for_each: ['site_id', 'role'] },
    scopesOf: (row) => [{ kind: 'credential', id: Number(row.credential_id) }],
  }),
];

/** The site in whose rooms a device stands; null: none. */
export async function siteOfDevice(change: Change, deviceId: number): Promise<number | null> {
  const row = await change.tx
    .selectFrom('devices')
    .leftJoin('rooms', 'rooms.id', 'devices.room_id')
    .select('rooms.site_id')
    .where('devices.id', '=', deviceId)
    .executeTakeFirst();
  return row?.site_id ?? null;
}
