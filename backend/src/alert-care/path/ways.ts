import { impactOf, type Loss } from '../../cabling/graph/impact.ts';
import { type Connection, type Gone, SiteGraph } from '../../cabling/graph/site-graph.ts';

/** What a channel needs besides this server. */
export interface Need {
  /** A way out of the house. */
  readonly outside: boolean;
  /** Documented devices that have to be reached: the mail server, what the modem hangs on. */
  readonly devices: readonly number[];
}

/** The documented graph as this server sees it: its network begins where the house is left. */
export interface Ways {
  readonly site: SiteGraph;
  /** On which device this server runs. */
  readonly server: number;
}

/** What is true of devices while something is gone. */
interface While {
  readonly gone: Gone;
  readonly losses: ReadonlyMap<number, Loss>;
}

/** So many devices are tried, nearest first; what is farther away is not on the way to anything. */
const mostTried = 400;

/** `uplinks`: devices behind which the internet is; none: where the network begins by the documentation. */
export function waysFrom(site: SiteGraph, server: number, uplinks: ReadonlySet<number>): Ways {
  if (uplinks.size === 0) return { site, server };
  return {
    server,
    site: new SiteGraph({
      // A provider's box that only ends a line lets all traffic through.
      devices: site.devices.map((device) => ({
        ...device,
        networkSource: uplinks.has(device.id),
        transit: device.transit || uplinks.has(device.id),
      })),
      network: site.network.connections,
      power: site.power.connections,
    }),
  };
}

export function gone(deviceIds: Iterable<number>, cableIds: Iterable<number> = []): Gone {
  return { devices: new Set(deviceIds), cables: new Set(cableIds), ports: new Set() };
}

/** Which of these needs cannot be met while something is gone. */
export function unmet<N extends Need>({ site, server }: Ways, without: Gone, needs: readonly N[]): N[] {
  const then: While = { gone: without, losses: impactOf(site, without) };
  if (isDark(then, server)) return [...needs];
  const off = isCutOff(then, server);
  return needs.filter(
    (need) =>
      (need.outside && off) || need.devices.some((device) => device !== server && isCutOff(then, device)),
  );
}

/** Whether the server has, by the documentation, any way out of the house. */
export function hasWayOut({ site, server }: Ways): boolean {
  const node = site.node(server);
  return node !== undefined && (site.network.whole.immediate[node] ?? -1) >= 0;
}

function isDark({ gone: { devices }, losses }: While, device: number): boolean {
  return devices.has(device) || losses.get(device) === 'power';
}

function isCutOff(then: While, device: number): boolean {
  return isDark(then, device) || then.losses.get(device) === 'network';
}

/** Devices whose fault may matter, nearest to the server first: along the network, and what feeds that. */
export function nearby({ site, server }: Ways, further: readonly number[]): number[] {
  const around = neighbours(site.network.connections, 'both');
  const feeding = neighbours(site.power.connections, 'back');
  const seen = new Set([server, ...further]);
  for (const here of seen) {
    if (seen.size >= mostTried) break;
    const passesOn =
      here === server || further.includes(here) || site.devices[(site.node(here) ?? 0) - 1]?.transit === true;
    for (const next of [...(passesOn ? (around.get(here) ?? []) : []), ...(feeding.get(here) ?? [])])
      seen.add(next);
  }
  return [...seen].slice(0, mostTried);
}

function neighbours(connections: readonly Connection[], direction: 'both' | 'back'): Map<number, number[]> {
  const map = new Map<number, number[]>();
  const add = (from: number, to: number) => {
    const list = map.get(from);
    if (list === undefined) map.set(from, [to]);
    else list.push(to);
  };
  for (const { from, to } of connections) {
    add(to, from);
    if (direction === 'both') add(from, to);
  }
  return map;
}
