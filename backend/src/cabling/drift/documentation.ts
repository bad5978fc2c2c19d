import type { DeviceRole } from '@rackhaus/config/contract';
import type { Database } from '../../database/tables.ts';
import { loadGraphAround } from '../load-graph.ts';
import type { KnownDevice, KnownPort } from './match.ts';
import { noWay, type Way, wayFrom } from './ways.ts';

/** Devices behind which there are others. */
const passingRoles: readonly DeviceRole[] = ['switch', 'router', 'firewall'];

/** What the documentation says of the network ports of devices, and where it leads from those that are monitored. */
export interface Documentation {
  readonly devices: readonly KnownDevice[];
  /** Ports of monitored devices. */
  readonly ports: ReadonlySet<number>;
  way(portId: number): Way;
  deviceOf(portId: number): number | null;
  hasMac(portId: number): boolean;
  passesOn(deviceId: number): boolean;
}

/** Reads it in one transaction's view of the database, so that ports and cables fit each other. */
export async function loadDocumentation(db: Database): Promise<Documentation> {
  return db.transaction().execute(async (tx) => {
    const rows = await tx.selectFrom('devices').select(['id', 'name', 'role']).execute();
    const polled = await tx.selectFrom('device_monitoring').select(['device_id', 'address']).execute();
    const monitored = new Set(polled.map((row) => row.device_id));
    const ports = await tx
      .selectFrom('ports')
      .select(['id', 'device_id', 'name', 'label', 'mac'])
      .where('kind', '=', 'network')
      .where('device_id', 'is not', null)
      .execute();
    const addresses = await tx
      .selectFrom('addresses')
      .leftJoin('ports', 'ports.id', 'addresses.port_id')
      .select(['addresses.address', 'addresses.device_id', 'ports.device_id as of_port'])
      .execute();
    const watched = ports.filter((port) => monitored.has(port.device_id ?? 0)).map((port) => port.id);
    const graph = watched.length === 0 ? null : await loadGraphAround(tx, watched);
    const ways = new Map(watched.map((id) => [id, graph === null ? noWay : wayFrom(graph, id)]));
    const ownPorts = new Map<number, KnownPort[]>();
    const owner = new Map<number, number>();
    const withMac = new Set<number>();
    for (const port of ports) {
      if (port.device_id === null) continue;
      owner.set(port.id, port.device_id);
      if (port.mac !== null) withMac.add(port.id);
      append(ownPorts, port.device_id, { id: port.id, name: port.name, label: port.label, mac: port.mac });
    }
    const at = new Map<number, string[]>();
    for (const { device_id, address } of polled) append(at, device_id, address);
    for (const row of addresses) {
      const device = row.device_id ?? row.of_port;
      if (device !== null) append(at, device, row.address.replace(/\/.*$/, ''));
    }
    const passing = new Set(rows.filter((row) => passingRoles.includes(row.role)).map((row) => row.id));
    return {
      devices: rows.map((row) => ({
        id: row.id,
        name: row.name,
        addresses: at.get(row.id) ?? [],
        ports: ownPorts.get(row.id) ?? [],
      })),
      ports: new Set(watched),
      way: (portId) => ways.get(portId) ?? noWay,
      deviceOf: (portId) => owner.get(portId) ?? null,
      hasMac: (portId) => withMac.has(portId),
      passesOn: (deviceId) => passing.has(deviceId),
    };
  });
}

function append<T>(lists: Map<number, T[]>, key: number, value: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
