import type { Sightings } from '@rackhaus/config/contract';
import { isShared, macOf } from './port-names.ts';

/** A MAC address at the port where its owner is plugged in, as far as forwarding tables tell. */
export interface EdgeSighting {
  readonly deviceId: number;
  /** As the device names the port. */
  readonly port: string;
  readonly mac: string;
  /** How many addresses that port has learned. */
  readonly count: number;
  readonly time: number;
}

/** More addresses than this behind one port: it leads to more of the network, whatever else is known of it. */
const mostAtEdge = 32;

/**
 * A MAC address belongs to the port with the fewest learned addresses that is not an uplink; where two have as few, it cannot be
 * told. Addresses that several share are nobody's.
 */
export function edgeSightings(
  sightings: Iterable<Sightings>,
  isUplink: (deviceId: number, port: string) => boolean,
): EdgeSighting[] {
  const best = new Map<string, EdgeSighting>();
  const tied = new Set<string>();
  for (const { deviceId, time, ports } of sightings)
    for (const { name: port, count, macs } of ports) {
      if (count > mostAtEdge || isUplink(deviceId, port)) continue;
      for (const told of macs) {
        const mac = macOf(told.mac);
        if (mac === null || isShared(mac)) continue;
        const known = best.get(mac);
        if (known === undefined || count < known.count) {
          best.set(mac, { deviceId, port, mac, count, time });
          tied.delete(mac);
        } else if (count === known.count && (known.port !== port || known.deviceId !== deviceId))
          tied.add(mac);
      }
    }
  return [...best.values()].filter((each) => !tied.has(each.mac));
}
