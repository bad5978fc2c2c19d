import type { CableGraph, WiredLink } from '../cable-graph.ts';
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
  const direct = another === undefined ? straight(graph, portId, plugged.link) : null;
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

/** Most cords lead from one device straight to another. */
function straight(graph: CableGraph, portId: number, link: WiredLink): Way | null {
  if (link.laneMap !== null || link.ends.length !== 2) return null;
  const far = link.ends.find((end) => end.portId !== portId);
  const port = far === undefined ? undefined : graph.port(far.portId);
  const own = graph.port(portId);
  if (
    far === undefined ||
    port?.endpoint !== true ||
    port.lanes > 1 ||
    own?.endpoint !== true ||
    own.lanes > 1
  )
    return null;
  if (link.ends[0]?.side === link.ends[1]?.side || graph.plugged(far.portId, 'front').length > 1) return null;
  return { kind: 'device', far: far.portId, cables: [{ linkId: link.id, from: portId, to: far.portId }] };
}
