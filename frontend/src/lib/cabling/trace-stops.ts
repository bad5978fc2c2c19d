import type { TraceHop } from '@rackhaus/config/contract';

/** One owner on the way, with the ports that the way goes in and out by. */
export interface TraceStop {
  readonly owner: TraceHop['owner'];
  readonly place: string;
  readonly ports: readonly string[];
  /** The link that leads on to the next stop. */
  readonly via: TraceHop['via'];
}

/** Joins the hops inside one owner (a panel's front and rear) to one stop. */
export function traceStops(trace: readonly TraceHop[]): TraceStop[] {
  const stops: TraceStop[] = [];
  for (const hop of trace) {
    const last = stops.at(-1);
    if (last && last.via === null && last.owner.kind === hop.owner.kind && last.owner.id === hop.owner.id) {
      const ports = last.ports.at(-1) === hop.portName ? last.ports : [...last.ports, hop.portName];
      stops[stops.length - 1] = { ...last, ports, via: hop.via };
    } else stops.push({ owner: hop.owner, place: hop.place, ports: [hop.portName], via: hop.via });
  }
  return stops;
}
