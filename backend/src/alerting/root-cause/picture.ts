import { append } from '../../cabling/cable-graph.ts';
import type { Connection, SiteGraph } from '../../cabling/graph/site-graph.ts';

/** Neighbours of each node: of node i they stand from `offsets[i]` on. */
export interface Neighbours {
  readonly offsets: Int32Array;
  readonly nodes: Int32Array;
  /** The connection that leads there: its place in `connections`. */
  readonly by: Int32Array;
}

/**
 * A site as causes look at it: devices are nodes 1 … n in both nets. Made once for a documented state, asked with every change of
 * what is seen.
 */
export interface Picture {
  readonly site: SiteGraph;
  readonly size: number;
  /** Device id by node; 0 is none. */
  readonly ids: Int32Array;
  /** 1: it leads on the traffic of others. */
  readonly transit: Uint8Array;
  readonly network: Neighbours;
  readonly connections: readonly Connection[];
  /** Whom a device feeds, and who feeds it. */
  readonly feeds: Neighbours;
  readonly fedBy: Neighbours;
  /** The nearest device without which a device has no power; 0: there is none, or nothing is documented. */
  readonly supply: Int32Array;
  /** The same the other way round: what has power only through a device. */
  readonly supplied: Neighbours;
  /** Nodes, each after all that hang on it by `supply`. */
  readonly supplyOrder: Int32Array;
  /** Places in `connections` by the ports at both ends and on the way. */
  readonly connectionsAt: ReadonlyMap<number, readonly number[]>;
}

export function pictureOf(site: SiteGraph): Picture {
  const size = site.devices.length;
  const ids = new Int32Array(size + 1);
  const transit = new Uint8Array(size + 1);
  for (const [index, device] of site.devices.entries()) {
    ids[index + 1] = device.id;
    transit[index + 1] = device.transit ? 1 : 0;
  }
  const ends = (connections: readonly Connection[]) =>
    connections.map(({ from, to }) => [site.node(from) ?? 0, site.node(to) ?? 0] as const);
  const network = ends(site.network.connections);
  const power = ends(site.power.connections);
  const backwards = (pairs: readonly (readonly [number, number])[]) =>
    pairs.map(([from, to]) => [to, from] as const);
  const supply = suppliesOf(site, size);
  const connectionsAt = new Map<number, number[]>();
  for (const [index, { ports }] of site.network.connections.entries())
    for (const port of ports) append(connectionsAt, port, index);
  return {
    site,
    size,
    ids,
    transit,
    network: neighbours(size, network, backwards(network)),
    connections: site.network.connections,
    feeds: neighbours(size, power),
    fedBy: neighbours(size, backwards(power)),
    supply,
    supplied: neighbours(
      size,
      Array.from(supply, (above, node) => [above, node] as const),
    ),
    supplyOrder: leavesFirst(supply),
    connectionsAt,
  };
}

/** Calls `each` for every neighbour of a node. */
export function eachNeighbour(
  { offsets, nodes, by }: Neighbours,
  node: number,
  each: (other: number, connection: number) => void,
): void {
  for (let i = offsets[node] ?? 0; i < (offsets[node + 1] ?? 0); i++) each(nodes[i] ?? 0, by[i] ?? 0);
}

export function neighboursOf({ offsets, nodes }: Neighbours, node: number): Int32Array {
  return nodes.subarray(offsets[node] ?? 0, offsets[node + 1] ?? 0);
}

/** Several lists of pairs over the same connections; a pair with an unknown end is left out. */
function neighbours(size: number, ...lists: readonly (readonly (readonly [number, number])[])[]): Neighbours {
  const offsets = new Int32Array(size + 2);
  for (const pairs of lists)
    for (const [from, to] of pairs) if (from > 0 && to > 0) offsets[from + 1] = (offsets[from + 1] ?? 0) + 1;
  for (let i = 0; i <= size; i++) offsets[i + 1] = (offsets[i + 1] ?? 0) + (offsets[i] ?? 0);
  const place = offsets.slice();
  const total = offsets[size + 1] ?? 0;
  const nodes = new Int32Array(total);
  const by = new Int32Array(total);
  for (const pairs of lists)
    for (const [index, [from, to]] of pairs.entries()) {
      if (from === 0 || to === 0) continue;
      const at = place[from] ?? 0;
      nodes[at] = to;
      by[at] = index;
      place[from] = at + 1;
    }
  return { offsets, nodes, by };
}

/** Cords are nodes of the power net's dominators as well; here only devices count. */
function suppliesOf(site: SiteGraph, size: number): Int32Array {
  const { immediate } = site.power.whole;
  const supply = new Int32Array(size + 1);
  for (let node = 1; node <= size; node++) {
    let above = immediate[node] ?? -1;
    while (above > size) above = immediate[above] ?? -1;
    supply[node] = Math.max(0, above);
  }
  return supply;
}

function leavesFirst(parent: Int32Array): Int32Array {
  const waiting = new Int32Array(parent.length);
  for (let node = 1; node < parent.length; node++) {
    const above = parent[node] ?? 0;
    waiting[above] = (waiting[above] ?? 0) + 1;
  }
  const order = new Int32Array(Math.max(0, parent.length - 1));
  let count = 0;
  for (let node = 1; node < parent.length; node++) if (waiting[node] === 0) order[count++] = node;
  for (let at = 0; at < count; at++) {
    const above = parent[order[at] ?? 0] ?? 0;
    if (above === 0) continue;
    waiting[above] = (waiting[above] ?? 0) - 1;
    if (waiting[above] === 0) order[count++] = above;
  }
  return order.subarray(0, count);
}
