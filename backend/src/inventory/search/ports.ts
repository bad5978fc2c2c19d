import { sql } from 'kysely';
import { idsInReach, type Reach } from '../../access/scope.ts';
import type { Database } from '../../database/tables.ts';
import { portPaths } from '../port-paths.ts';
import { portPlaces } from '../port-places.ts';
import { searchKey } from '../search-key.ts';
import { type Found, limit } from './found.ts';
import type { FindNames } from './names.ts';

/** How many owners of a port are looked at: "acc 1/1/5" may mean the ports of many switches. */
const ownerLimit = 50;

type Cut = readonly [owner: string, port: string];

/**
 * Ports by `<owner> <port>`, `<owner>:<port>`, their name alone, or their MAC address. `dashSeparates`: labels such as `A-07`
 * are meant, which write a dash between both.
 */
export async function searchPorts(
  db: Database,
  names: FindNames,
  wanted: string,
  options: { readonly dashSeparates: boolean; readonly reach: Reach | null },
): Promise<Found[]> {
  const cuts = splits(wanted, options.dashSeparates ? /[ :-]+/g : /[ :]+/g);
  const ids = new Set<number>();
  for (const [owner, port] of cuts) for (const id of await portsOfOwners(db, names, owner, port)) ids.add(id);
  if (ids.size < limit)
    for (const id of await beginning(db, 'search_key', wanted, options.reach)) ids.add(id);
  const mac = macOf(wanted);
  const byMac = new Set(mac === null ? [] : await beginning(db, 'mac', mac, options.reach));
  return showPorts(db, [...byMac, ...[...ids].slice(0, 2 * limit)], (owner, port, id) =>
    byMac.has(id) ? wanted : portKey(owner, port, wanted, cuts),
  );
}

/** Ports as results; `keyOf` says by what they rank. */
export async function showPorts(
  db: Database,
  ids: readonly number[],
  keyOf: (owner: string, port: string, id: number) => string,
): Promise<Found[]> {
  if (ids.length === 0) return [];
  const places = await portPlaces(db, ids);
  const paths = await portPaths(db, ids);
  return [...places.values()].map((port) => ({
    kind: 'port',
    id: port.id,
    name: `${port.owner.name} ${port.name}`,
    detail: port.place,
    path: paths.get(port.id) ?? '/rooms',
    key: keyOf(searchKey(port.owner.name), searchKey(port.name), port.id),
  }));
}

async function beginning(
  db: Database,
  column: 'search_key' | 'mac',
  wanted: string,
  reach: Reach | null,
): Promise<number[]> {
  const rows = await db
    .selectFrom('ports')
    .select('id')
    .where(column, '>=', wanted)
    // The last character there is: a range of the index instead of a pattern.
    .where(column, '<', `${wanted}\u{10ffff}`)
    .$if(reach !== null, (query) =>
      reach === null ? query : query.where(sql<boolean>`id in ${idsInReach('port', reach)}`),
    )
    .orderBy(column)
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}

/** A MAC address or its beginning, in the form in which they are kept; null for what is too short or none. */
export function macOf(wanted: string): string | null {
  if (!/^[0-9a-f]{2}[0-9a-f:.\- ]*$/.test(wanted)) return null;
  const hex = wanted.replaceAll(/[^0-9a-f]/g, '');
  return hex.length < 4 || hex.length > 12 ? null : (hex.match(/.{1,2}/g) ?? []).join(':');
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

async function portsOfOwners(db: Database, names: FindNames, owner: string, port: string): Promise<number[]> {
  const ids: number[] = [];
  const wanted = spellings(port);
  for (const kind of ['device', 'outlet'] as const) {
    const owners = await names(kind, owner, ownerLimit);
    if (owners.length === 0) continue;
    const rows = await db
      .selectFrom('ports')
      .select('id')
      .where(
        kind === 'device' ? 'device_id' : 'outlet_id',
        'in',
        owners.map(({ id }) => id),
      )
      .where((e) =>
        e.or(
          wanted.map((name) =>
            // Wrapped so that the owner's index is used, not that of names, which many ports share.
            e.and([
              e(e.fn.coalesce('search_key', e.val('')), '>=', name),
              e(e.fn.coalesce('search_key', e.val('')), '<', `${name}\u{10ffff}`),
            ]),
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
