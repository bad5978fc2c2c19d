import { LaneMap } from '@rackhaus/config/contract';
import { z } from 'zod';
import type { Database } from '../../database/tables.ts';
import { parseEventData, rowsOf } from '../../history/events.ts';
import type { Past } from '../../history/past.ts';
import { chunked } from '../../history/rows.ts';
import type { Row, Scope } from '../../history/spec.ts';
import { inOrder, KnownCables, type Wire, type WiredEnd, wiresInARow } from '../cable-graph.ts';
import type { Starts } from './paths.ts';

const flag = z.int().transform((value) => value === 1);
const Port = z.object({
  id: z.int(),
  kind: z.string(),
  lanes: z.int(),
  two_sided: flag,
  rear_port_id: z.int().nullable(),
  rear_lane: z.int().nullable(),
});
type Port = z.infer<typeof Port>;
const PortWire = z.object({
  port_id: z.int(),
  lane: z.int(),
  rear_port_id: z.int(),
  rear_lane: z.int(),
});
const Link = z.object({
  id: z.int(),
  kind: z.string(),
  lane_map: z.string().nullable(),
  length_m: z.number().nullable(),
  to_check: flag,
});
const LinkEnd = z.object({
  link_id: z.int(),
  side: z.enum(['a', 'b']),
  connector: z.int(),
  port_id: z.int(),
  port_side: z.enum(['front', 'rear']),
});

/** Cabling as it was, with the rows of its ports and cables. */
export interface CablesThen {
  readonly graph: KnownCables;
  readonly ports: ReadonlyMap<number, Row>;
  readonly links: ReadonlyMap<number, Row>;
}

/**
 * The cabling around these ports and cables as it was. From each port it goes to the other ends of its cables and through its
 * panel, so it finds all that a trace then could have reached, and perhaps some more.
 */
export async function cablesThen(deps: { db: Database; past: Past }, starts: Starts): Promise<CablesThen> {
  const seen = new Seen(deps);
  const cabled = await seen.portsOfLinks(starts.cables);
  await seen.follow([...starts.ports, ...cabled]);
  return { graph: seen.graph(), ports: seen.ports, links: seen.links };
}

class Seen {
  readonly ports = new Map<number, Row>();
  readonly links = new Map<number, Row>();
  readonly #db: Database;
  readonly #past: Past;
  readonly #ends = new Map<string, z.infer<typeof LinkEnd>>();
  readonly #wires = new Map<string, z.infer<typeof PortWire>>();
  readonly #owners = new Set<string>();
  /** All ports of the owners that were reached; `ports` are those that a way comes to. */
  readonly #known = new Map<number, Row>();

  constructor({ db, past }: { db: Database; past: Past }) {
    this.#db = db;
    this.#past = past;
  }

  async follow(portIds: readonly number[]): Promise<void> {
    let next = [...new Set(portIds)];
    while (next.length > 0) {
      await this.#learn(next);
      const reached = next.flatMap((id) => {
        const row = this.#known.get(id);
        return row === undefined || this.ports.has(id) ? [] : [row];
      });
      for (const row of reached) this.ports.set(Number(row.id), row);
      const found = [...(await this.#inside(reached)), ...(await this.#alongCables(reached))];
      next = [...new Set(found)].filter((id) => !this.ports.has(id));
    }
  }

  /** Ports at which cables ended. */
  async portsOfLinks(ids: readonly number[]): Promise<number[]> {
    const scopes = ids.map((id): Scope => ({ kind: 'link', id }));
    const since = await this.#past.eventsWithin(['link-end'], scopes);
    const ends = (await this.#past.within('link-end', 'link_id', ids, since)).map((row) =>
      LinkEnd.parse(row),
    );
    for (const end of ends) this.#ends.set(`${end.link_id}/${end.side}/${end.connector}`, end);
    const unknown = ids.filter((id) => !this.links.has(id));
    for (const [id, row] of await this.#past.rows('link', unknown)) this.links.set(id, row);
    return ends.map((end) => end.port_id);
  }

  graph(): KnownCables {
    const wires = Map.groupBy(this.#wires.values(), (wire) => wire.port_id);
    const ends = Map.groupBy(this.#ends.values(), (end) => end.link_id);
    return new KnownCables(
      [...this.ports.values()].map((row) => {
        const port = Port.parse(row);
        return {
          id: port.id,
          endpoint: !port.two_sided && port.kind !== 'front' && port.kind !== 'rear',
          twoSided: port.two_sided,
          lanes: port.lanes,
          wires: wiresOf(port, wires.get(port.id) ?? []),
        };
      }),
      [...this.links.values()].map((row) => {
        const link = Link.parse(row);
        return {
          id: link.id,
          laneMap: link.lane_map === null ? null : LaneMap.nullable().parse(JSON.parse(link.lane_map)),
          provider: link.kind === 'provider',
          planned: false,
          length: link.length_m,
          toCheck: link.to_check,
          ends: inOrder(
            (ends.get(link.id) ?? []).map(
              (end): WiredEnd => ({
                side: end.side,
                connector: end.connector,
                portId: end.port_id,
                portSide: end.port_side,
              }),
            ),
          ),
        };
      }),
    );
  }

  /** Through panels, all lanes of them. */
  async #inside(reached: readonly Row[]): Promise<number[]> {
    const panels = reached
      .map((row) => Port.parse(row))
      .filter(({ kind }) => kind === 'front' || kind === 'rear');
    if (panels.length === 0) return [];
    const ids = new Set(panels.map(({ id }) => id));
    const found = panels.flatMap(({ rear_port_id: rear }) => (rear === null ? [] : [rear]));
    for (const [id, row] of this.#known) if (ids.has(Number(row.rear_port_id))) found.push(id);
    // Wires that are kept one by one lead from ports of the same panel.
    const owners = new Set(panels.map(({ id }) => ownerKey(this.#known.get(id) ?? {})));
    const fronts = [...this.#known.values()].filter(
      (row) => row.kind === 'front' && row.rear_port_id === null && owners.has(ownerKey(row)),
    );
    const frontIds = fronts.map((row) => Number(row.id));
    const scopes = frontIds.map((id): Scope => ({ kind: 'port', id }));
    const since = await this.#past.eventsWithin(['port-wire'], scopes);
    for (const row of await this.#past.within('port-wire', 'port_id', frontIds, since)) {
      const wire = PortWire.parse(row);
      this.#wires.set(`${wire.port_id}/${wire.lane}`, wire);
      if (ids.has(wire.port_id)) found.push(wire.rear_port_id);
      if (ids.has(wire.rear_port_id)) found.push(wire.port_id);
    }
    return found;
  }

  async #alongCables(reached: readonly Row[]): Promise<number[]> {
    const ids = reached.map((row) => Number(row.id));
    const since = await this.#past.eventsWithin(
      ['link-end'],
      ids.map((id): Scope => ({ kind: 'port', id })),
    );
    const ends = await this.#past.within('link-end', 'port_id', ids, since);
    return this.portsOfLinks([...new Set(ends.map((end) => Number(end.link_id)))]);
  }

  /** All ports of those that these belong to, or belonged to. */
  async #learn(ids: readonly number[]): Promise<void> {
    const unknown = ids.filter((id) => !this.#known.has(id));
    if (unknown.length === 0) return;
    const owners = (await this.#ownersOf(unknown)).filter(
      ({ kind, id }) => !this.#owners.has(`${kind}/${id}`),
    );
    const since = await this.#past.eventsWithin(['port'], owners);
    for (const kind of ['device', 'outlet'] as const) {
      const own = owners.filter((owner) => owner.kind === kind).map(({ id }) => id);
      const rows = await this.#past.within('port', `${kind}_id`, own, since);
      for (const row of rows) this.#known.set(Number(row.id), row);
      for (const id of own) this.#owners.add(`${kind}/${id}`);
    }
  }

  async #ownersOf(ids: readonly number[]): Promise<Scope[]> {
    const owners = new Map<string, Scope>();
    const add = (kind: 'device' | 'outlet', id: number) => owners.set(`${kind}/${id}`, { kind, id });
    const gone = new Set(ids);
    for (const part of chunked(ids)) {
      const rows = await this.#db
        .selectFrom('ports')
        .select(['id', 'device_id', 'outlet_id'])
        .where('id', 'in', part)
        .execute();
      for (const { id, device_id: device, outlet_id: outlet } of rows) {
        gone.delete(id);
        if (device !== null) add('device', device);
        if (outlet !== null) add('outlet', outlet);
      }
    }
    for (const owner of await this.#ownersOfGone(gone)) add(owner.kind, owner.id);
    return [...owners.values()];
  }

  /** What was deleted says whose it was. */
  async #ownersOfGone(ids: ReadonlySet<number>): Promise<{ kind: 'device' | 'outlet'; id: number }[]> {
    if (ids.size === 0) return [];
    const deletions = await this.#db
      .selectFrom('change_events')
      .select('before')
      .where('kind', '=', 'port')
      .where('after', 'is', null)
      .where('object_id', 'in', [0, ...ids])
      .execute();
    return deletions
      .flatMap(({ before }) => (before === null ? [] : rowsOf(parseEventData(before))))
      .filter((row) => ids.has(Number(row.id)))
      .map((row) =>
        typeof row.device_id === 'number'
          ? { kind: 'device', id: row.device_id }
          : { kind: 'outlet', id: Number(row.outlet_id) },
      );
  }
}

function wiresOf(port: Port, wires: readonly z.infer<typeof PortWire>[]): readonly Wire[] {
  if (port.rear_port_id !== null && port.rear_lane !== null)
    return wiresInARow(port.lanes, port.rear_port_id, port.rear_lane);
  return wires.map((wire) => ({ lane: wire.lane, rearId: wire.rear_port_id, rearLane: wire.rear_lane }));
}

function ownerKey(row: Row): string {
  return row.device_id === null || row.device_id === undefined
    ? `outlet/${row.outlet_id}`
    : `device/${row.device_id}`;
}
