/** A directed graph over nodes 0 … n-1 in two arrays: successors of node i stand from `offsets[i]` on. */
export interface FlowGraph {
  readonly size: number;
  readonly offsets: Int32Array;
  readonly targets: Int32Array;
}

/** Builds a graph from pairs `from[i]` -> `to[i]`. */
export function flowGraph(size: number, from: ArrayLike<number>, to: ArrayLike<number>): FlowGraph {
  const offsets = new Int32Array(size + 1);
  for (let i = 0; i < from.length; i++) {
    const next = (from[i] ?? 0) + 1;
    offsets[next] = (offsets[next] ?? 0) + 1;
  }
  for (let i = 0; i < size; i++) offsets[i + 1] = (offsets[i + 1] ?? 0) + (offsets[i] ?? 0);
  const place = offsets.slice(0, size);
  const targets = new Int32Array(from.length);
  for (let i = 0; i < from.length; i++) {
    const node = from[i] ?? 0;
    const at = place[node] ?? 0;
    targets[at] = to[i] ?? 0;
    place[node] = at + 1;
  }
  return { size, offsets, targets };
}

/** The same edges the other way round. */
export function reversed(graph: FlowGraph): FlowGraph {
  const from = new Int32Array(graph.targets.length);
  for (let node = 0; node < graph.size; node++)
    for (let i = graph.offsets[node] ?? 0; i < (graph.offsets[node + 1] ?? 0); i++) from[i] = node;
  return flowGraph(graph.size, graph.targets, from);
}

/** Nodes that can be reached from `root` without those that are gone, 1 for each; a root that is gone reaches nothing. */
export function reachable(graph: FlowGraph, root: number, gone: Uint8Array): Uint8Array {
  const seen = new Uint8Array(graph.size);
  if (gone[root] === 1) return seen;
  const stack = new Int32Array(graph.size);
  let depth = 0;
  stack[depth++] = root;
  seen[root] = 1;
  while (depth > 0) {
    const node = stack[--depth] ?? 0;
    for (let i = graph.offsets[node] ?? 0; i < (graph.offsets[node + 1] ?? 0); i++) {
      const next = graph.targets[i] ?? 0;
      if (seen[next] === 1 || gone[next] === 1) continue;
      seen[next] = 1;
      stack[depth++] = next;
    }
  }
  return seen;
}
