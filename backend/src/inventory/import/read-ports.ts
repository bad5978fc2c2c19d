import type { Database } from '../../database/tables.ts';
import { chunked } from '../../history/rows.ts';

/** What has ports, with the id of what it is. */
export interface PortOwner {
  readonly name: string;
  readonly deviceId: number | null;
  readonly outletId: number | null;
}

/** Ids of the owners' ports, by owner and port name. */
export async function readPortIds(tx: Database, owners: readonly PortOwner[]): Promise<Map<string, number>> {
  const ids = new Map<string, number>();
  for (const column of ['device_id', 'outlet_id'] as const) {
    const names = new Map(
      owners.flatMap((owner) => {
        const id = column === 'device_id' ? owner.deviceId : owner.outletId;
        return id === null ? [] : [[id, owner.name] as const];
      }),
    );
    for (const part of chunked([...names.keys()])) {
      const rows = await tx
        .selectFrom('ports')
        .select(['id', 'name', column])
        .where(column, 'in', part)
        .execute();
      for (const row of rows) ids.set(portKey(names.get(row[column] ?? 0) ?? '', row.name), row.id);
    }
  }
  return ids;
}

export function portKey(owner: string, port: string): string {
  return `${owner}:${port}`;
}
