import type { CableCard, PortCard, TraceReply } from '@rackhaus/config/contract';
import type { Database } from '../../database/tables.ts';
import { eventAt, Past } from '../../history/past.ts';
import type { Row, Specs } from '../../history/spec.ts';
import { AppError } from '../../problem.ts';
import type { KnownCables } from '../cable-graph.ts';
import { cableCards, portCards } from '../cards.ts';
import { plannedCard } from '../planned.ts';
import type { Path } from '../trace.ts';
import { graphAhead, graphToday, itemsOf } from './ahead.ts';
import { cablesThen } from './cables-then.ts';
import { cableCardsThen, portCardsThen } from './cards-then.ts';
import { pathsThrough, type Starts } from './paths.ts';

/** The paths as they are today. */
export async function traceToday(db: Database, starts: Starts): Promise<TraceReply> {
  const graph = await graphToday(db, starts);
  const paths = pathsThrough(graph, starts);
  return replyOf(paths, await cardsNow(db, named(paths, starts), graph));
}

/** The paths as they will be when an order has been carried out. @throws AppError not-found */
export async function traceAfter(db: Database, starts: Starts, orderId: number): Promise<TraceReply> {
  const order = await db.selectFrom('orders').select('id').where('id', '=', orderId).executeTakeFirst();
  if (order === undefined) throw new AppError('not-found', 'There is no such order.');
  const items = await itemsOf(db, orderId);
  const graph = await graphAhead(db, starts, items);
  const paths = pathsThrough(graph, starts);
  const cards = await cardsNow(db, named(paths, starts), graph);
  for (const item of items) {
    const card = plannedCard(item);
    if (card !== null && cards.wanted.has(card.id)) cards.cables.push(card);
  }
  return replyOf(paths, cards);
}

/** The paths as they were at a time, in milliseconds since 1970. */
export async function traceThen(
  deps: { db: Database; specs: Specs },
  starts: Starts,
  time: number,
): Promise<TraceReply> {
  const past = new Past({ ...deps, after: await eventAt(deps.db, time) });
  const { graph, ports, links } = await cablesThen({ db: deps.db, past }, starts);
  const paths = pathsThrough(graph, starts);
  const wanted = named(paths, starts);
  const rowsOf = (rows: ReadonlyMap<number, Row>, ids: ReadonlySet<number>): Row[] =>
    [...ids].map((id) => rows.get(id)).filter((row) => row !== undefined);
  return replyOf(paths, {
    ports: await portCardsThen(past, rowsOf(ports, wanted.ports)),
    cables: cableCardsThen(rowsOf(links, wanted.cables)),
  });
}

/** What has to be named: all that the paths touch, and what was asked for, though it be on no path. */
function named(paths: readonly Path[], starts: Starts) {
  return {
    ports: new Set([
      ...starts.ports,
      ...paths.flatMap((path) => path.nodes.flatMap(({ portId }) => (portId === null ? [] : [portId]))),
    ]),
    cables: new Set([
      ...starts.cables,
      ...paths.flatMap((path) => path.edges.flatMap(({ cableId }) => (cableId === null ? [] : [cableId]))),
    ]),
  };
}

async function cardsNow(db: Database, wanted: ReturnType<typeof named>, graph: KnownCables) {
  const cables = await cableCards(
    db,
    [...wanted.cables].filter((id) => id > 0),
  );
  return {
    wanted: wanted.cables,
    ports: [...(await portCards(db, wanted.ports)).values()],
    // An end that moves with the order is as much planned as a cable that comes with it.
    cables: [...cables.values()].map((card) => ({ ...card, planned: graph.link(card.id)?.planned ?? false })),
  };
}

function replyOf(
  paths: readonly Path[],
  { ports, cables }: { readonly ports: PortCard[]; readonly cables: CableCard[] },
): TraceReply {
  const changeable = paths.map((path) => ({
    ...path,
    nodes: path.nodes.map((node) => ({ ...node, circuits: [...node.circuits] })),
    edges: path.edges.map((edge) => ({ ...edge, circuits: [...edge.circuits] })),
  }));
  return { paths: changeable, ports, cables };
}
