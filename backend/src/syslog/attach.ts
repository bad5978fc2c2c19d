import { isIP, SocketAddress } from 'node:net';
import type { SyslogLine } from '@rackhaus/config/contract';
import type { Database } from '../database/tables.ts';

/** What tells whose a message is; each means one device, or null where it fits several. */
export interface Marks {
  readonly addresses: ReadonlyMap<string, number | null>;
  /** In lower case, with and without the domain. */
  readonly names: ReadonlyMap<string, number | null>;
}

/** Reads addresses (polled, documented) and names of all devices. */
export async function loadMarks(db: Database): Promise<Marks> {
  const addresses = new Map<string, number | null>();
  const names = new Map<string, number | null>();
  const polled = await db.selectFrom('device_monitoring').select(['device_id', 'address']).execute();
  for (const { device_id, address } of polled) {
    if (isIP(address) !== 0) once(addresses, canonical(address), device_id);
    else named(names, address, device_id);
  }
  const documented = await db
    .selectFrom('addresses')
    .leftJoin('ports', 'ports.id', 'addresses.port_id')
    .select(['addresses.address', 'addresses.device_id', 'ports.device_id as of_port'])
    .execute();
  for (const row of documented) {
    const device = row.device_id ?? row.of_port;
    if (device !== null) once(addresses, canonical(row.address.replace(/\/.*$/, '')), device);
  }
  for (const { id, name } of await db.selectFrom('devices').select(['id', 'name']).execute())
    named(names, name, id);
  return { addresses, names };
}

/**
 * Whose a message is: what the agent says by the address that it polls, else the device with the sender's address, else the one that is
 * called as the message says. null: nobody's that is known.
 * @param mayTell whether the agent may tell of this device: messages must not be put under devices of others
 */
export function deviceOf(
  line: Pick<SyslogLine, 'deviceId' | 'from' | 'host'>,
  marks: Marks,
  mayTell: (deviceId: number) => boolean,
): number | null {
  const candidates = [
    line.deviceId,
    marks.addresses.get(canonical(line.from)) ?? null,
    line.host === null ? null : byName(line.host, marks),
  ];
  return candidates.find((id) => id !== null && mayTell(id)) ?? null;
}

function byName(host: string, marks: Marks): number | null {
  if (isIP(host) !== 0) return marks.addresses.get(canonical(host)) ?? null;
  const name = host.toLowerCase();
  return marks.names.get(name) ?? marks.names.get(name.replace(/\..*$/, '')) ?? null;
}

function named(names: Map<string, number | null>, name: string, id: number): void {
  const full = name.toLowerCase();
  once(names, full, id);
  const short = full.replace(/\..*$/, '');
  if (short !== full) once(names, short, id);
}

function once(marks: Map<string, number | null>, mark: string, id: number): void {
  const before = marks.get(mark);
  marks.set(mark, before === undefined || before === id ? id : null);
}

/** One way of writing for each IPv6 address. */
function canonical(address: string): string {
  return isIP(address) === 6 ? new SocketAddress({ address, family: 'ipv6' }).address : address;
}
