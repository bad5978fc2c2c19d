import type { Database } from '../../database/tables.ts';
import { chunked } from '../../history/rows.ts';

/** A side of a port as a key. */
export function placeKey(portId: number, side: 'front' | 'rear'): string {
  return `${portId}/${side}`;
}

/** What is plugged in somewhere: the cable's label, "" where it has none. */
export type Occupied = ReadonlyMap<string, { readonly linkId: number; readonly label: string }>;

/** What is plugged into these ports, by {@link placeKey}. */
export async function occupiedPlaces(db: Database, portIds: Iterable<number>): Promise<Occupied> {
  const places = new Map<string, { linkId: number; label: string }>();
  for (const part of chunked([...new Set(portIds)])) {
    const rows = await db
      .selectFrom('link_ends')
      .innerJoin('links', 'links.id', 'link_ends.link_id')
      .select(['link_ends.port_id', 'link_ends.port_side', 'links.id', 'links.label'])
      .where('link_ends.port_id', 'in', part)
      .execute();
    for (const row of rows)
      places.set(placeKey(row.port_id, row.port_side), { linkId: row.id, label: row.label });
  }
  return places;
}

/** Which of these labels cables have. */
export async function takenLabels(db: Database, labels: Iterable<string>): Promise<Set<string>> {
  const taken = new Set<string>();
  for (const part of chunked([...new Set(labels)].filter((label) => label !== ''))) {
    const rows = await db.selectFrom('links').select('label').where('label', 'in', part).execute();
    for (const { label } of rows) taken.add(label);
  }
  return taken;
}
