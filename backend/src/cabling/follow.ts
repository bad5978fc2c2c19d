import type { CableGraph, LinkSide, PluggedIn, PortSide, WiredPort } from './cable-graph.ts';

/** How a way ends; see traceEnds in the contract. */
export type WayEnd = 'endpoint' | 'open' | 'split' | 'loop';

/** How a port is left: through the panel, or by the cable on one of its sides. */
export type Exit = 'inside' | PortSide;

/** One way under way: it stands at a port and is about to leave it. */
export interface Walker {
  readonly portId: number;
  readonly exit: Exit;
  /** Lanes that were taken into trunks, the innermost last: chosen at the near panel, needed again at the far one. */
  readonly lanes: readonly number[];
  /** Which of several circuits this is; null while there is only one. */
  readonly circuit: number | null;
  /** It stands for everything that the port carries: where a trunk begins, it takes all lanes. */
  readonly whole: boolean;
  /** Where it came from, to see circles. */
  readonly from: Walker | null;
}

/** Where a step leads: on, or to the end of the way. */
export interface Arrival {
  /** null: the cable ends in no port. */
  readonly portId: number | null;
  readonly linkId: number | null;
  readonly circuit: number | null;
  /** Exactly one of `next` and `end` is not null. */
  readonly next: Walker | null;
  readonly end: WayEnd | null;
}

/** More trunks within trunks than anybody lays. */
const deepest = 32;

/** One step of a way. An end without arrival: it cannot leave the port where it stands. */
export function step(graph: CableGraph, walker: Walker): readonly Arrival[] | WayEnd {
  return walker.exit === 'inside' ? throughPanel(graph, walker) : alongCable(graph, walker, walker.exit);
}

function alongCable(graph: CableGraph, walker: Walker, side: PortSide): readonly Arrival[] | WayEnd {
  const plugged = graph.plugged(walker.portId, side);
  if (plugged.length > 1) return 'split';
  const [here] = plugged;
  if (here === undefined) return 'open';
  const { link } = here;
  if (link.laneMap !== null) return throughLaneMap(graph, walker, here);
  const ends = link.ends.filter((end) => end.side !== here.end.side);
  if (ends.length === 0) return [hanging(walker, link.id, link.provider)];
  return ends.map((end) =>
    arrive(graph, walker, {
      portId: end.portId,
      linkId: link.id,
      side: end.portSide,
      lanes: walker.lanes,
      circuit: walker.circuit,
    }),
  );
}

function throughLaneMap(graph: CableGraph, walker: Walker, { link, end }: PluggedIn) {
  const map = link.laneMap;
  if (map === null) return 'open';
  const own = end.side === 'a' ? map.a : map.b;
  const other = end.side === 'a' ? map.b : map.a;
  const farSide: LinkSide = end.side === 'a' ? 'b' : 'a';
  const ways = laneChoices(walker, own[end.connector - 1] ?? 1);
  const arrivals: Arrival[] = [];
  for (const { lane, rest, circuit } of ways)
    for (const [ca, la, cb, lb] of map.pairs) {
      const near = end.side === 'a' ? [ca, la] : [cb, lb];
      if (near[0] !== end.connector || near[1] !== lane) continue;
      const [connector, farLane] = end.side === 'a' ? [cb, lb] : [ca, la];
      const far = link.ends.find((each) => each.side === farSide && each.connector === connector);
      const lanes = (other[connector - 1] ?? 1) > 1 ? [...rest, farLane] : rest;
      arrivals.push(
        far === undefined
          ? hanging({ ...walker, circuit }, link.id, link.provider)
          : arrive(graph, walker, {
              portId: far.portId,
              linkId: link.id,
              side: far.portSide,
              lanes,
              circuit,
            }),
      );
    }
  // A dark fibre: the connector has the lane, and it leads nowhere.
  return arrivals.length === 0 ? 'open' : arrivals;
}

function throughPanel(graph: CableGraph, walker: Walker): readonly Arrival[] | WayEnd {
  const port = graph.port(walker.portId);
  if (port === undefined) return 'open';
  const on = (portId: number, lanes: readonly number[], circuit: number | null) =>
    arrive(graph, walker, { portId, linkId: null, side: null, lanes, circuit });
  if (port.wires.length > 0) {
    const arrivals = laneChoices(walker, port.lanes).flatMap(({ lane, rest, circuit }) =>
      port.wires
        .filter((wire) => wire.lane === lane)
        .map(({ rearId, rearLane }) => on(rearId, carried(graph.port(rearId), rest, rearLane), circuit)),
    );
    return arrivals.length === 0 ? 'open' : arrivals;
  }
  const fronts = graph.fronts(port.id);
  if (fronts.length === 0) return 'open';
  if (port.lanes > 1 && walker.lanes.length === 0 && !walker.whole) return 'split';
  const arrivals = laneChoices(walker, port.lanes).flatMap(({ lane, rest, circuit }) =>
    fronts
      .filter((front) => port.lanes === 1 || front.rearLane === lane)
      .map((front) => on(front.portId, carried(graph.port(front.portId), rest, front.lane), circuit)),
  );
  return arrivals.length === 0 ? 'open' : arrivals;
}

/** Into which lanes of a connector with so many of them a way goes: the one it is in, or all of them. */
function laneChoices(walker: Walker, count: number) {
  if (count === 1) return [{ lane: 1, rest: walker.lanes, circuit: walker.circuit }];
  const lane = walker.lanes.at(-1);
  if (lane !== undefined) return [{ lane, rest: walker.lanes.slice(0, -1), circuit: walker.circuit }];
  return Array.from({ length: count }, (_, index) => ({
    lane: index + 1,
    rest: walker.lanes,
    circuit: walker.circuit ?? index,
  }));
}

/** A port of several lanes remembers which one it is. */
function carried(port: WiredPort | undefined, lanes: readonly number[], lane: number): readonly number[] {
  return port !== undefined && port.lanes > 1 ? [...lanes, lane] : lanes;
}

function hanging(walker: Walker, linkId: number, provider: boolean): Arrival {
  return {
    portId: null,
    linkId,
    circuit: walker.circuit,
    next: null,
    end: provider ? 'endpoint' : 'open',
  };
}

interface Reached {
  readonly portId: number;
  readonly linkId: number | null;
  /** On which side the cable ends; null: reached from within the panel. */
  readonly side: PortSide | null;
  readonly lanes: readonly number[];
  readonly circuit: number | null;
}

function arrive(graph: CableGraph, from: Walker, reached: Reached): Arrival {
  const { portId, linkId, circuit } = reached;
  const ended = (end: WayEnd): Arrival => ({ portId, linkId, circuit, next: null, end });
  const port = graph.port(portId);
  if (port === undefined) return ended('open');
  if (port.endpoint) return ended('endpoint');
  const exit = exitOf(graph, port, reached.side);
  if (exit === null) return ended('open');
  const next: Walker = { portId, exit, lanes: reached.lanes, circuit, whole: from.whole, from };
  if (next.lanes.length > deepest || wasHere(next)) return ended('loop');
  return { portId, linkId, circuit, next, end: null };
}

/** By which way on a port is left that was reached by a cable on one side, or from within the panel (null). */
function exitOf(graph: CableGraph, port: WiredPort, side: PortSide | null): Exit | null {
  if (port.twoSided) return side === 'rear' ? 'front' : 'rear';
  if (side === null) return 'front';
  return port.wires.length > 0 || graph.fronts(port.id).length > 0 ? 'inside' : null;
}

/**
 * Whether this way left the same port in the same direction and lane before. Only the innermost lane counts: a circle through a
 * trunk goes one lane deeper with every round.
 */
function wasHere(walker: Walker): boolean {
  const lane = walker.lanes.at(-1);
  for (let before = walker.from; before !== null; before = before.from)
    if (before.portId === walker.portId && before.exit === walker.exit && before.lanes.at(-1) === lane)
      return true;
  return false;
}
