import type { Database } from '../database/tables.ts';
import { portPaths } from './port-paths.ts';
import { portPlaces } from './port-places.ts';
import { searchKey } from './search-key.ts';
import { containing, type Found, limit } from './search-match.ts';

/** How many owners of a port are looked at: "acc 1/1/5" may mean the ports of many switches. */
const ownerLimit = 50;

type Cut = readonly [owner: string, port: string];

/**
 * Ports by `<owner> <port>`, `<owner>:<port>` or their name alone. `dashSeparates`: labels such as `A-07` are meant, which
 * write a dash between both.
 */
export async function searchPorts(
  db: Database,
  wanted: string,
  options: { readonly dashSeparates: boolean },
): Promise<Found[]> {
  const cuts = splits(wanted, options.dashSeparates ? /[ :-]+/g : /[ :]+/g);
  const ids = new Set<number>();
  for (const [owner, port] of cuts) for (const id of await portsOfOwners(db, owner, port)) ids.add(id);
  if (ids.size < limit)
    for (const { id } of await db
      .selectFrom('ports')
      .select('id')
      .where('search_key', '>=', wanted)
      // The last character there is: a range of the index instead of a pattern.
      .where('search_key', '<', `${wanted}\u{10ffff}`)
      .orderBy('search_key')
      .limit(limit)
      .execute())
      ids.add(id);
  const shown = [...ids].slice(0, 2 * limit);
  const places = await portPlaces(db, shown);
  const paths = await portPaths(db, shown);
  return [...places.values()].map((port) => ({
    kind: 'port',
    id: port.id,
    name: `${port.owner.name} ${port.name}`,
    detail: port.place,
    path: paths.get(port.id) ?? '/rooms',
    key: portKey(searchKey(port.owner.name), searchKey(port.name), wanted, cuts),
  }));
}

/** Where a query may be cut into an owner and a port: "core 1 1/1/5", "a:07", "a-07". */
function splits(wanted: string, separators: RegExp): Cut[] {
  const cuts: Cut[] = [];
  for (const match of wanted.matchAll(separators)) {
    const owner = wanted.slice(0, match.index);
    const port = wanted.slice(match.index + match[0].length);
    if (owner !== '' && port !== '') cuts.push([owner, port]);
  }
  return cuts.toReversed().slice(0, 4);
}

/** What ranks a port: the query itself when it means exactly this port, however it was written. */
function portKey(owner: string, port: string, wanted: string, cuts: readonly Cut[]): string {
  if (cuts.some(([o, p]) => o === owner && spellings(p).includes(port))) return wanted;
  const begins = cuts.some(
    ([o, p]) => owner.startsWith(o) && spellings(p).some((name) => port.startsWith(name)),
  );
  return begins ? `${wanted} ${owner} ${port}` : `${owner} ${port}`;
}

/** People write 07 where the panel says 7. */
function spellings(port: string): string[] {
  return [...new Set([port, port.replace(/^0+(?=\d)/, '')])];
}

async function portsOfOwners(db: Database, owner: string, port: string): Promise<number[]> {
  const ids: number[] = [];
  const names = spellings(port);
  for (const table of ['devices', 'outlets'] as const) {
    const { where, order } = containing(`${table}.search_key`, owner);
    const owners = await db
      .selectFrom(table)
      .select('id')
      .where(where)
      .orderBy(order)
      .limit(ownerLimit)
      .execute();
    if (owners.length === 0) continue;
    const rows = await db
      .selectFrom('ports')
      .select('id')
      .where(
        table === 'devices' ? 'device_id' : 'outlet_id',
        'in',
        owners.map(({ id }) => id),
      )
      .where((e) =>
        e.or(
          names.map((name) =>
            e.and([e('search_key', '>=', name), e('search_key', '<', `${name}\u{10ffff}`)]),
          ),
        ),
      )
      .orderBy('rank')
      .limit(limit)
      .execute();
    for (const { id } of rows) ids.push(id);
  }
  return ids;
}
