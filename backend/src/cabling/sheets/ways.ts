import type { CableGraph } from '../cable-graph.ts';
import { type Path, type PathNode, traceCable } from '../trace.ts';

/** Paths of cables, each traced once: what runs in one line is one path for all of its cables. */
export class Paths {
  readonly #graph: CableGraph;
  readonly #known = new Map<number, Path>();

  constructor(graph: CableGraph) {
    this.#graph = graph;
  }

  of(linkId: number): Path {
    const known = this.#known.get(linkId);
    if (known !== undefined) return known;
    const path = traceCable(this.#graph, linkId);
    this.#known.set(linkId, path);
    if (isOneLine(path))
      for (const { cableId } of path.edges)
        if (cableId !== null && !this.#known.has(cableId)) this.#known.set(cableId, path);
    return path;
  }
}

function isOneLine(path: Path): boolean {
  const layers = new Set(path.nodes.map((node) => node.layer));
  return layers.size === path.nodes.length && path.nodes.every((node) => node.end !== 'loop');
}

/** Where what a cable carries ends, to its left and to its right. */
export function endsOf(path: Path, linkId: number): { left: PathNode[]; right: PathNode[] } {
  const own = path.edges.filter((edge) => edge.cableId === linkId);
  const layerOf = (id: number) => path.nodes.find((node) => node.id === id)?.layer ?? 0;
  const circuits = new Set(own.flatMap((edge) => edge.circuits));
  const from = Math.min(...own.map((edge) => layerOf(edge.from)));
  const ends = path.nodes.filter(
    (node) => node.end !== null && node.circuits.some((circuit) => circuits.has(circuit)),
  );
  return {
    left: ends.filter((node) => node.layer <= from),
    right: ends.filter((node) => node.layer > from),
  };
}

/** Ports at which a path ends, and the ends of cables that hang open (portId null). */
export function pathEnds(path: Path): PathNode[] {
  return path.nodes.filter((node) => node.end !== null);
}
