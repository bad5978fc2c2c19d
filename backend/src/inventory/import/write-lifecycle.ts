import type { InventoryFile } from '@rackhaus/config/inventory-file';
import type { Change } from '../../history/change.ts';
import { type Counts, sameValues, sync, writing } from './sync.ts';

/** Writes contracts. @returns ids by name, of those that were there too */
export async function writeContracts(
  change: Change,
  file: InventoryFile,
  counts: Counts,
): Promise<Map<string, number>> {
  const rows = await change.tx.selectFrom('contracts').selectAll().execute();
  const existing = new Map(rows.map((row) => [row.name, row]));
  const ids = await sync({
    wanted: file.contracts.map((contract) => ({
      key: contract.name,
      values: {
        name: contract.name,
        number: contract.number ?? null,
        supplier: contract.supplier ?? null,
        starts_on: contract.startsOn ?? null,
        ends_on: contract.endsOn ?? null,
        notice_days: contract.noticeDays ?? null,
      },
    })),
    existing: (name) => existing.get(name),
    same: sameValues,
    ...writing(change, 'contract'),
    counts,
  });
  return new Map([...rows.map((row) => [row.name, row.id] as const), ...ids]);
}

/** Writes spare parts; the same part in the same place is the same entry. */
export async function writeSpareParts(
  change: Change,
  file: InventoryFile,
  rooms: ReadonlyMap<string, number>,
  counts: Counts,
): Promise<void> {
  const key = (part: {
    name: string;
    part_number: string | null;
    room_id: number | null;
    place: string | null;
  }) => JSON.stringify([part.name, part.part_number, part.room_id, part.place]);
  const rows = await change.tx.selectFrom('spare_parts').selectAll().execute();
  const existing = new Map(rows.map((row) => [key(row), row]));
  await sync({
    wanted: file.spareParts.map((part) => {
      const values = {
        name: part.name,
        manufacturer: part.manufacturer ?? null,
        part_number: part.partNumber ?? null,
        quantity: part.quantity,
        minimum: part.minimum,
        room_id: part.room === undefined ? null : (rooms.get(part.room) ?? null),
        place: part.place ?? null,
      };
      return { key: key(values), values };
    }),
    existing: (wanted) => existing.get(wanted),
    same: sameValues,
    ...writing(change, 'spare-part'),
    counts,
  });
}
