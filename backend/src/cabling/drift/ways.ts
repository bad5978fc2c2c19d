import type { CableGraph, PortSide } from '../cable-graph.ts';
import { trace } from '../trace.ts';

/** One cable on a way: from which port to which. */
export interface WayCable {
  readonly linkId: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Where the documentation leads from a port of a device. `device`: to a port of another. `open`: cables lead away, and end at a
 * panel or an outlet. `none`: nothing is plugged in. `unclear`: it splits or runs in a circle.
 */
export type Way =
  | { readonly kind: 'device'; readonly far: number; readonly cables: readonly WayCable[] }
  | { readonly kind: 'open'; readonly end: number; readonly cables: readonly WayCable[] }
  | { readonly kind: 'none' | 'unclear'; readonly cables: readonly WayCable[] };

export const noWay: Way = { kind: 'none', cables: [] };

/** Follows the cables from a device's port to whatever is documented at the other end. */
export function wayFrom(graph: CableGraph, portId: number): Way {
  const [plugged, another] = graph.plugged(portId, 'front');
  if (plugged === undefined) return noWay;
  const own = graph.port(portId);
  const plain = another === undefined && own?.endpoint === true && own.lanes === 1;
  const direct = plain ? straight(graph, portId) : null;
  if (direct !== null) return direct;
  const { hops, end } = trace(graph, portId);
  const cables: WayCable[] = [];
  for (const [index, hop] of hops.entries()) {
    const next = hops[index + 1];
    if (hop.linkId !== null && next !== undefined)
      cables.push({ linkId: hop.linkId, from: hop.portId, to: next.portId });
  }
  const last = hops.at(-1);
  if (last === undefined || hops[0]?.portId !== portId || end === 'split' || end === 'loop')
    return { kind: 'unclear', cables };
  return end === 'complete'
    ? { kind: 'device', far: last.portId, cables }
    : { kind: 'open', end: last.portId, cables };
}

/** More panels in a row than any building has. */
const farthest = 64;

/** Nearly all ways neither branch nor have lanes: they are followed without keeping account of those. null: this one may. */
function straight(graph: CableGraph, portId: number): Way | null {
  const cables: WayCable[] = [];
  let here = portId;
  let side: PortSide = 'front';
  while (cables.length < farthest) {
    const [plugged, another] = graph.plugged(here, side);
    if (plugged === undefined) return { kind: 'open', end: here, cables };
    const { link, end } = plugged;
    const [a, b, more] = link.ends;
    if (another !== undefined || link.laneMap !== null || a === undefined || b === undefined) return null;
    if (more !== undefined || a.side === b.side) return null;
    const there = end.side === a.side ? b : a;
    const port = graph.port(there.portId);
    if (port === undefined || port.lanes > 1 || there.portId === portId) return null;
    cables.push({ linkId: link.id, from: here, to: port.id });
    if (port.endpoint)
      return graph.plugged(port.id, 'front').length > 1 ? null : { kind: 'device', far: port.id, cables };
    if (!port.twoSided) return null;
    here = port.id;
    side = there.portSide === 'front' ? 'rear' : 'front';
  }
  return null;
}
