import type { Sightings } from '@rackhaus/config/contract';
import type { Database } from '../../database/tables.ts';
import { edgeSightings } from '../drift/edge.ts';
import { portKey } from '../drift/port-names.ts';

/** Who was seen behind which port; null where nothing is monitored. */
export interface SeenBehindPorts {
  all(): Promise<ReadonlyMap<number, Sightings>>;
}

/** A MAC address, and the documented port behind which it was seen last. */
export interface SeenMac {
  readonly mac: string;
  readonly portId: number;
}

/** Where MAC addresses that begin with `mac` are plugged in, as the forwarding tables tell; at most `limit`. */
export async function seenMacs(
  db: Database,
  sightings: SeenBehindPorts,
  mac: string,
  limit: number,
): Promise<SeenMac[]> {
  // An uplink has learned more than the port behind which the address is; so it needs no looking for uplinks.
  const all = edgeSightings((await sightings.all()).values(), () => false);
  const found = all.filter((each) => each.mac.startsWith(mac)).slice(0, limit);
  const seen: SeenMac[] = [];
  for (const { deviceId, port, mac: whose } of found) {
    const ports = await db
      .selectFrom('ports')
      .select(['id', 'name'])
      .where('device_id', '=', deviceId)
      .execute();
    const own =
      ports.find(({ name }) => name === port) ?? ports.find(({ name }) => portKey(name) === portKey(port));
    if (own !== undefined) seen.push({ mac: whose, portId: own.id });
  }
  return seen;
}

/** Which MAC address an IP address was seen with last; null when it was not seen. */
export async function macOfAddress(sightings: SeenBehindPorts, address: string): Promise<string | null> {
  let newest: { readonly time: number; readonly mac: string } | null = null;
  for (const { time, addresses } of (await sightings.all()).values())
    for (const each of addresses)
      if (each.address === address && (newest === null || newest.time < time))
        newest = { time, mac: each.mac };
  return newest?.mac ?? null;
}
