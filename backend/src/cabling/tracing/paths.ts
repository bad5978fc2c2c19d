import type { KnownCables } from '../cable-graph.ts';
import { type Path, traceCable, tracePort } from '../trace.ts';

/** Where paths are asked for. */
export interface Starts {
  readonly ports: readonly number[];
  readonly cables: readonly number[];
}

/**
 * The paths through these ports and cables, in their order, each once: one that lies within another is left out, whatever the
 * direction in which it is told.
 */
export function pathsThrough(graph: KnownCables, { ports, cables }: Starts): Path[] {
  const paths = [
    ...cables.map((id) => traceCable(graph, id)),
    ...ports.map((id) => tracePort(graph, id)),
  ].filter((path) => path.nodes.length > 0);
  const pieces = paths.map(piecesOf);
  const through = new Map<string, number[]>();
  for (const [index, own] of pieces.entries())
    for (const piece of own) {
      const list = through.get(piece);
      if (list === undefined) through.set(piece, [index]);
      else list.push(index);
    }
  return paths.filter((_, index) => {
    const own = pieces[index] ?? new Set();
    const [first = ''] = own;
    return !(through.get(first) ?? []).some((other) => {
      const those = pieces[other] ?? new Set();
      if (other === index || ![...own].every((piece) => those.has(piece))) return false;
      return those.size > own.size || other < index;
    });
  });
}

/** What a path consists of, alike in both directions. */
function piecesOf(path: Path): Set<string> {
  const portOf = new Map(path.nodes.map((node) => [node.id, node.portId ?? 0]));
  const pieces = path.edges.map(({ from, to, cableId }) => {
    const [a = 0, b = 0] = [portOf.get(from) ?? 0, portOf.get(to) ?? 0].toSorted((x, y) => x - y);
    return `${a}-${b}/${cableId}`;
  });
  return new Set(pieces.length > 0 ? pieces : path.nodes.map((node) => `port ${node.portId}`));
}
