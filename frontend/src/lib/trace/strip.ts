import type { CableCard, CablePath, PortCard, TraceReply } from '@rackhaus/config/contract';

type Node = CablePath['nodes'][number];

/** A device, an outlet or an open end on the way, with the ports that the way goes in and out by. */
export interface Stop {
  readonly key: string;
  /** Empty: the cable ends here, in no port. */
  readonly ports: readonly PortCard[];
  readonly end: Node['end'];
}
/** A cable between two columns; null inside a panel. */
export interface Span {
  readonly key: string;
  readonly cable: CableCard | null;
}
/** What stands in some of the rows of a column, from `from` up to `to`; rows count from 0. */
export interface Cell<T> {
  readonly from: number;
  readonly to: number;
  readonly items: readonly T[];
}
/** Stops, and the cables that lead on from there. */
export interface Column {
  readonly stops: readonly Cell<Stop>[];
  readonly spans: readonly Cell<Span>[];
}
/** A path laid out: columns from left to right, a row for each circuit, so that what belongs together is in line. */
export interface Strip {
  readonly columns: readonly Column[];
  readonly rows: number;
}

/** The layout of a path; `turned` tells it from its other end. */
export function stripOf(reply: TraceReply, path: CablePath, turned = false): Strip {
  const ports = new Map(reply.ports.map((port) => [port.id, port]));
  const cables = new Map(reply.cables.map((cable) => [cable.id, cable]));
  const told = turned ? turnedPath(path) : path;
  const circuits = [...new Set(told.nodes.flatMap((node) => node.circuits))].toSorted((a, b) => a - b);
  const rowOf = new Map(circuits.map((circuit, row) => [circuit, row]));
  const rowsOf = (of: readonly number[]) => {
    const rows = of.map((circuit) => rowOf.get(circuit) ?? 0);
    return rows.length === 0
      ? { from: 0, to: Math.max(1, circuits.length) }
      : { from: Math.min(...rows), to: Math.max(...rows) + 1 };
  };
  const layers = Map.groupBy(told.nodes, (node) => node.layer);
  const last = Math.max(-1, ...layers.keys());
  const columns: Column[] = [];
  for (let layer = 0; layer <= last; layer++) {
    let chains: Node[][] = (layers.get(layer) ?? []).map((node) => [node]);
    // A panel that is passed straight through is one stop.
    for (;;) {
      const next = layers.get(layer + 1) ?? [];
      const passed = chains.map((chain) => inside(told, chain.at(-1), next, ports));
      if (next.length === 0 || passed.length !== next.length || passed.some((node) => node === null)) break;
      chains = chains.map((chain, index) => [...chain, ...(passed[index] ? [passed[index]] : [])]);
      layer++;
    }
    const stops = chains.map((chain) => ({
      ...rowsOf(chain[0]?.circuits ?? []),
      item: stopOf(chain, ports),
    }));
    const leaving = told.edges.filter((edge) => chains.some((chain) => chain.at(-1)?.id === edge.from));
    const spans = [...Map.groupBy(leaving, (edge) => edge.cableId ?? `${edge.from}`)].map(([key, edges]) => ({
      ...rowsOf(edges.flatMap((edge) => edge.circuits)),
      item: { key: `${key}`, cable: cables.get(edges[0]?.cableId ?? 0) ?? null },
    }));
    columns.push({ stops: cells(stops), spans: cells(spans) });
  }
  return { columns, rows: Math.max(1, circuits.length) };
}

/** The path told from right to left. */
function turnedPath(path: CablePath): CablePath {
  const last = Math.max(0, ...path.nodes.map((node) => node.layer));
  return {
    ...path,
    nodes: path.nodes.map((node) => ({ ...node, layer: last - node.layer })),
    edges: path.edges.map((edge) => ({ ...edge, from: edge.to, to: edge.from })),
  };
}

/** The one port of the same panel that a way goes on to from here; null where it does otherwise. */
function inside(
  path: CablePath,
  node: Node | undefined,
  next: readonly Node[],
  ports: ReadonlyMap<number, PortCard>,
): Node | null {
  const out = path.edges.filter((edge) => edge.from === node?.id);
  const [edge] = out;
  if (edge === undefined || out.length > 1 || edge.cableId !== null) return null;
  if (path.edges.filter((each) => each.to === edge.to).length > 1) return null;
  const [here, there] = [node?.portId, next.find(({ id }) => id === edge.to)?.portId].map((id) =>
    ports.get(id ?? 0),
  );
  const same =
    here !== undefined && here.owner.kind === there?.owner.kind && here.owner.id === there.owner.id;
  return same ? (next.find(({ id }) => id === edge.to) ?? null) : null;
}

function stopOf(chain: readonly Node[], ports: ReadonlyMap<number, PortCard>): Stop {
  const cards = chain.map((node) => ports.get(node.portId ?? 0)).filter((card) => card !== undefined);
  return {
    key: chain.map((node) => node.id).join('-'),
    // A jack is passed as one port, in front and behind.
    ports: cards.filter((card, index) => cards.findIndex(({ id }) => id === card.id) === index),
    end: chain.find((node) => node.end !== null)?.end ?? null,
  };
}

/** What has rows in common stands in one cell. */
function cells<T>(items: readonly { from: number; to: number; item: T }[]): Cell<T>[] {
  const found: { from: number; to: number; items: T[] }[] = [];
  for (const { from, to, item } of items.toSorted((a, b) => a.from - b.from)) {
    const over = found.find((cell) => from < cell.to && cell.from < to);
    if (over === undefined) found.push({ from, to, items: [item] });
    else {
      over.to = Math.max(over.to, to);
      over.items.push(item);
    }
  }
  return found;
}

/** Where the path begins and ends, as it is told. */
export function endsOf({ columns }: Strip): { readonly first: Stop | null; readonly last: Stop | null } {
  return {
    first: columns[0]?.stops[0]?.items[0] ?? null,
    last: columns.at(-1)?.stops[0]?.items[0] ?? null,
  };
}
