import { linkMedia, type OrderRemark } from '@rackhaus/config/contract';
import { z } from 'zod';
import type { Database } from '../../database/tables.ts';
import { cableCards } from '../cards.ts';
import { type FitEnd, type LinkKind, whyNot } from '../connect/compatible.ts';
import { type PortFacts, portFacts } from '../connect/facts.ts';
import { type Run, ruleRemarks } from '../connect/rules.ts';
import { loadGraphAround } from '../load-graph.ts';
import { plannedPorts, withPlan } from '../planned.ts';
import { traceCable } from '../trace.ts';
import type { PlannedItem } from './plan.ts';
import type { ItemRow, LinkSide, World } from './world.ts';

/** A cable of the order as it will be, with both of its ports. */
interface Joined {
  readonly itemId: number;
  /** Negative: comes with the order. */
  readonly id: number;
  readonly run: Run;
  readonly a: FitEnd;
  readonly b: FitEnd;
}

/** More of these in one order are not followed one by one: who plans that many looks at a list. */
const mostTraced = 300;

/** What the ports and EN 50173 say of the cables of an order, with everything else of the order done. */
export async function cableRemarks(
  db: Database,
  world: World,
  items: readonly ItemRow[],
  planned: readonly PlannedItem[],
): Promise<OrderRemark[]> {
  const facts = await portFacts(
    db,
    planned.flatMap(({ after }) => [after.a, after.b].filter((id) => id !== null)),
    { shapes: true },
  );
  const joined = items.flatMap((item, index): Joined[] => {
    const after = planned[index]?.after;
    return after === undefined ? [] : joinedBy(world, facts, item, after);
  });
  const remarks: OrderRemark[] = [];
  const sound: Joined[] = [];
  for (const cable of joined) {
    const why = whyNot(cable.run.kind, cable.a, cable.b);
    if (why === null) sound.push(cable);
    else
      remarks.push({
        level: 'refuse',
        code: 'kinds-differ',
        itemId: cable.itemId,
        orderId: null,
        values: why.values,
      });
  }
  return [...remarks, ...(await lengthRemarks(db, items, sound))];
}

function joinedBy(
  world: World,
  facts: ReadonlyMap<number, PortFacts>,
  { id, change }: ItemRow,
  after: PlannedItem['after'],
): Joined[] {
  if (change.action !== 'add-link' && change.action !== 'move-link') return [];
  const link = change.action === 'move-link' ? world.links.get(change.linkId) : undefined;
  const end = (side: LinkSide): FitEnd | null => {
    const port = facts.get(after[side] ?? 0)?.fit;
    const standing = link?.ends.find((each) => each.side === side);
    const portSide = change[side]?.portSide ?? standing?.portSide ?? 'front';
    return port === undefined ? null : { port, side: portSide };
  };
  const [a, b] = [end('a'), end('b')];
  if (a === null || b === null) return [];
  const run: Run | null =
    change.action === 'add-link'
      ? { kind: change.kind, medium: mediumOf(change.medium), lengthM: change.lengthM }
      : link === undefined
        ? null
        : { kind: link.kind, medium: null, lengthM: null };
  return run === null
    ? []
    : [{ itemId: id, id: change.action === 'add-link' ? -id : change.linkId, run, a, b }];
}

function mediumOf(medium: string | null): Run['medium'] {
  return z.enum(linkMedia).safeParse(medium).data ?? null;
}

async function lengthRemarks(
  db: Database,
  items: readonly ItemRow[],
  joined: readonly Joined[],
): Promise<OrderRemark[]> {
  const data = joined.filter(({ run }) => ofData(run.kind)).slice(0, mostTraced);
  if (data.length === 0) return [];
  const today = await loadGraphAround(db, plannedPorts(items));
  const graph = withPlan(today, items);
  const channels = data.map(({ id }) => {
    const { edges } = traceCable(graph, id);
    return [...new Set([id, ...edges.flatMap(({ cableId }) => cableId ?? [])])];
  });
  const known = await cableCards(
    db,
    channels.flat().filter((id) => id > 0),
  );
  const own = new Map(joined.map(({ id, run }) => [id, run]));
  const runOf = (id: number): Run[] => {
    const run = known.get(id) ?? own.get(id);
    return run === undefined ? [] : [run];
  };
  return data.flatMap((cable, index) => {
    const [run = cable.run] = runOf(cable.id);
    return ruleRemarks({
      ...{ kind: run.kind, medium: run.medium, lengthM: run.lengthM },
      channel: (channels[index] ?? []).flatMap(runOf),
      shapes: [cable.a.port.shape, cable.b.port.shape],
      speedGbps: null,
      leastM: null,
    }).flatMap(({ code, values }): OrderRemark[] =>
      code === 'link-too-long' || code === 'channel-too-long'
        ? [{ level: 'warn', code, itemId: cable.itemId, orderId: null, values }]
        : [],
    );
  });
}

function ofData(kind: LinkKind): boolean {
  return kind === 'patch' || kind === 'permanent';
}
