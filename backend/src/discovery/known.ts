import type { knownBy } from '@rackhaus/config/contract';
import type { Database } from '../database/tables.ts';
import { realSerial } from './merge.ts';
import { readSaid, readTexts } from './said.ts';
import type { FoundRow } from './tables.ts';

/** What tells a device of the inventory; each means one device, or null where it fits several. */
export interface KnownMarks {
  readonly addresses: ReadonlyMap<string, number | null>;
  readonly serials: ReadonlyMap<string, number | null>;
  /** The documented serial number of a device, as it is compared. */
  readonly serialOf: ReadonlyMap<number, string>;
  /** Names at which devices are polled, in lower case. */
  readonly names: ReadonlyMap<string, number | null>;
  readonly byMac: (mac: string) => number | null;
}

type Found = Pick<FoundRow, 'address' | 'addresses' | 'serial' | 'mac' | 'said' | 'host_name'>;

/** Which device of the inventory a found one is, and by what; null: none. What it is called by people comes last. */
export function knownAs(
  found: Found,
  marks: KnownMarks,
): { readonly deviceId: number; readonly by: (typeof knownBy)[number] } | null {
  for (const address of [found.address, ...readTexts(found.addresses)]) {
    const deviceId = marks.addresses.get(address);
    if (deviceId === undefined || deviceId === null) continue;
    // Devices come with the same address from their makers: one that did not answer there may be anybody's.
    const documented = marks.serialOf.get(deviceId);
    const isOther =
      documented !== undefined && found.serial !== null && documented !== serialKey(found.serial);
    if (address === found.address || !isOther) return { deviceId, by: 'address' };
  }
  const serial = found.serial === null ? undefined : marks.serials.get(serialKey(found.serial));
  if (serial !== undefined && serial !== null) return { deviceId: serial, by: 'serial' };
  const said = readSaid(found.said);
  const macs = new Set([found.mac, ...(said?.ports ?? []).map(({ mac }) => mac)]);
  for (const mac of macs) {
    const deviceId = mac === null ? null : marks.byMac(mac);
    if (deviceId !== null) return { deviceId, by: 'mac' };
  }
  for (const name of [found.host_name, said?.identity.name ?? null]) {
    const deviceId = name === null ? undefined : marks.names.get(name.toLowerCase());
    if (deviceId !== undefined && deviceId !== null) return { deviceId, by: 'name' };
  }
  return null;
}

export function serialKey(serial: string): string {
  return serial.toUpperCase().replaceAll(/[^A-Z0-9]/g, '');
}

/** Reads what tells devices apart. `byMac`: from ports as documented and as devices say. */
export async function loadMarks(db: Database, byMac: KnownMarks['byMac']): Promise<KnownMarks> {
  const addresses = new Map<string, number | null>();
  const serials = new Map<string, number | null>();
  const names = new Map<string, number | null>();
  const serialOf = new Map<number, string>();
  for (const { device_id, address } of await db
    .selectFrom('device_monitoring')
    .select(['device_id', 'address'])
    .execute()) {
    once(addresses, address, device_id);
    once(names, address.toLowerCase(), device_id);
  }
  const documented = await db
    .selectFrom('addresses')
    .leftJoin('ports', 'ports.id', 'addresses.port_id')
    .select(['addresses.address', 'addresses.device_id', 'ports.device_id as of_port'])
    .execute();
  for (const row of documented) {
    const device = row.device_id ?? row.of_port;
    if (device !== null) once(addresses, row.address.replace(/\/.*$/, ''), device);
  }
  for (const { id, serial } of await db
    .selectFrom('devices')
    .select(['id', 'serial'])
    .where('serial', 'is not', null)
    .execute()) {
    const real = realSerial(serial);
    if (real === null) continue;
    once(serials, serialKey(real), id);
    serialOf.set(id, serialKey(real));
  }
  return { addresses, serials, serialOf, names, byMac };
}

function once(marks: Map<string, number | null>, mark: string, id: number): void {
  const before = marks.get(mark);
  marks.set(mark, before === undefined || before === id ? id : null);
}

/** Says of found devices anew which of the inventory they are; of all, or of those of one run. @returns whether anything changed */
export async function markKnown(db: Database, marks: KnownMarks, runId?: number): Promise<boolean> {
  let query = db
    .selectFrom('discovery_found')
    .select(['id', 'address', 'addresses', 'serial', 'mac', 'said', 'host_name', 'device_id', 'known_by']);
  if (runId !== undefined) query = query.where('run_id', '=', runId);
  const changed: { id: number; device_id: number | null; known_by: FoundRow['known_by'] }[] = [];
  for (const row of await query.execute()) {
    const known = knownAs(row, marks);
    if ((known?.deviceId ?? null) === row.device_id && (known?.by ?? null) === row.known_by) continue;
    changed.push({ id: row.id, device_id: known?.deviceId ?? null, known_by: known?.by ?? null });
  }
  if (changed.length === 0) return false;
  await db.transaction().execute(async (tx) => {
    for (const { id, ...values } of changed)
      await tx.updateTable('discovery_found').set(values).where('id', '=', id).execute();
  });
  return true;
}
