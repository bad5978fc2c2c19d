import type { LaneMap } from '@rackhaus/config/contract';

export type PortSide = 'front' | 'rear';
export type LinkSide = 'a' | 'b';

/** A lane of a front port, and the lane of a rear port that it is wired to inside the panel. */
export interface Wire {
  readonly lane: number;
  readonly rearId: number;
  readonly rearLane: number;
}

/** A port as far as cables are concerned. */
export interface WiredPort {
  readonly id: number;
  /** Cables end here: a device's own port. All others lead on. */
  readonly endpoint: boolean;
  /** A jack: what comes in front goes out behind. */
  readonly twoSided: boolean;
  /** Fibres or pairs that it carries apart from each other; 1: everything in it goes the same way. */
  readonly lanes: number;
  /** Of a front port of a panel. */
  readonly wires: readonly Wire[];
}

export interface WiredEnd {
  readonly side: LinkSide;
  /** Which connector of its side, from 1. */
  readonly connector: number;
  readonly portId: number;
  readonly portSide: PortSide;
}

export interface WiredLink {
  readonly id: number;
  /** In the order of side and connector; one that hangs open has ends on one side only. */
  readonly ends: readonly WiredEnd[];
  /** null: all ports of a side act together. */
  readonly laneMap: LaneMap | null;
  /** Belongs to a provider: where it leaves what is documented here, it is not open. */
  readonly provider: boolean;
  readonly planned: boolean;
  /** Metres; null: not known. */
  readonly length: number | null;
  /** An end has moved, so that the length may be another. */
  readonly toCheck: boolean;
}

/** Where a link is plugged into a port. */
export interface PluggedIn {
  readonly link: WiredLink;
  readonly end: WiredEnd;
}

/** What a trace asks of the documentation. */
export interface CableGraph {
  port(id: number): WiredPort | undefined;
  link(id: number): WiredLink | undefined;
  /** What is plugged into a port; more than one only where somebody plans it so. */
  plugged(portId: number, side: PortSide): readonly PluggedIn[];
  /** Lanes of front ports that are wired to a rear port, in the order of its lanes. */
  fronts(
    rearId: number,
  ): readonly { readonly portId: number; readonly lane: number; readonly rearLane: number }[];
}

/** A graph of ports and links that are in memory. */
export class KnownCables implements CableGraph {
  readonly #ports = new Map<number, WiredPort>();
  readonly #links = new Map<number, WiredLink>();
  readonly #plugged = new Map<number, PluggedIn[]>();
  readonly #fronts = new Map<number, { portId: number; lane: number; rearLane: number }[]>();

  constructor(ports: Iterable<WiredPort>, links: Iterable<WiredLink>) {
    for (const port of ports) {
      this.#ports.set(port.id, port);
      for (const { lane, rearId, rearLane } of port.wires)
        append(this.#fronts, rearId, { portId: port.id, lane, rearLane });
    }
    for (const fronts of this.#fronts.values())
      fronts.sort((a, b) => a.rearLane - b.rearLane || a.portId - b.portId);
    for (const link of links) {
      this.#links.set(link.id, link);
      for (const end of link.ends) append(this.#plugged, placeKey(end.portId, end.portSide), { link, end });
    }
  }

  port(id: number): WiredPort | undefined {
    return this.#ports.get(id);
  }
  link(id: number): WiredLink | undefined {
    return this.#links.get(id);
  }
  plugged(portId: number, side: PortSide): readonly PluggedIn[] {
    return this.#plugged.get(placeKey(portId, side)) ?? nothing;
  }
  fronts(rearId: number) {
    return this.#fronts.get(rearId) ?? [];
  }
  ports(): IterableIterator<WiredPort> {
    return this.#ports.values();
  }
  links(): IterableIterator<WiredLink> {
    return this.#links.values();
  }
}

const nothing: readonly PluggedIn[] = [];

/** A number, because making a text of it costs more than all the rest of a look. */
function placeKey(portId: number, side: PortSide): number {
  return side === 'front' ? 2 * portId : 2 * portId + 1;
}

/** Ends as a link holds them, whatever the order in which they were entered. */
export function inOrder(ends: readonly WiredEnd[]): readonly WiredEnd[] {
  return ends.toSorted(
    (a, b) => a.side.localeCompare(b.side) || a.connector - b.connector || a.portId - b.portId,
  );
}

/** Wires of a front port whose lanes lead to consecutive lanes of one rear port. */
export function wiresInARow(lanes: number, rearId: number, firstRearLane: number): readonly Wire[] {
  return Array.from({ length: lanes }, (_, index) => ({
    lane: index + 1,
    rearId,
    rearLane: firstRearLane + index,
  }));
}

/** Adds to the list of a key. */
export function append<K, T>(lists: Map<K, T[]>, key: K, value: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
