import { type FlowGraph, reversed } from './flow-graph.ts';

/**
 * What lies on every way from the root. `immediate[i]`: the last node that every way to i passes (-1: not reachable; the root is
 * its own).
 */
export interface Dominators {
  readonly immediate: Int32Array;
}

/**
 * Dominators by the method of Cooper, Harvey and Kennedy ("A Simple, Fast Dominance Algorithm", 2001): nodes in reverse
 * postorder, until nothing changes. Linear in practice for networks. `gone`: 1 for nodes that are not there. `before`: the
 * graph the other way round, for who asks more than once.
 */
export function dominators(
  graph: FlowGraph,
  root: number,
  gone: Uint8Array,
  before = reversed(graph),
): Dominators {
  const { order, number } = postorder(graph, root, gone);
  const immediate = new Int32Array(graph.size).fill(-1);
  if (order.length === 0) return { immediate };
  immediate[root] = root;
  for (let changed = true; changed; ) {
    changed = false;
    for (let n = order.length - 2; n >= 0; n--) {
      const node = order[n] ?? 0;
      let found = -1;
      for (let i = before.offsets[node] ?? 0; i < (before.offsets[node + 1] ?? 0); i++) {
        const from = before.targets[i] ?? 0;
        if ((immediate[from] ?? -1) < 0) continue;
        found = found < 0 ? from : common(immediate, number, found, from);
      }
      if (found !== immediate[node]) {
        immediate[node] = found;
        changed = true;
      }
    }
  }
  return { immediate };
}

/** All nodes that every way to `node` passes, nearest first, without the node itself and the root. */
export function dominatorsOf({ immediate }: Dominators, root: number, node: number): number[] {
  const found: number[] = [];
  for (let at = immediate[node] ?? -1; at >= 0 && at !== root; at = immediate[at] ?? -1) found.push(at);
  return found;
}

/** The nearest node that is on every way to both. */
function common(immediate: Int32Array, number: Int32Array, one: number, other: number): number {
  let a = one;
  let b = other;
  while (a !== b) {
    while ((number[a] ?? 0) < (number[b] ?? 0)) a = immediate[a] ?? 0;
    while ((number[b] ?? 0) < (number[a] ?? 0)) b = immediate[b] ?? 0;
  }
  return a;
}

/** Reachable nodes in postorder, the root last, and the place of each in it. Without recursion: chains may be long. */
function postorder(graph: FlowGraph, root: number, gone: Uint8Array) {
  const order = new Int32Array(graph.size);
  const number = new Int32Array(graph.size).fill(-1);
  let count = 0;
  if (gone[root] !== 1) {
    const next = graph.offsets.slice(0, graph.size);
    const seen = new Uint8Array(graph.size);
    const stack = new Int32Array(graph.size);
    let depth = 1;
    stack[0] = root;
    seen[root] = 1;
    while (depth > 0) {
      const node = stack[depth - 1] ?? 0;
      const at = next[node] ?? 0;
      if (at < (graph.offsets[node + 1] ?? 0)) {
        next[node] = at + 1;
        const to = graph.targets[at] ?? 0;
        if (seen[to] === 1 || gone[to] === 1) continue;
        seen[to] = 1;
        stack[depth++] = to;
      } else {
        depth--;
        number[node] = count;
        order[count++] = node;
      }
    }
  }
  return { order: order.subarray(0, count), number };
}
