import { sql } from 'kysely';
import type { Database } from '../../database/tables.ts';
import { chunked } from '../../history/rows.ts';

interface Row {
  readonly id: number;
  readonly ranks: readonly number[];
  readonly owner: string;
}

const collator = new Intl.Collator('de', { numeric: true });

/**
 * The turn of each port for somebody who walks: site, building, floor, room, rack, in a rack from the top down and the front
 * before the rear, then what stands beside the racks, then outlets; the ports of each in their own order.
 */
export async function walkOrder(db: Database, portIds: readonly number[]): Promise<Map<number, number>> {
  const rows: Row[] = [];
  for (const part of chunked([...portIds])) rows.push(...(await ranksOf(db, part)));
  rows.sort(compare);
  return new Map(rows.map((row, index) => [row.id, index]));
}

function compare(a: Row, b: Row): number {
  for (const [index, rank] of a.ranks.slice(0, -2).entries()) {
    const other = b.ranks[index] ?? 0;
    if (rank !== other) return rank - other;
  }
  const owners = collator.compare(a.owner, b.owner);
  if (owners !== 0) return owners;
  const [rankA = 0, rankB = 0] = [a.ranks.at(-2), b.ranks.at(-2)];
  return rankA - rankB || a.id - b.id;
}

interface Ranked {
  readonly id: number;
  readonly device_id: number | null;
  readonly owner: string;
  readonly port_rank: number;
  readonly position: number | null;
  readonly face: string | null;
  readonly rack_id: number | null;
  readonly rack_rank: number | null;
  readonly room_rank: number | null;
  readonly room_id: number | null;
  readonly floor_rank: number | null;
  readonly floor_id: number | null;
  readonly building_rank: number | null;
  readonly building_id: number | null;
  readonly site_rank: number | null;
  readonly site_id: number | null;
}

const last = Number.MAX_SAFE_INTEGER;

async function ranksOf(db: Database, ids: readonly number[]): Promise<Row[]> {
  const { rows } = await sql<Ranked>`
    select
      p.id, p.device_id, coalesce(d.name, o.name, '') as owner, p.rank as port_rank, d.position, d.face,
      racks.id as rack_id, racks.rank as rack_rank, rooms.id as room_id, rooms.rank as room_rank,
      floors.id as floor_id, floors.rank as floor_rank, buildings.id as building_id,
      buildings.rank as building_rank, sites.id as site_id, sites.rank as site_rank
    from ports as p
    left join devices as d on d.id = p.device_id
    left join outlets as o on o.id = p.outlet_id
    left join racks on racks.id = d.rack_id
    left join rooms on rooms.id = coalesce(d.room_id, o.room_id, racks.room_id)
    left join floors on floors.id = rooms.floor_id
    left join buildings on buildings.id = floors.building_id
    left join sites on sites.id = buildings.site_id
    where p.id in (${sql.join([...ids])})`.execute(db);
  return rows.map((row) => ({
    id: row.id,
    owner: row.owner,
    ranks: [
      row.site_rank ?? last,
      row.site_id ?? last,
      row.building_rank ?? last,
      row.building_id ?? last,
      row.floor_rank ?? last,
      row.floor_id ?? last,
      row.room_rank ?? last,
      row.room_id ?? last,
      row.rack_rank ?? last,
      row.rack_id ?? last,
      row.device_id === null ? 1 : 0,
      row.position === null ? 0 : -row.position,
      row.face === 'rear' ? 1 : 0,
      row.port_rank,
      row.id,
    ],
  }));
}
