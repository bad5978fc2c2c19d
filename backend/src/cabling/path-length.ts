import type { CableGraph } from './cable-graph.ts';
import type { PathEdge, PathNode } from './trace.ts';

/** Metres of the longest way through a path, by the cables whose length is known; definitive when all of them are. */
export function pathLength(
  graph: CableGraph,
  nodes: readonly PathNode[],
  edges: readonly PathEdge[],
): { metres: number; definitive: boolean } {
  const into = Map.groupBy(edges, (edge) => edge.to);
  const upTo = new Map<number, number>();
  let definitive = true;
  let metres = 0;
  for (const node of nodes.toSorted((a, b) => a.layer - b.layer)) {
    let longest = 0;
    for (const edge of into.get(node.id) ?? []) {
      const link = edge.cableId === null ? undefined : graph.link(edge.cableId);
      const length = edge.cableId === null ? 0 : (link?.length ?? null);
      if (length === null || link?.toCheck === true) definitive = false;
      longest = Math.max(longest, (upTo.get(edge.from) ?? 0) + (length ?? 0));
    }
    upTo.set(node.id, longest);
    metres = Math.max(metres, longest);
  }
  // Lengths are kept to the centimetre: sums of them shall not show what binary fractions make of it.
  return { metres: Math.round(metres * 100) / 100, definitive };
}
