import { addressSortKey, type FoundByAgent } from '@rackhaus/config/contract';
import type { Database } from '../database/tables.ts';
import { chunked } from '../history/rows.ts';
import { realSerial, type SameCandidate, sameDevice } from './merge.ts';
import { readTexts } from './said.ts';

/** Which doing of a scan found something. */
export interface FoundIn {
  readonly scanId: number;
  readonly runId: number;
  readonly snmpPort: number;
  readonly now: number;
}

const mostAddresses = 500;

/** Keeps what was found: each device once, whatever it was found by, with the newest that is known of it. */
export async function keepFound(tx: Database, found: readonly FoundByAgent[], where: FoundIn): Promise<void> {
  for (const one of found) await keepOne(tx, one, where);
}

async function keepOne(
  tx: Database,
  found: FoundByAgent,
  { scanId, runId, snmpPort, now }: FoundIn,
): Promise<void> {
  const candidates = await candidatesOf(tx, found);
  const same = sameDevice(candidates, found);
  const there = candidates.find(({ address }) => address === found.address);
  // What was taken for a device of its own is another address of one.
  if (there !== undefined && same !== null && there.id !== same.id)
    await tx.deleteFrom('discovery_found').where('id', '=', there.id).execute();
  const { said } = found;
  const answering = found.tried.find(({ outcome }) => outcome === 'answers');
  const seen = {
    ...(found.pingMs === null ? {} : { ping_ms: found.pingMs }),
    ...(found.hostName === null ? {} : { host_name: found.hostName }),
    tried: JSON.stringify(found.tried),
    snmp_port: snmpPort,
    last_seen: now,
    gone_since: null,
    scan_id: scanId,
    run_id: runId,
    ...(found.mac === null || found.mac === undefined ? {} : { mac: found.mac }),
    ...(said === null ? {} : columnsOf(found, said)),
    // A set that is right is right, also if the device fell silent after it.
    ...(answering === undefined ? {} : { credential_id: answering.credential }),
  };
  if (same === null) {
    const addresses = addressesOf(found, []);
    await tx
      .insertInto('discovery_found')
      .values({
        address: found.address,
        address_key: addressSortKey(found.address),
        addresses: JSON.stringify(addresses),
        mac: null,
        ping_ms: null,
        host_name: null,
        credential_id: null,
        engine_id: null,
        serial: null,
        object_id: null,
        vendor: null,
        name: null,
        said: null,
        device_id: null,
        known_by: null,
        ignored_reason: null,
        ignored_until: null,
        ignored_by: null,
        ignored_at: null,
        first_seen: now,
        ...seen,
        search: searchText(found, addresses),
      })
      .execute();
    return;
  }
  const before = await tx
    .selectFrom('discovery_found')
    .select(['address', 'addresses', 'run_id', 'search'])
    .where('id', '=', same.id)
    .executeTakeFirstOrThrow();
  const addresses = addressesOf(found, [before.address, ...readTexts(before.addresses)]);
  // Of several the first that answers in a run is the one to be polled at.
  const address = before.run_id === runId ? before.address : found.address;
  await tx
    .updateTable('discovery_found')
    .set({
      ...seen,
      address,
      address_key: addressSortKey(address),
      addresses: JSON.stringify(addresses),
      search: said === null ? before.search : searchText(found, addresses),
    })
    .where('id', '=', same.id)
    .execute();
}

function columnsOf(found: FoundByAgent, said: NonNullable<FoundByAgent['said']>) {
  const { identity } = said;
  return {
    engine_id: said.engineId,
    serial: realSerial(identity.serial),
    object_id: identity.objectId,
    vendor: identity.vendor,
    name: identity.name,
    mac: ownMac(said) ?? found.mac ?? null,
    said: JSON.stringify(said),
    credential_id: said.credential,
    host_name: found.hostName,
  };
}

/** The one that most of its ports bear, or the first: switches give all ports that of their chassis. */
function ownMac({ ports }: NonNullable<FoundByAgent['said']>): string | null {
  const counts = new Map<string, number>();
  for (const { mac } of ports)
    if (mac !== null && mac !== '00:00:00:00:00:00') counts.set(mac, (counts.get(mac) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? null;
}

function addressesOf(found: FoundByAgent, before: readonly string[]): string[] {
  return [...new Set([found.address, ...before, ...(found.said?.addresses ?? [])])].slice(0, mostAddresses);
}

function searchText(found: FoundByAgent, addresses: readonly string[]): string {
  const { said } = found;
  const mac = (said === null ? null : ownMac(said)) ?? found.mac ?? null;
  const words = [found.hostName, ...addresses.slice(0, 50), mac];
  if (said !== null) {
    const { name, vendor, model, serial, os } = said.identity;
    words.push(name, vendor, model, serial, os);
  }
  return words
    .filter((word) => word !== null)
    .join(' ')
    .toLowerCase()
    .slice(0, 4000);
}

/** Devices found before of which this can be one. */
async function candidatesOf(tx: Database, { address, said }: FoundByAgent): Promise<SameCandidate[]> {
  const serial = said === null ? null : realSerial(said.identity.serial);
  const columns = ['id', 'address', 'addresses', 'serial', 'engine_id', 'object_id', 'name'] as const;
  const rows = new Map<number, SameCandidate>();
  const take = (
    found: readonly {
      id: number;
      address: string;
      addresses: string;
      serial: string | null;
      engine_id: string | null;
      object_id: string | null;
      name: string | null;
    }[],
  ) => {
    for (const row of found)
      rows.set(row.id, {
        ...row,
        addresses: readTexts(row.addresses),
        engineId: row.engine_id,
        objectId: row.object_id,
      });
  };
  for (const part of chunked([...new Set([address, ...(said?.addresses ?? [])])]))
    take(await tx.selectFrom('discovery_found').select(columns).where('address', 'in', part).execute());
  if (serial !== null)
    take(
      await tx.selectFrom('discovery_found').select(columns).where('serial', '=', serial).limit(50).execute(),
    );
  if (said === null && rows.size === 0)
    take(
      await tx
        .selectFrom('discovery_found')
        .select(columns)
        .where('addresses', 'like', `%"${address}"%`)
        .limit(2)
        .execute(),
    );
  return [...rows.values()];
}
