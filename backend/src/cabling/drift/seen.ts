import type { Observation, Sightings } from '@rackhaus/config/contract';
import { edgeSightings } from './edge.ts';
import type { Directory } from './match.ts';
import { Uplinks } from './uplinks.ts';

/** Something that a device sees at the other end of one of its documented ports. */
export interface Seen {
  /** The documented port that sees it. */
  readonly portId: number;
  readonly source: 'lldp' | 'cdp' | 'fdb';
  /** null: nobody of the documentation. */
  readonly deviceId: number | null;
  /** null: which of its ports is not known. */
  readonly farPortId: number | null;
  /** In the device's own words. */
  readonly text: string;
  /** ms since 1970 */
  readonly time: number;
}

/** Whether a port has a link, and since when as far as is known. */
export interface LinkState {
  readonly up: boolean;
  readonly since: number;
}

export interface SeenInput {
  readonly observations: ReadonlyMap<number, Observation>;
  readonly sightings: ReadonlyMap<number, Sightings>;
  readonly directory: Directory;
  /** Devices whose ports lead on to others: switches, routers, firewalls. */
  readonly passesOn: (deviceId: number) => boolean;
  /** Where the documentation leads from a port: the device at the other end; null: nowhere. */
  readonly documentedFar: (portId: number) => number | null;
  /** Devices that answer now; what others last said may be hours old. */
  readonly heardAt: (deviceId: number) => number | null;
  /** A port without a link sees nobody, whatever its device remembers. */
  readonly link: (portId: number) => LinkState | undefined;
}

/** What all devices see, by port: their neighbours, and at ports without any, the owners of the addresses learned there. */
export function seenByPort(input: SeenInput): Map<number, Seen[]> {
  const { observations, directory } = input;
  const seen = new Map<number, Seen[]>();
  const uplinks = new Uplinks(input);
  const add = (each: Seen) => {
    const list = seen.get(each.portId);
    if (list === undefined) seen.set(each.portId, [each]);
    else list.push(each);
  };
  for (const { deviceId, time, neighbours } of observations.values())
    for (const neighbour of neighbours) {
      const met = directory.neighbour(neighbour);
      // A switch that hears itself: a loop at its own ports is a connection, an echo at the same port is none.
      if (met !== null) uplinks.sees(deviceId, neighbour.localPort, met.deviceId);
      const portId = directory.ownPort(deviceId, neighbour.localPort);
      if (portId === null || portId === met?.portId || input.link(portId)?.up === false) continue;
      add({
        portId,
        source: neighbour.protocol,
        deviceId: met?.deviceId ?? null,
        farPortId: met?.portId ?? null,
        text: `${neighbour.remoteName} ${neighbour.remotePort}`.trim(),
        time: input.heardAt(deviceId) ?? time,
      });
    }
  for (const each of edgeSightings(input.sightings.values(), (id, port) => uplinks.has(id, port))) {
    const portId = directory.ownPort(each.deviceId, each.port);
    const met = directory.byMac(each.mac);
    if (portId === null || met === null || met.deviceId === each.deviceId || input.link(portId)?.up === false)
      continue;
    // Who introduces itself is believed more than addresses.
    if (seen.get(portId)?.some((other) => other.source !== 'fdb')) continue;
    add({
      portId,
      source: 'fdb',
      deviceId: met.deviceId,
      farPortId: met.portId,
      text: each.mac,
      time: input.heardAt(each.deviceId) ?? each.time,
    });
  }
  return seen;
}
