/** A port as far as cables are concerned. */
export interface WiredPort {
  readonly id: number;
  /** Cables end here: a device's own port. All others lead on. */
  readonly endpoint: boolean;
  /** A front port of a panel: the rear port behind it and the lane there. */
  readonly inner: { readonly rearId: number; readonly lane: number } | null;
  /** Lanes of a rear port; 1 for all others. */
  readonly lanes: number;
}

/** One cable as seen from one of its ports. */
export interface WiredLink {
  readonly id: number;
  readonly farPortId: number;
}

/** What a trace asks of the documentation. */
export interface CableGraph {
  port(id: number): WiredPort | undefined;
  /** Cables at a port: one, or two at a jack, which has a front and a rear side. */
  links(portId: number): readonly WiredLink[];
  /** Front ports wired to a rear port, with their lanes. */
  fronts(rearId: number): readonly { readonly portId: number; readonly lane: number }[];
}

export type TraceEnd = 'complete' | 'open' | 'split' | 'loop';

export interface Trace {
  /** Ports in order; `linkId` is the cable to the next one, null inside a panel and at the end. */
  readonly hops: readonly { readonly portId: number; readonly linkId: number | null }[];
  readonly end: TraceEnd;
}

type Step = { readonly portId: number; readonly linkId: number | null };
type Arm = { readonly steps: readonly Step[]; readonly end: TraceEnd };

/**
 * Follows the cables from a port, through panels, to whatever is at the other end. Begun at a device's port it leads away
 * from there; begun in the middle it gives the whole run, from one end to the other. Nothing is stored, and no
 * documentation, however wrong, makes it run for ever: a circle ends as `loop`.
 *
 * `complete`: a device's port at both ends. `open`: it ends at a panel, an outlet or an empty port. `split`: several ways
 * lead on and nothing says which.
 */
export function trace(graph: CableGraph, startId: number): Trace {
  const start = graph.port(startId);
  if (start === undefined) return { hops: [], end: 'open' };
  const [first, second] = armsFrom(graph, start);
  if (first === undefined) return { hops: [{ portId: startId, linkId: null }], end: 'open' };
  const forward = join(startId, first);
  if (second === undefined) {
    const end = first.end === 'complete' && !start.endpoint ? 'open' : first.end;
    return { hops: forward, end };
  }
  if (first.end === 'loop') return { hops: forward, end: 'loop' };
  const end = worse(first.end, second.end);
  const backward = join(startId, second);
  // A run with a device at one end only is told from there.
  return first.end === 'complete' && second.end !== 'complete'
    ? { hops: wholeRun(forward, backward), end }
    : { hops: wholeRun(backward, forward), end };
}

/** The port at the other end, when the trace tells one: the last of a way that neither splits nor circles. */
export function farEnd(graph: CableGraph, startId: number): number | null {
  const { hops, end } = trace(graph, startId);
  if (end === 'split' || end === 'loop' || hops.length < 2 || hops[0]?.portId !== startId) return null;
  return hops.at(-1)?.portId ?? null;
}

/** Both ends of the run that a port is in the middle of; null at an end, and where the run splits or circles. */
export function runAround(graph: CableGraph, portId: number): readonly [number, number] | null {
  const { hops, end } = trace(graph, portId);
  const [first, last] = [hops[0]?.portId, hops.at(-1)?.portId];
  if (end === 'split' || end === 'loop' || first === undefined || last === undefined) return null;
  return first === portId || last === portId ? null : [first, last];
}

/** The ways that lead away from a port: along its cables, and through the panel. */
function armsFrom(graph: CableGraph, start: WiredPort): Arm[] {
  const arms = graph.links(start.id).map((link) => follow(graph, start, { kind: 'link', link }));
  if (start.inner !== null || graph.fronts(start.id).length > 0)
    arms.push(follow(graph, start, { kind: 'inside' }));
  // The way out of the panel is the far side for who looks at the port.
  return arms;
}

type Move = { readonly kind: 'link'; readonly link: WiredLink } | { readonly kind: 'inside' };

function follow(graph: CableGraph, start: WiredPort, firstMove: Move): Arm {
  const steps: Step[] = [];
  /** Lanes of the trunks that the way is inside of: taken at the near panel, needed again at the far one. */
  const lanes: number[] = [];
  const seen = new Set([`${start.id}|`]);
  let here = start;
  let move: Move | TraceEnd = firstMove;
  for (;;) {
    if (typeof move === 'string') return { steps, end: move };
    const cable: WiredLink | null = move.kind === 'link' ? move.link : null;
    const nextId: number | TraceEnd = cable === null ? inside(graph, here, lanes) : cable.farPortId;
    if (typeof nextId === 'string') return { steps, end: nextId };
    const next = graph.port(nextId);
    if (next === undefined) return { steps, end: 'open' };
    steps.push({ portId: next.id, linkId: cable?.id ?? null });
    const state = `${next.id}|${lanes.join()}`;
    if (seen.has(state) || next.id === start.id || lanes.length > 32) return { steps, end: 'loop' };
    seen.add(state);
    here = next;
    move = onward(graph, next, cable);
  }
}

/** From a port that was reached: out by its other cable, or through the panel. */
function onward(graph: CableGraph, port: WiredPort, cameBy: WiredLink | null): Move | TraceEnd {
  if (port.endpoint) return 'complete';
  const others = graph.links(port.id).filter((link) => link.id !== cameBy?.id);
  const hasInside = port.inner !== null || graph.fronts(port.id).length > 0;
  if (cameBy !== null && hasInside) return { kind: 'inside' };
  if (others.length > 1) return 'split';
  const [link] = others;
  return link === undefined ? 'open' : { kind: 'link', link };
}

/** Through a panel: from a front port to the rear, remembering the lane, or from the rear to the front of that lane. */
function inside(graph: CableGraph, port: WiredPort, lanes: number[]): number | TraceEnd {
  if (port.inner !== null) {
    const rear = graph.port(port.inner.rearId);
    if (rear === undefined) return 'open';
    if (rear.lanes > 1) lanes.push(port.inner.lane);
    return rear.id;
  }
  const fronts = graph.fronts(port.id);
  if (port.lanes === 1) return fronts[0]?.portId ?? 'open';
  const lane = lanes.pop();
  if (lane === undefined) return fronts.length === 0 ? 'open' : 'split';
  return fronts.find((front) => front.lane === lane)?.portId ?? 'open';
}

function join(startId: number, arm: Arm): Step[] {
  const ports = [startId, ...arm.steps.map((step) => step.portId)];
  return ports.map((portId, index) => ({ portId, linkId: arm.steps[index]?.linkId ?? null }));
}

/** One run out of two that begin at the same port: the first one backwards, then the second. */
function wholeRun(backward: readonly Step[], forward: readonly Step[]): Step[] {
  const reversed = backward
    .map((step, index) => ({ portId: step.portId, linkId: backward[index - 1]?.linkId ?? null }))
    .toReversed()
    .slice(0, -1);
  // Reversed, the cable that led to a port is the one that leads on from it.
  return [...reversed, ...forward];
}

function worse(a: TraceEnd, b: TraceEnd): TraceEnd {
  const order: readonly TraceEnd[] = ['loop', 'split', 'open', 'complete'];
  return order.find((end) => end === a || end === b) ?? 'open';
}
