import type { TypePort } from '@rackhaus/config/device-types';
import type { Database } from '../../database/tables.ts';
import { searchKey } from '../search-key.ts';
import { chunks, type ExistingPort } from './existing.ts';
import { type Counts, sync } from './sync.ts';

/** What has ports, and which it shall have. */
export interface PortOwner {
  readonly name: string;
  readonly deviceId: number | null;
  readonly outletId: number | null;
  readonly ports: readonly TypePort[];
}

/**
 * Gives every owner the ports it shall have. Ports keep their ids as long as their names stay.
 * @returns ids and sides by owner and port name.
 */
export async function writePorts(
  tx: Database,
  owners: readonly PortOwner[],
  existing: ReadonlyMap<string, ReadonlyMap<string, ExistingPort>>,
  counts: Counts,
): Promise<Map<string, number>> {
  await removeLost(tx, owners, existing, counts);
  const rows = owners.flatMap((owner) =>
    owner.ports.map((port, rank) => ({ owner, port, rank, key: portKey(owner.name, port.name) })),
  );
  const known = new Map(
    [...existing].flatMap(([owner, ports]) =>
      [...ports].map(([name, port]) => [portKey(owner, name), port] as const),
    ),
  );
  const ids = new Map([...known].map(([key, port]) => [key, port.id]));
  // Rear ports first: front ports name them.
  for (const behind of [true, false]) {
    const wanted = rows
      .filter(({ port }) => (port.inner === null) === behind)
      .map(({ owner, port, rank, key }) => ({
        key,
        values: {
          device_id: owner.deviceId,
          outlet_id: owner.outletId,
          kind: port.kind,
          name: port.name,
          search_key: searchKey(port.name),
          rank,
          two_sided: port.twoSided ? 1 : 0,
          lanes: port.lanes,
          rear_port_id: port.inner === null ? null : (ids.get(portKey(owner.name, port.inner.rear)) ?? null),
          rear_lane: port.inner?.lane ?? null,
        },
      }));
    const written = await sync({
      wanted,
      existing: (key) => known.get(key),
      same: (row, values) =>
        row.kind === values.kind &&
        row.rank === values.rank &&
        row.twoSided === (values.two_sided === 1) &&
        row.lanes === values.lanes &&
        row.rearPortId === values.rear_port_id &&
        row.rearLane === values.rear_lane,
      insert: (values) => tx.insertInto('ports').values(values).returning('id').execute(),
      update: (id, values) => tx.updateTable('ports').set(values).where('id', '=', id).execute(),
      counts,
    });
    for (const [key, id] of written) ids.set(key, id);
  }
  return ids;
}

export function portKey(owner: string, port: string): string {
  return `${owner}:${port}`;
}

async function removeLost(
  tx: Database,
  owners: readonly PortOwner[],
  existing: ReadonlyMap<string, ReadonlyMap<string, ExistingPort>>,
  counts: Counts,
): Promise<void> {
  const lost: number[] = [];
  const rewired: number[] = [];
  for (const owner of owners) {
    const wanted = new Map(owner.ports.map((port) => [port.name, port]));
    const had = existing.get(owner.name);
    if (had === undefined) continue;
    for (const [name, port] of had) {
      const rear = [...had.values()].find((other) => other.id === port.rearPortId);
      const next = wanted.get(name);
      if (next === undefined) lost.push(port.id);
      if (rear !== undefined && (next?.inner?.rear !== rear.name || next.inner.lane !== port.rearLane))
        rewired.push(port.id);
    }
  }
  // Inner wiring first, so that no port is removed that another still names, and no lane is taken twice for a moment.
  for (const ids of chunks(rewired))
    await tx
      .updateTable('ports')
      .set({ rear_port_id: null, rear_lane: null })
      .where('id', 'in', ids)
      .execute();
  for (const ids of chunks(lost)) await tx.deleteFrom('ports').where('id', 'in', ids).execute();
  counts.removed += lost.length;
}
