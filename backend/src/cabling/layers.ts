import type { CableGraph } from './cable-graph.ts';
import { step, type Walker, type WayEnd } from './follow.ts';

export interface ArmNode {
  /** Steps from the beginning of the arm. */
  readonly layer: number;
  readonly portId: number | null;
  readonly circuits: Set<number | null>;
  /** Of the ways that end here; null while one leads on. */
  end: WayEnd | null;
}
export interface ArmEdge {
  readonly from: ArmNode;
  readonly to: ArmNode;
  readonly linkId: number | null;
  readonly circuits: Set<number | null>;
}

/** All ways that begin side by side and lead in one direction. */
export interface Arm {
  readonly nodes: readonly ArmNode[];
  readonly edges: readonly ArmEdge[];
  /** Ends of all ways, those too that end where others lead on. */
  readonly ends: ReadonlySet<WayEnd>;
}

/** More steps than any cabling needs, all lanes of all trunks together; what cables joined crosswise can make of it ends here. */
const mostSteps = 20_000;

/** Follows ways step by step, all of them at once: what is passed side by side stands in one layer. */
export function follow(graph: CableGraph, starts: readonly Walker[]): Arm {
  const edges: ArmEdge[] = [];
  const ends = new Set<WayEnd>();
  const first = new Layer(0);
  let moving = starts.map((walker) => ({ walker, node: first.node(walker.portId, null, walker.circuit) }));
  const nodes: ArmNode[] = [...first.nodes()];
  let steps = 0;
  for (let layer = 1; moving.length > 0; layer++) {
    const reached = new Layer(layer);
    const next = new Map<string, { walker: Walker; node: ArmNode }>();
    for (const { walker, node } of moving) {
      const arrivals = ++steps > mostSteps ? 'loop' : step(graph, walker);
      if (typeof arrivals === 'string') {
        ends.add(arrivals);
        node.end ??= arrivals;
        continue;
      }
      for (const arrival of arrivals) {
        const to = reached.node(arrival.portId, arrival.linkId, arrival.circuit);
        join(edges, node, to, arrival.linkId, arrival.circuit);
        if (arrival.end !== null) {
          ends.add(arrival.end);
          to.end ??= arrival.end;
        }
        if (arrival.next !== null) next.set(keyOf(arrival.next), { walker: arrival.next, node: to });
      }
    }
    nodes.push(...reached.nodes());
    moving = [...next.values()];
  }
  const led = new Set(edges.map((edge) => edge.from));
  for (const node of nodes) if (led.has(node)) node.end = null;
  return { nodes, edges, ends };
}

/** Nodes of one layer by what they are. */
class Layer {
  readonly #layer: number;
  readonly #nodes = new Map<string, ArmNode>();

  constructor(layer: number) {
    this.#layer = layer;
  }

  node(portId: number | null, linkId: number | null, circuit: number | null): ArmNode {
    const key = portId === null ? `cable/${linkId}/${circuit}` : `${portId}`;
    const known = this.#nodes.get(key);
    if (known !== undefined) {
      known.circuits.add(circuit);
      return known;
    }
    const made: ArmNode = { layer: this.#layer, portId, circuits: new Set([circuit]), end: null };
    this.#nodes.set(key, made);
    return made;
  }
  nodes(): Iterable<ArmNode> {
    return this.#nodes.values();
  }
}

function join(edges: ArmEdge[], from: ArmNode, to: ArmNode, linkId: number | null, circuit: number | null) {
  // Edges of one step come together, so that the search from the end is short.
  const known = edges.findLast((edge) => edge.from === from && edge.to === to && edge.linkId === linkId);
  if (known === undefined) edges.push({ from, to, linkId, circuits: new Set([circuit]) });
  else known.circuits.add(circuit);
}

function keyOf({ portId, exit, lanes, circuit }: Walker): string {
  return `${portId}/${exit}/${lanes.join()}/${circuit}`;
}
