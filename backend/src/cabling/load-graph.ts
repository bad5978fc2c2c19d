import { LaneMap } from '@rackhaus/config/contract';
import { CompiledQuery } from 'kysely';
import type { Database } from '../database/tables.ts';
import { chunked } from '../history/rows.ts';
import {
  append,
  inOrder,
  KnownCables,
  type LinkSide,
  type PortSide,
  type Wire,
  type WiredEnd,
  type WiredLink,
  type WiredPort,
  wiresInARow,
} from './cable-graph.ts';

/** One port on the way, with one of the cables plugged into it; a port without cables is there once. */
interface Row {
  readonly id: number;
  readonly kind: string;
  readonly lanes: number;
  readonly two_sided: number;
  readonly rear_port_id: number | null;
  readonly rear_lane: number | null;
  readonly link_id: number | null;
  readonly side: LinkSide | null;
  readonly connector: number | null;
  readonly port_side: PortSide | null;
  readonly link_kind: string | null;
  readonly lane_map: string | null;
  readonly length_m: number | null;
  readonly to_check: number | null;
}

/**
 * What is joined to these ports, directly or through panels: as much of the cabling as tracing them needs, and little more, by
 * one query. It goes the ways that a trace goes: a port is left by the side that it was not reached by, and a trunk at the lane
 * in which it was entered (where that cannot be told, at all of them).
 */
export async function loadGraphAround(db: Database, portIds: readonly number[]): Promise<KnownCables> {
  const rows: Row[] = [];
  for (const ids of chunked([...new Set(portIds)]))
    for (const row of (await db.executeQuery<Row>(CompiledQuery.raw(around(ids.length), ids))).rows)
      rows.push(row);
  return graphOf(rows, await wiresOf(db, rows));
}

/**
 * The query for that many ports. As text, because building it costs more than running it. `cross join` keeps SQLite to the order in
 * which the tables stand, which is the right one however many rows they have.
 */
function around(count: number): string {
  return `
    with recursive way (port_id, leave, lane, lanes, rear_id, rear_lane) as (
      select ports.id, ways.leave, null, lanes, rear_port_id, rear_lane
      from ports cross join (select 'front' as leave union all select 'rear' union all select 'inside') as ways
      where ports.id in (${Array(count).fill('?').join()})
      union
      -- Along a cable.
      select
        q.id,
        case
          when q.two_sided = 1 then case there.port_side when 'front' then 'rear' else 'front' end
          when q.kind in ('front', 'rear') then 'inside'
          else 'end'
        end,
        case when links.lane_map is null then way.lane end,
        q.lanes, q.rear_port_id, q.rear_lane
      from way
      cross join link_ends as here on here.port_id = way.port_id and here.port_side = way.leave
      cross join links on links.id = here.link_id
      cross join link_ends as there on there.link_id = here.link_id and there.id <> here.id
      cross join ports as q on q.id = there.port_id
      union
      -- Through a panel, from its front.
      select r.id, 'front', case when r.lanes = 1 then way.lane when way.lanes = 1 then way.rear_lane end,
        r.lanes, null, null
      from way cross join ports as r on r.id = way.rear_id
      where way.leave = 'inside'
      union
      -- From its rear where all of it goes on, or the lane cannot be told.
      select f.id, 'front', case when way.lanes = 1 then way.lane end, f.lanes, null, null
      from way cross join ports as f on f.rear_port_id = way.port_id
      where way.leave = 'inside' and (way.lanes = 1 or way.lane is null)
      union
      -- Out of a trunk by the lane that is known: the front port that begins there, or before it with several lanes.
      select f.id, 'front', null, f.lanes, null, null
      from way
      cross join ports as f on f.rear_port_id = way.port_id and f.rear_lane = (
        select max(rear_lane) from ports where rear_port_id = way.port_id and rear_lane <= way.lane
      )
      where way.leave = 'inside' and way.lanes > 1 and way.lane is not null
      union
      -- The same by wires that are kept one by one.
      select r.id, 'front', case when r.lanes = 1 then way.lane end, r.lanes, null, null
      from way
      cross join port_wires on port_wires.port_id = way.port_id
      cross join ports as r on r.id = port_wires.rear_port_id
      where way.leave = 'inside'
      union
      select f.id, 'front', case when way.lanes = 1 then way.lane end, f.lanes, null, null
      from way
      cross join port_wires on port_wires.rear_port_id = way.port_id
      cross join ports as f on f.id = port_wires.port_id
      where way.leave = 'inside'
    )
    select
      p.id, p.kind, p.lanes, p.two_sided, p.rear_port_id, p.rear_lane,
      e.link_id, e.side, e.connector, e.port_side,
      l.kind as link_kind, l.lane_map, l.length_m, l.to_check
    from (select distinct port_id from way) as found
    cross join ports as p on p.id = found.port_id
    left join link_ends as e on e.port_id = p.id
    left join links as l on l.id = e.link_id`;
}

/** Wires that are kept one by one: of front ports that say nothing of a rear port, if any was found. */
async function wiresOf(db: Database, rows: readonly Row[]): Promise<Map<number, Wire[]>> {
  const fronts = rows.filter((row) => row.kind === 'front' && row.rear_port_id === null).map((row) => row.id);
  const wires = new Map<number, Wire[]>();
  for (const ids of chunked([...new Set(fronts)]))
    for (const wire of await db.selectFrom('port_wires').selectAll().where('port_id', 'in', ids).execute())
      append(wires, wire.port_id, {
        lane: wire.lane,
        rearId: wire.rear_port_id,
        rearLane: wire.rear_lane,
      });
  return wires;
}

function graphOf(rows: readonly Row[], wires: ReadonlyMap<number, readonly Wire[]>): KnownCables {
  const ports = new Map<number, WiredPort>();
  const links = new Map<number, Omit<WiredLink, 'ends'>>();
  const ends = new Map<number, WiredEnd[]>();
  for (const row of rows) {
    if (!ports.has(row.id)) ports.set(row.id, portOf(row, wires.get(row.id) ?? []));
    const { link_id: id, side, connector, port_side: portSide } = row;
    if (id === null || side === null || connector === null || portSide === null) continue;
    if (!links.has(id)) links.set(id, linkOf(id, row));
    const known = ends.get(id) ?? [];
    if (!known.some((end) => end.portId === row.id && end.portSide === portSide))
      append(ends, id, { side, connector, portId: row.id, portSide });
  }
  return new KnownCables(
    ports.values(),
    [...links.values()].map((link) => ({ ...link, ends: inOrder(ends.get(link.id) ?? []) })),
  );
}

function portOf(row: Row, wires: readonly Wire[]): WiredPort {
  return {
    id: row.id,
    endpoint: row.two_sided === 0 && row.kind !== 'front' && row.kind !== 'rear',
    twoSided: row.two_sided === 1,
    lanes: row.lanes,
    wires:
      row.rear_port_id !== null && row.rear_lane !== null
        ? wiresInARow(row.lanes, row.rear_port_id, row.rear_lane)
        : wires,
  };
}

function linkOf(id: number, row: Row): Omit<WiredLink, 'ends'> {
  return {
    id,
    laneMap: row.lane_map === null ? null : LaneMap.nullable().parse(JSON.parse(row.lane_map)),
    provider: row.link_kind === 'provider',
    planned: false,
    length: row.length_m,
    toCheck: row.to_check === 1,
  };
}
