import type { Sightings } from '@rackhaus/config/contract';
import { addressInIndex, ipText } from '../poll/addresses.ts';
import { toMac, toNumber } from '../snmp/decode.ts';
import { encodeOid, type OidBytes } from '../snmp/oid.ts';
import { type TableRow, walkTable } from '../snmp/walk.ts';
import type { Reading } from './forwarding.ts';

const mostRows = 20_000;
/** "invalid" in ipNetToPhysicalType and ipNetToMediaType alike. */
const invalid = 2;

/** Where a device tells which MAC address an IP address has (IP-MIB, RFC 4293): MAC column, type column, and the address in the index. */
const tables: readonly {
  readonly columns: readonly OidBytes[];
  readonly address: (index: readonly string[]) => string | null;
}[] = [
  {
    columns: ['1.3.6.1.2.1.4.35.1.4', '1.3.6.1.2.1.4.35.1.6'].map(encodeOid),
    address: (index) => addressInIndex(index.slice(1)),
  },
  {
    columns: ['1.3.6.1.2.1.4.22.1.2', '1.3.6.1.2.1.4.22.1.4'].map(encodeOid),
    address: (index) => (index.length === 5 ? ipText(Uint8Array.from(index.slice(1), Number)) : null),
  },
];

/** How many {@link readAddresses} knows. */
export const addressTables = tables.length;

/** ipNetToPhysicalTable (0) or its older sister ipNetToMediaTable (1). Null when the device has it not. @throws SnmpError */
export async function readAddresses(
  { session, size, deadline, signal, attempts }: Reading,
  which: number,
): Promise<Sightings['addresses'] | null> {
  const table = tables[which];
  if (!table) return null;
  signal.throwIfAborted();
  const { rows } = await walkTable(session, size, table.columns, { deadline, rows: mostRows, attempts });
  return rows.length === 0 ? null : pairs(rows, table.address);
}

function pairs(
  rows: readonly TableRow[],
  addressOf: (index: readonly string[]) => string | null,
): Sightings['addresses'] {
  const found = new Map<string, string>();
  for (const { index, values } of rows) {
    const mac = toMac(values[0]);
    const address = addressOf(index.split('.'));
    // Multicast and broadcast are nobody's.
    const group = (Number.parseInt(mac?.slice(0, 2) ?? '', 16) & 1) === 1;
    if (mac !== null && address !== null && !group && toNumber(values[1]) !== invalid)
      found.set(address, mac);
  }
  return [...found]
    .map(([address, mac]) => ({ address, mac }))
    .sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : 0));
}
