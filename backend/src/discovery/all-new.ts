import {
  type AcceptedFound,
  type AcceptedOne,
  type AcceptFound,
  type AcceptPlan,
  discoveryLimits,
  type FoundDevice,
  leftReasons,
} from '@rackhaus/config/contract';
import { mayBePolled, polledNetworks } from '../access/polled-networks.ts';
import type { Database } from '../database/tables.ts';
import type { Caller } from '../http/route.ts';
import { slugOf } from '../inventory/import-table/type-match.ts';
import { type Acceptable, mayMakeTypes } from './accept.ts';
import { readSaid } from './said.ts';
import type { FoundViews } from './views.ts';

export type AllNew = Extract<AcceptFound, { all: unknown }>['all'];
type Reason = (typeof leftReasons)[number];

export interface Sorted {
  readonly ones: (AcceptedOne & Acceptable)[];
  readonly left: AcceptedFound['left'];
}

/** Every new one, parted into those that can be taken over without anybody having to say more, and the others with why they cannot. */
export async function allNew(
  { db, views }: { db: Database; views: FoundViews },
  { scan, search, makeTypes, place }: AllNew,
  caller: Caller,
): Promise<Sorted> {
  const rows = await views
    .selected({ state: 'new', search, ...(scan === undefined ? {} : { scan }) })
    .where('gone_since', 'is', null)
    .selectAll()
    .orderBy('address_key')
    .limit(discoveryLimits.accepted)
    .execute();
  const devices = await views.devices(rows);
  const networks = await polledNetworks(db);
  const sites = new Map(
    (await db.selectFrom('rooms').select(['id', 'site_id']).execute()).map((room) => [room.id, room.site_id]),
  );
  const taken = new Set(
    (await db.selectFrom('devices').select('name').execute()).map(({ name }) => name.toLowerCase()),
  );
  const mayMake = makeTypes && mayMakeTypes(caller);
  const whyNot = (device: FoundDevice, roomId: number | null): Reason | null => {
    const { type, newType, name } = device.proposal;
    if (type === null && !device.recognised) return 'silent';
    if (type === null && (newType === null || !mayMake)) return 'no-type';
    if (taken.has(name.toLowerCase())) return 'name-taken';
    const siteId = roomId === null ? null : (sites.get(roomId) ?? null);
    return mayBePolled(networks, device.address, siteId) ? null : 'not-allowed';
  };
  const own = new Set<string>();
  const sorted: Sorted = { ones: [], left: [] };
  for (const [index, device] of devices.entries()) {
    const roomId = place === 'proposed' ? (device.seat?.room?.id ?? null) : null;
    const reason = whyNot(device, roomId);
    if (reason !== null) {
      sorted.left.push({ id: device.id, address: device.address, reason });
      continue;
    }
    // Devices that nobody has named all have the name that their maker gave them.
    const { name: said } = device.proposal;
    const name = own.has(said.toLowerCase())
      ? `${said} ${device.address.replaceAll(':', '-')}`.slice(0, 200)
      : said;
    own.add(name.toLowerCase());
    sorted.ones.push({
      id: device.id,
      name,
      roomId,
      device,
      said: readSaid(rows[index]?.said ?? null),
      snmpPort: rows[index]?.snmp_port ?? 161,
    });
  }
  return sorted;
}

/** What taking them over would come to, in numbers. */
export function planOf({ ones, left }: Sorted): AcceptPlan {
  const slugs = ones.flatMap(({ device: { proposal } }) =>
    proposal.type === null && proposal.newType !== null
      ? [slugOf(`${proposal.newType.manufacturer} ${proposal.newType.model}`)]
      : [],
  );
  return {
    devices: ones.length,
    types: new Set(slugs).size,
    left: leftReasons.flatMap((reason) => {
      const count = left.filter((one) => one.reason === reason).length;
      return count === 0 ? [] : [{ reason, count }];
    }),
  };
}
