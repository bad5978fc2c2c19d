import type { CableGraph, PortSide } from '../cable-graph.ts';
import type { Way, WayCable } from './ways.ts';

export interface CordEnd {
  readonly portId: number;
  readonly side: PortSide;
}
/** A cord that is where nobody documented it. */
export interface Cord {
  readonly a: CordEnd;
  readonly b: CordEnd;
}
export interface Proposal {
  /** Cables that go. */
  readonly remove: readonly number[];
  readonly add: readonly Cord[];
}

export interface ProposeInput {
  readonly graph: CableGraph;
  /** The port that sees something, and what it sees. */
  readonly here: { readonly portId: number; readonly way: Way };
  readonly there: { readonly portId: number; readonly way: Way };
  readonly roomOf: (portId: number) => number | null;
  /** Cords that people move; all others stay for decades. */
  readonly isCord: (linkId: number) => boolean;
  /** Installed cables between two rooms with nothing plugged in at either end. */
  readonly freeRuns: (roomA: number, roomB: number) => readonly Cord[];
}

/**
 * What would make the documentation say that two ports are joined: cords to add and cords that must have gone, through panels
 * where only one way fits. null: several ways fit, or none, and a person has to look. Pure.
 */
export function propose(input: ProposeInput): Proposal | null {
  const { here, there } = input;
  if (here.way.kind === 'unclear' || there.way.kind === 'unclear') return null;
  const far = openEnd(input, there);
  if (far === null) return null;
  if (here.way.kind !== 'device') {
    const near = openEnd(input, here);
    const add = near === null ? null : join(input, near.end, far.end);
    return near === null || add === null ? null : { remove: [...near.remove, ...far.remove], add };
  }
  // One of the cords on the way was moved: the one whose near end is where the other port can be reached.
  const room = input.roomOf(far.end.portId);
  const fitting = here.way.cables.filter(
    (cable) => input.isCord(cable.linkId) && room !== null && input.roomOf(cable.from) === room,
  );
  const [moved, another] = fitting;
  if (moved === undefined || another !== undefined) return null;
  const near = { portId: moved.from, side: sideOf(input.graph, moved) };
  return { remove: [moved.linkId, ...far.remove], add: [{ a: near, b: far.end }] };
}

/** Where a cord can be plugged in so that it leads to this port, and what has to go for that. */
function openEnd(
  { graph, isCord }: ProposeInput,
  { portId, way }: ProposeInput['here'],
): { readonly end: CordEnd; readonly remove: readonly number[] } | null {
  if (way.kind === 'none') return { end: { portId, side: 'front' }, remove: [] };
  if (way.kind === 'open') {
    const port = graph.port(way.end);
    const isFree = graph.plugged(way.end, 'front').length === 0;
    return port === undefined || !isFree || way.end === portId
      ? null
      : { end: { portId: way.end, side: 'front' }, remove: [] };
  }
  const [own] = way.cables;
  return own === undefined || !isCord(own.linkId)
    ? null
    : { end: { portId, side: 'front' }, remove: [own.linkId] };
}

function join({ roomOf, freeRuns }: ProposeInput, a: CordEnd, b: CordEnd): readonly Cord[] | null {
  const [roomA, roomB] = [roomOf(a.portId), roomOf(b.portId)];
  if (roomA === null || roomB === null) return null;
  if (roomA === roomB) return [{ a, b }];
  const [run, another] = freeRuns(roomA, roomB);
  if (run === undefined || another !== undefined) return null;
  return [
    { a, b: run.a },
    { a: run.b, b },
  ];
}

function sideOf(graph: CableGraph, cable: WayCable): PortSide {
  return graph.link(cable.linkId)?.ends.find((end) => end.portId === cable.from)?.portSide ?? 'front';
}
