import { PlannedChange } from '@rackhaus/config/contract';
import type { Database } from '../../database/tables.ts';
import { chunked } from '../../history/rows.ts';
import type { KnownCables } from '../cable-graph.ts';
import { loadGraphAround } from '../load-graph.ts';
import { type PlannedItem, plannedPorts, withPlan } from '../planned.ts';
import type { Starts } from './paths.ts';

/** What an order plans, in its order. */
export async function itemsOf(db: Database, orderId: number): Promise<PlannedItem[]> {
  const rows = await db
    .selectFrom('order_items')
    .select(['id', 'change', 'link_id'])
    .where('order_id', '=', orderId)
    .orderBy('rank')
    .orderBy('id')
    .execute();
  return rows.map((row) => ({
    id: row.id,
    change: PlannedChange.parse(JSON.parse(row.change)),
    linkId: row.link_id,
  }));
}

/** The cabling around these ports and cables as it is today. */
export async function graphToday(db: Database, starts: Starts): Promise<KnownCables> {
  const ends = await portsOfLinks(db, starts.cables);
  return loadGraphAround(db, [...starts.ports, ...[...ends.values()].flat()]);
}

/**
 * The cabling around these ports and cables as it will be when the items have been carried out. What is planned may lead to where
 * nothing leads today, so that is loaded too, until nothing new is reached. A planned cable is asked for by its negative number.
 */
export async function graphAhead(
  db: Database,
  starts: Starts,
  items: readonly PlannedItem[],
): Promise<KnownCables> {
  const moved = items.flatMap(({ change, linkId }) =>
    change.action === 'move-link' || change.action === 'remove-link'
      ? [change.linkId]
      : linkId === null
        ? []
        : [linkId],
  );
  const ends = await portsOfLinks(db, [...moved, ...starts.cables]);
  const ports = new Set([...starts.ports, ...starts.cables.flatMap((id) => ends.get(id) ?? [])]);
  let left = items.map((item) => ({ item, touches: touchedBy(item, ends) }));
  for (const { item, touches } of left)
    if (starts.cables.includes(-item.id)) for (const id of touches) ports.add(id);
  for (;;) {
    const today = await loadGraphAround(db, [...ports]);
    const near = left.filter(({ touches }) => touches.some((id) => today.port(id) !== undefined));
    if (near.length === 0)
      return withPlan(
        today,
        items.filter((item) => touchedBy(item, ends).some((id) => today.port(id) !== undefined)),
      );
    for (const { touches } of near) for (const id of touches) ports.add(id);
    left = left.filter((each) => !near.includes(each));
  }
}

/** Ports at which an item's cable ends, today or then. */
function touchedBy(item: PlannedItem, ends: ReadonlyMap<number, readonly number[]>): number[] {
  const { change, linkId } = item;
  const link = change.action === 'move-link' || change.action === 'remove-link' ? change.linkId : linkId;
  return [...plannedPorts([item]), ...(link === null ? [] : (ends.get(link) ?? []))];
}

async function portsOfLinks(db: Database, ids: readonly number[]): Promise<Map<number, number[]>> {
  const ends = new Map<number, number[]>();
  for (const part of chunked([...new Set(ids)])) {
    const rows = await db
      .selectFrom('link_ends')
      .select(['link_id', 'port_id'])
      .where('link_id', 'in', part)
      .execute();
    for (const row of rows) ends.set(row.link_id, [...(ends.get(row.link_id) ?? []), row.port_id]);
  }
  return ends;
}
