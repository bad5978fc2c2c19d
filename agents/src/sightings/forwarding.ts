import { type SnmpValue, toNumber } from '../snmp/decode.ts';
import { encodeOid } from '../snmp/oid.ts';
import type { ReplySize } from '../snmp/reply-size.ts';
import type { Asking } from '../snmp/session.ts';
import { type TableRow, walkTable, walkTables } from '../snmp/walk.ts';
import { Learned, macInIndex } from './learned.ts';

/** Objects of BRIDGE-MIB and Q-BRIDGE-MIB (RFC 4188, RFC 4363). */
const qBridge = ['1.3.6.1.2.1.17.7.1.2.2.1.2', '1.3.6.1.2.1.17.7.1.2.2.1.3'].map(encodeOid);
const vlanFdbId = encodeOid('1.3.6.1.2.1.17.7.1.4.2.1.3');
const bridge = ['1.3.6.1.2.1.17.4.3.1.2', '1.3.6.1.2.1.17.4.3.1.3'].map(encodeOid);
const basePortIfIndex = encodeOid('1.3.6.1.2.1.17.1.4.1.2');

const mostRows = 20_000;
const learnedStatus = 3;
const mostVlan = 4094;

/** What all reads of one device share. */
export interface Reading {
  readonly session: Asking;
  readonly size: ReplySize;
  /** Moment of `performance.now()`. */
  readonly deadline: number;
  readonly signal: AbortSignal;
  /** Requests without an answer in a row that end a read. */
  readonly attempts: number;
}

/** A forwarding table with what is needed to name its ports. */
export interface Forwarding {
  readonly learned: Learned;
  /** Bridge port to ifIndex (dot1dBasePortIfIndex). */
  readonly ifIndexes: ReadonlyMap<number, number>;
  /** It was not read to its end: to be thrown away, because what is missing would look as if it had gone. */
  readonly cut: boolean;
}

/** Bridge port to ifIndex. @throws SnmpError */
export async function readBridgePorts(reading: Reading): Promise<Map<number, number>> {
  return ifIndexesOf((await walk(reading, [[basePortIfIndex]])).tables[0] ?? []);
}

/** dot1qTpFdbTable, with FDB ids as the VLANs that they stand for. Null when the device has none. @throws SnmpError */
export async function readQBridge(reading: Reading): Promise<Forwarding | null> {
  const found = await walk(reading, [qBridge]);
  const rows = found.tables[0] ?? [];
  if (rows.length === 0) return null;
  const vlans = await readVlans(reading);
  const learned = new Learned();
  for (const { index, values } of rows) {
    const port = learnedPort(values);
    const parts = index.split('.');
    // Some agents put the number of octets before them.
    const whole = parts.length === 7 || (parts.length === 8 && parts[1] === '6');
    const mac = whole ? macInIndex(parts) : null;
    if (port !== null && mac !== null) learned.add(port, mac, vlans(Number(parts[0])));
  }
  return { learned, ifIndexes: await readBridgePorts(reading), cut: found.cut };
}

/** dot1dTpFdbTable, of one VLAN when the device keeps a bridge for each. Null when there is none. @throws SnmpError */
export async function readBridge(reading: Reading, vlan: number | null = null): Promise<Forwarding | null> {
  const found = await walk(reading, [bridge, [basePortIfIndex]]);
  const [rows = [], ports = []] = found.tables;
  if (rows.length === 0 && ports.length === 0) return null;
  const learned = new Learned();
  for (const { index, values } of rows) {
    const port = learnedPort(values);
    const mac = macInIndex(index.split('.'));
    if (port !== null && mac !== null) learned.add(port, mac, vlan);
  }
  return { learned, ifIndexes: ifIndexesOf(ports), cut: found.cut };
}

async function walk(
  { session, size, deadline, signal, attempts }: Reading,
  columns: Parameters<typeof walkTables>[2],
): Promise<{ tables: TableRow[][]; cut: boolean }> {
  signal.throwIfAborted();
  const { tables } = await walkTables(session, size, columns, { deadline, rows: mostRows, attempts });
  const cut = tables.some(({ problem }) => problem !== null) && performance.now() > deadline;
  return { tables: tables.map(({ rows }) => rows), cut };
}

/**
 * dot1qVlanFdbId the other way round. An FDB id that several VLANs share (shared learning) does not say which; a device
 * without the table numbers its FDBs as its VLANs.
 */
async function readVlans({
  session,
  size,
  deadline,
  signal,
  attempts,
}: Reading): Promise<(fdbId: number) => number | null> {
  signal.throwIfAborted();
  const { rows } = await walkTable(session, size, [vlanFdbId], { deadline, rows: mostVlan, attempts });
  const byFdb = new Map<number, Set<number>>();
  for (const { index, values } of rows) {
    const vlan = Number(index.split('.').at(-1));
    const fdbId = toNumber(values[0]);
    if (fdbId === undefined || !isVlan(vlan)) continue;
    byFdb.set(fdbId, (byFdb.get(fdbId) ?? new Set()).add(vlan));
  }
  return (fdbId) => {
    if (byFdb.size === 0) return isVlan(fdbId) ? fdbId : null;
    const [vlan, ...others] = byFdb.get(fdbId) ?? [];
    return vlan !== undefined && others.length === 0 ? vlan : null;
  };
}

function isVlan(number: number): boolean {
  return number >= 1 && number <= mostVlan;
}

/** The bridge port of a learned entry. Devices that do not tell the status are believed; port 0 means that it is not known. */
function learnedPort([port, status]: readonly SnmpValue[]): number | null {
  const told = toNumber(status);
  const number = toNumber(port) ?? 0;
  return number > 0 && (told === undefined || told === learnedStatus) ? number : null;
}

function ifIndexesOf(rows: readonly TableRow[]): Map<number, number> {
  const ports = new Map<number, number>();
  for (const { index, values } of rows) {
    const ifIndex = toNumber(values[0]);
    if (ifIndex !== undefined) ports.set(Number(index), ifIndex);
  }
  return ports;
}
