import type { PrefixDetail, PrefixView, UsedAddress } from '@rackhaus/config/contract';
import { sql } from 'kysely';
import { allWithin, idsInReach, type Reach } from '../../access/scope.ts';
import type { Database } from '../../database/tables.ts';
import { AppError } from '../../problem.ts';
import { formatAddress, parseAddress } from './ip.ts';

/** More rows than anybody scrolls through; a network that big has smaller ones inside. */
const mostRows = 2000;

interface PrefixRow {
  readonly id: number;
  readonly cidr: string;
  readonly family: 4 | 6;
  readonly first: string;
  readonly last: string;
  readonly length: number;
  readonly vrf_id: number | null;
}
/** An address in use, and where it sorts: "4" or "6" and its digits. */
interface Used extends UsedAddress {
  readonly key: string;
  readonly vrfId: number | null;
}

/** All networks, each VRF's by itself, the larger before those inside. `reach`: those of these sites and those of none. */
export async function prefixTree(db: Database, reach: Reach | null = null): Promise<PrefixView[]> {
  const rows = await prefixRows(db, reach);
  const used = await usedAddresses(db);
  const open: (typeof rows)[number][] = [];
  return rows.map((row) => {
    while (open.length > 0 && !contains(open.at(-1), row)) open.pop();
    const depth = open.length;
    open.push(row);
    return view(row, depth, used);
  });
}

/**
 * One network with what is used and what is free in it.
 * @throws AppError not-found
 */
export async function prefixDetail(
  db: Database,
  id: number,
  reach: Reach | null = null,
): Promise<PrefixDetail> {
  const row = (await prefixRows(db, reach)).find((each) => each.id === id);
  if (row === undefined)
    throw new AppError('not-found', 'There is no such network.', undefined, { reason: 'gone' });
  const used = await usedAddresses(db);
  const own = within(used, row);
  const [from, to] = usable(row);
  const rows: PrefixDetail['rows'] = [];
  let next = from;
  const free = (first: bigint, last: bigint) => {
    if (first > last) return;
    const count = last - first + 1n;
    rows.push({
      kind: 'free',
      first: textOf(first, row.family),
      last: textOf(last, row.family),
      count: count > 1_000_000n ? null : Number(count),
    });
  };
  const shown = reach === null ? null : await allWithin(db, 'device', reach);
  for (const { key, vrfId: _, ...used } of own) {
    const address = shown === null || isShown(used, shown) ? used : { ...used, ...unnamed };
    const at = BigInt(`0x${key.slice(1)}`);
    free(next, at - 1n < to ? at - 1n : to);
    rows.push({ kind: 'used', ...address });
    if (at >= next) next = at + 1n;
  }
  free(next, to);
  return { prefix: view(row, 0, used), rows: rows.slice(0, mostRows), more: rows.length > mostRows };
}

async function prefixRows(db: Database, reach: Reach | null) {
  return db
    .selectFrom('prefixes')
    .$if(reach !== null, (query) =>
      reach === null ? query : query.where(sql<boolean>`prefixes.id in ${idsInReach('prefix', reach)}`),
    )
    .leftJoin('vrfs', 'vrfs.id', 'prefixes.vrf_id')
    .leftJoin('vlans', 'vlans.id', 'prefixes.vlan_id')
    .leftJoin('sites', 'sites.id', 'prefixes.site_id')
    .select([
      'prefixes.id',
      'prefixes.cidr',
      'prefixes.family',
      'prefixes.first',
      'prefixes.last',
      'prefixes.length',
      'prefixes.purpose',
      'prefixes.vrf_id',
      'vrfs.name as vrf',
      'prefixes.vlan_id',
      'vlans.vid',
      'vlans.name as vlan',
      'prefixes.site_id',
      'sites.name as site',
    ])
    .orderBy('vrfs.name')
    .orderBy('prefixes.family')
    .orderBy('prefixes.first')
    .orderBy('prefixes.length')
    .execute();
}

/** Of an address in another site it is said that it is in use, and no more. */
const unnamed = { device: null, port: null, dnsName: null, purpose: null } as const;

function isShown({ device, port }: UsedAddress, devices: ReadonlySet<number>): boolean {
  return device !== null ? devices.has(device.id) : port === null;
}

type FullRow = Awaited<ReturnType<typeof prefixRows>>[number];

function contains(outer: PrefixRow | undefined, inner: PrefixRow): boolean {
  return (
    outer !== undefined &&
    outer.vrf_id === inner.vrf_id &&
    outer.family === inner.family &&
    outer.first <= inner.first &&
    inner.last <= outer.last
  );
}

function view(row: FullRow, depth: number, used: readonly Used[]): PrefixView {
  const [from, to] = usable(row);
  return {
    id: row.id,
    cidr: row.cidr,
    depth,
    vrf: row.vrf_id === null ? null : { id: row.vrf_id, name: row.vrf ?? '' },
    vlan: row.vlan_id === null ? null : { id: row.vlan_id, name: `${row.vid} ${row.vlan}` },
    site: row.site_id === null ? null : { id: row.site_id, name: row.site ?? '' },
    purpose: row.purpose,
    used: within(used, row).length,
    size: row.family === 6 ? null : Number(to - from + 1n),
  };
}

/** First and last address that a device may have: in IPv4 networks up to /30 without the first and last (RFC 3021 for /31). */
function usable({ family, first, last, length }: PrefixRow): [bigint, bigint] {
  const from = BigInt(`0x${first}`);
  const to = BigInt(`0x${last}`);
  return family === 4 && length <= 30 ? [from + 1n, to - 1n] : [from, to];
}

function textOf(value: bigint, family: 4 | 6): string {
  return formatAddress(value.toString(16).padStart(family === 4 ? 8 : 32, '0'));
}

/** Those of a network; `used` is in the order of the keys. */
function within(used: readonly Used[], row: PrefixRow): Used[] {
  const from = `${row.family}${row.first}`;
  const to = `${row.family}${row.last}`;
  let low = 0;
  let high = used.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((used[middle]?.key ?? '') < from) low = middle + 1;
    else high = middle;
  }
  const own: Used[] = [];
  for (let at = low; at < used.length; at++) {
    const address = used[at];
    if (address === undefined || address.key > to) break;
    if (address.vrfId === row.vrf_id) own.push(address);
  }
  return own;
}

/** Documented addresses and those at which devices are polled, in their order. */
async function usedAddresses(db: Database): Promise<Used[]> {
  const documented = await addressRows(db);
  const known = new Set(documented.filter(({ vrfId }) => vrfId === null).map(({ key }) => key));
  const polled = await db
    .selectFrom('device_monitoring')
    .innerJoin('devices', 'devices.id', 'device_monitoring.device_id')
    .select(['device_monitoring.address', 'devices.id', 'devices.name'])
    .execute();
  const others = polled.flatMap(({ address, id, name }): Used[] => {
    const parsed = parseAddress(address);
    if (parsed === null) return [];
    const key = `${parsed.family}${parsed.digits}`;
    if (known.has(key)) return [];
    known.add(key);
    return [
      {
        id: null,
        address: parsed.text,
        role: 'management',
        device: { id, name },
        port: null,
        dnsName: null,
        purpose: null,
        key,
        vrfId: null,
      },
    ];
  });
  return [...documented, ...others].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}

async function addressRows(db: Database, portId?: number): Promise<Used[]> {
  const all = db
    .selectFrom('addresses')
    .leftJoin('devices', 'devices.id', 'addresses.device_id')
    .leftJoin('ports', 'ports.id', 'addresses.port_id')
    .select([
      'addresses.id',
      'addresses.address',
      'addresses.sort_key',
      'addresses.role',
      'addresses.vrf_id',
      'addresses.dns_name',
      'addresses.purpose',
      'addresses.device_id',
      'devices.name as device',
      'addresses.port_id',
      'ports.name as port',
    ]);
  const rows = await (portId === undefined ? all : all.where('addresses.port_id', '=', portId)).execute();
  return rows.map((row) => ({
    id: row.id,
    address: row.address,
    role: row.role,
    device: row.device_id === null ? null : { id: row.device_id, name: row.device ?? '' },
    port: row.port_id === null ? null : { id: row.port_id, name: row.port ?? '' },
    dnsName: row.dns_name,
    purpose: row.purpose,
    key: row.sort_key,
    vrfId: row.vrf_id,
  }));
}

/** Addresses of one port. */
export async function addressesOfPort(db: Database, portId: number): Promise<UsedAddress[]> {
  const rows = await addressRows(db, portId);
  return rows.map(({ key: _, vrfId: __, ...address }) => address);
}
