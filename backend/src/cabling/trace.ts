import type { CableGraph, PortSide, WiredPort } from './cable-graph.ts';
import type { Exit, Walker, WayEnd } from './follow.ts';
import { type Arm, type ArmNode, follow } from './layers.ts';
import { pathLength } from './path-length.ts';

export interface PathNode {
  readonly id: number;
  readonly layer: number;
  /** null: the cable ends here, in no port. */
  readonly portId: number | null;
  readonly circuits: readonly number[];
  readonly end: WayEnd | null;
}
export interface PathEdge {
  readonly from: number;
  readonly to: number;
  readonly cableId: number | null;
  readonly circuits: readonly number[];
}

/** A whole path, from left to right; see CablePath in the contract. */
export interface Path {
  readonly nodes: readonly PathNode[];
  readonly edges: readonly PathEdge[];
  readonly complete: boolean;
  readonly active: boolean;
  readonly length: { readonly metres: number; readonly definitive: boolean };
}

/**
 * The path that a port is part of, through cables and panels to whatever is at its ends. From a device's port it leads away to
 * the right; from the middle it is the whole run, told from the end with a device. Nothing is stored, and no documentation,
 * however wrong, makes it run for ever: a circle ends as `loop`.
 */
export function tracePort(graph: CableGraph, portId: number): Path {
  const start = graph.port(portId);
  if (start === undefined) return assemble(graph, [], null);
  const arms = exitsOf(graph, start).map((exit) => follow(graph, walkersAt(graph, start, exit)));
  // At a port where nothing leads one way on, the path is told from there.
  const leading = arms.filter((arm) => arm.nodes.length > 1);
  const used = leading.length > 0 ? leading : arms.slice(0, 1);
  if (used[0]?.ends.has('loop')) return assemble(graph, [used[0]], start);
  return assemble(graph, used, start);
}

/** The path that a cable is part of, told as that of a port in the middle is. A cable without ends has none. */
export function traceCable(graph: CableGraph, linkId: number): Path {
  const ends = graph.link(linkId)?.ends ?? [];
  const [first] = ends;
  return first === undefined ? assemble(graph, [], null) : tracePort(graph, first.portId);
}

/** The port at the other end, when the path tells one. */
export function farEnd(graph: CableGraph, startId: number): number | null {
  const path = tracePort(graph, startId);
  const starts = path.nodes.filter((node) => node.layer === 0);
  const ends = path.nodes.filter((node) => node.end !== null && node.layer > 0);
  const [end] = ends;
  if (end === undefined || ends.length > 1 || end.end === 'split' || end.end === 'loop') return null;
  return starts.some((node) => node.portId === startId) ? end.portId : null;
}

/** Both ends of the run that a port is in the middle of; null at an end, and where the run branches or circles. */
export function runAround(graph: CableGraph, portId: number): readonly [number, number] | null {
  const { hops, end } = trace(graph, portId);
  const [first, last] = [hops[0]?.portId, hops.at(-1)?.portId];
  if (end === 'split' || end === 'loop' || first === undefined || last === undefined) return null;
  return first === portId || last === portId ? null : [first, last];
}

export type TraceEnd = 'complete' | 'open' | 'split' | 'loop';

/** A path that does not branch, port by port. */
export interface Trace {
  /** Ports in order; `linkId` is the cable to the next one, null inside a panel and at the end. */
  readonly hops: readonly { readonly portId: number; readonly linkId: number | null }[];
  readonly end: TraceEnd;
}

/** The path through a port as one line; where it branches, it ends as `split`. */
export function trace(graph: CableGraph, startId: number): Trace {
  const path = tracePort(graph, startId);
  const layers = Map.groupBy(path.nodes, (node) => node.layer);
  const hops: { portId: number; linkId: number | null }[] = [];
  for (let layer = 0; layer < layers.size; layer++) {
    const [node, beside] = layers.get(layer) ?? [];
    if (node === undefined || node.portId === null) break;
    if (beside !== undefined) return { hops, end: 'split' };
    const edge = path.edges.find((each) => each.from === node.id);
    hops.push({ portId: node.portId, linkId: edge?.cableId ?? null });
  }
  if (hops.length === 0) hops.push(...(graph.port(startId) ? [{ portId: startId, linkId: null }] : []));
  const ends = path.nodes.map((node) => node.end);
  const worst = (['loop', 'split'] as const).find((end) => ends.includes(end));
  return { hops, end: worst ?? (path.complete ? 'complete' : 'open') };
}

/** By which ways a path leads away from a port. */
function exitsOf(graph: CableGraph, port: WiredPort): readonly Exit[] {
  if (port.endpoint) return ['front'];
  if (port.twoSided) return ['front', 'rear'];
  return port.wires.length > 0 || graph.fronts(port.id).length > 0 ? ['front', 'inside'] : ['front'];
}

/** Ways that begin at a port: one for each of its lanes, and at the other ports that its cable joins to it. */
function walkersAt(graph: CableGraph, port: WiredPort, exit: Exit): Walker[] {
  const begin = (portId: number, way: Exit, lanes: readonly number[], circuit: number | null): Walker => ({
    portId,
    exit: way,
    lanes,
    circuit,
    whole: !port.endpoint,
    from: null,
  });
  const own =
    port.lanes === 1
      ? [begin(port.id, exit, [], null)]
      : Array.from({ length: port.lanes }, (_, index) => begin(port.id, exit, [index + 1], index));
  if (exit === 'inside' || !port.endpoint) return own;
  return [...own, ...companions(graph, port.id, exit).map((id) => begin(id, 'front', [], null))];
}

/** Ports that a cable without a lane map joins to this one on its own side. */
function companions(graph: CableGraph, portId: number, side: PortSide): number[] {
  return graph
    .plugged(portId, side)
    .filter(({ link }) => link.laneMap === null)
    .flatMap(({ link, end }) =>
      link.ends.filter((each) => each.side === end.side && each.portId !== portId).map((each) => each.portId),
    );
}

function assemble(graph: CableGraph, arms: readonly Arm[], start: WiredPort | null): Path {
  const [first, second] = arms;
  if (first === undefined || start === null)
    return { nodes: [], edges: [], complete: false, active: true, length: { metres: 0, definitive: true } };
  // With two arms, the one that ends at a device is told first; else what is behind the port.
  const [left, right] =
    second === undefined
      ? [null, first]
      : isComplete(first) && !isComplete(second)
        ? [first, second]
        : [second, first];
  const depth = left === null ? 0 : Math.max(...left.nodes.map((node) => node.layer));
  const nodes: PathNode[] = [];
  const ids = new Map<ArmNode, number>();
  const add = (node: ArmNode, layer: number, end: WayEnd | null) => {
    ids.set(node, nodes.length);
    nodes.push({ id: nodes.length, layer, portId: node.portId, circuits: numbers(node.circuits), end });
  };
  for (const node of left?.nodes.toSorted((a, b) => b.layer - a.layer) ?? [])
    if (node.layer > 0) add(node, depth - node.layer, node.end);
  for (const node of right.nodes) {
    const alone = left === null && node.layer === 0;
    add(node, depth + node.layer, alone ? firstEnd(start, node) : node.end);
    // Both arms begin at the same node.
    if (node.layer === 0)
      for (const twin of left?.nodes ?? [])
        if (twin.layer === 0 && twin.portId === node.portId) ids.set(twin, ids.get(node) ?? 0);
  }
  const edges = [
    ...(left?.edges.toReversed().map(({ from, to, linkId, circuits }) => ({
      from: ids.get(to) ?? 0,
      to: ids.get(from) ?? 0,
      cableId: linkId,
      circuits: numbers(circuits),
    })) ?? []),
    ...right.edges.map(({ from, to, linkId, circuits }) => ({
      from: ids.get(from) ?? 0,
      to: ids.get(to) ?? 0,
      cableId: linkId,
      circuits: numbers(circuits),
    })),
  ];
  return {
    nodes,
    edges,
    complete: isComplete(right) && (left === null ? start.endpoint : isComplete(left)),
    active: edges.every(({ cableId }) => cableId === null || graph.link(cableId)?.planned !== true),
    length: pathLength(graph, nodes, edges),
  };
}

/** What the far left of a path is that begins at a port: a device's port, or the end of what is laid. */
function firstEnd(start: WiredPort, node: ArmNode): WayEnd | null {
  if (start.endpoint) return node.end ?? 'endpoint';
  return node.end ?? 'open';
}

function isComplete(arm: Arm): boolean {
  return arm.ends.size === 1 && arm.ends.has('endpoint');
}

function numbers(circuits: ReadonlySet<number | null>): number[] {
  return [...new Set([...circuits].map((circuit) => circuit ?? 0))].sort((a, b) => a - b);
}
