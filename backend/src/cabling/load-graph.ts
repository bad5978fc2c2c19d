import type { Database } from '../database/tables.ts';
import type { CableGraph, WiredLink, WiredPort } from './trace.ts';

/** How many ports one query asks for. */
const chunkSize = 1000;
/** Rounds of looking further: more panels in a row than any building has. */
const maxRounds = 64;

interface PortRow {
  readonly id: number;
  readonly kind: string;
  readonly lanes: number;
  readonly two_sided: number;
  readonly rear_port_id: number | null;
  readonly rear_lane: number | null;
}
const portColumns = ['id', 'kind', 'lanes', 'two_sided', 'rear_port_id', 'rear_lane'] as const;

class LoadedGraph implements CableGraph {
  readonly ports = new Map<number, WiredPort>();
  readonly #links = new Map<number, WiredLink[]>();
  readonly #fronts = new Map<number, { portId: number; lane: number }[]>();

  port(id: number): WiredPort | undefined {
    return this.ports.get(id);
  }
  links(portId: number): readonly WiredLink[] {
    return this.#links.get(portId) ?? [];
  }
  fronts(rearId: number): readonly { readonly portId: number; readonly lane: number }[] {
    return this.#fronts.get(rearId) ?? [];
  }

  addPort(row: PortRow): void {
    if (this.ports.has(row.id)) return;
    const inner =
      row.rear_port_id === null || row.rear_lane === null
        ? null
        : { rearId: row.rear_port_id, lane: row.rear_lane };
    const endpoint = row.kind !== 'front' && row.kind !== 'rear';
    this.ports.set(row.id, { id: row.id, endpoint, inner, lanes: row.lanes });
    if (inner !== null) append(this.#fronts, inner.rearId, { portId: row.id, lane: inner.lane });
  }
  addLink(portId: number, link: WiredLink): void {
    if (this.links(portId).some((known) => known.id === link.id)) return;
    append(this.#links, portId, link);
  }
}

function append<T>(lists: Map<number, T[]>, key: number, value: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

/**
 * What is joined to these ports, directly or through panels: as much of the cabling as tracing them needs. A query per hop,
 * however many ports there are.
 */
export async function loadGraphAround(db: Database, portIds: readonly number[]): Promise<CableGraph> {
  const graph = new LoadedGraph();
  let frontier = [...new Set(portIds)];
  for (let round = 0; round < maxRounds && frontier.length > 0; round++) {
    const wanted = new Set<number>();
    for (const ids of chunks(frontier)) {
      const rows = await db.selectFrom('ports').select(portColumns).where('id', 'in', ids).execute();
      for (const row of rows) graph.addPort(row);
      // Power and network ports have nothing inside; only panels are asked for their fronts.
      const rears = rows.filter((row) => row.kind === 'rear').map((row) => row.id);
      if (rears.length > 0)
        for (const row of await db
          .selectFrom('ports')
          .select(portColumns)
          .where('rear_port_id', 'in', rears)
          .execute())
          wanted.add(row.id);
      for (const row of rows) if (row.rear_port_id !== null) wanted.add(row.rear_port_id);
      for (const row of await linkRows(db, ids)) {
        graph.addLink(row.port_id, { id: row.link_id, farPortId: row.far_port_id });
        wanted.add(row.far_port_id);
      }
    }
    frontier = [...wanted].filter((id) => !graph.ports.has(id));
  }
  return graph;
}

function linkRows(db: Database, portIds: readonly number[]) {
  return db
    .selectFrom('link_ends as here')
    .innerJoin('link_ends as there', (join) =>
      join.onRef('there.link_id', '=', 'here.link_id').onRef('there.side', '<>', 'here.side'),
    )
    .select(['here.link_id', 'here.port_id', 'there.port_id as far_port_id'])
    .where('here.port_id', 'in', [...portIds])
    .execute();
}

function chunks(ids: readonly number[]): number[][] {
  const parts: number[][] = [];
  for (let start = 0; start < ids.length; start += chunkSize) parts.push(ids.slice(start, start + chunkSize));
  return parts;
}
