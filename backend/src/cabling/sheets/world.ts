import type { PortCard, RecordValues } from '@rackhaus/config/contract';
import type { Selectable } from 'kysely';
import { beyond, maskPortCards } from '../../access/scope/beyond.ts';
import { idsWithin, type Reach } from '../../access/scope.ts';
import type { Database } from '../../database/tables.ts';
import { chunked } from '../../history/rows.ts';
import type { InventoryTables } from '../../inventory/tables.ts';
import type { KnownCables } from '../cable-graph.ts';
import { portCards } from '../cards.ts';
import { loadGraphAround } from '../load-graph.ts';
import { walkOrder } from './walk.ts';

export type LinkRow = Selectable<InventoryTables['links']>;

/** What sheets are made of: all cables around some ports, with everything on their paths, loaded once. */
export interface SheetWorld {
  readonly graph: KnownCables;
  readonly links: ReadonlyMap<number, LinkRow>;
  port(id: number | null): PortCard | undefined;
  /** As one walks; see {@link walkOrder}. */
  turn(portId: number): number;
  statusOf(deviceId: number): RecordValues<'device'>['status'] | undefined;
  /** Whether the cable is one that whoever asks may know of: one that ends in their sites. */
  isOwn(linkId: number): boolean;
}

/**
 * Loads what is around these ports, by as many queries for ten as for ten thousand, in one view of the database. What is out of reach
 * has no names, and is one and the same: how much of it there is cannot be told.
 */
export function loadWorld(
  db: Database,
  portIds: readonly number[],
  reach: Reach | null,
): Promise<SheetWorld> {
  return db.transaction().execute(async (tx) => {
    const graph = await loadGraphAround(tx, portIds);
    const ids = [...graph.ports()].map((port) => port.id);
    const ports = await maskPortCards(tx, reach, await portCards(tx, ids));
    const turns = await walkOrder(tx, ids);
    const links = new Map<number, LinkRow>();
    for (const part of chunked([...graph.links()].map((link) => link.id)))
      for (const row of await tx.selectFrom('links').selectAll().where('id', 'in', part).execute())
        links.set(row.id, row);
    const own = reach === null ? null : await idsWithin(tx, 'link', links.keys(), reach);
    if (own !== null)
      for (const [id, card] of ports)
        if (card.owner.name === beyond) ports.set(id, { ...card, owner: { ...card.owner, id: 0 } });
    const devices = new Set(
      [...ports.values()].flatMap(({ owner }) => (owner.kind === 'device' ? [owner.id] : [])),
    );
    const statuses = new Map<number, RecordValues<'device'>['status']>();
    for (const part of chunked([...devices]))
      for (const row of await tx
        .selectFrom('devices')
        .select(['id', 'status'])
        .where('id', 'in', part)
        .execute())
        statuses.set(row.id, row.status);
    return {
      graph,
      links,
      port: (id) => (id === null ? undefined : ports.get(id)),
      turn: (portId) => turns.get(portId) ?? Number.MAX_SAFE_INTEGER,
      statusOf: (deviceId) => statuses.get(deviceId),
      isOwn: (linkId) => own === null || own.has(linkId),
    };
  });
}
