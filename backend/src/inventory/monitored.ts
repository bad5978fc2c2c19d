import {
  type AssignedCheck,
  type DeviceRole,
  type PortKind,
  SnmpCredentials,
} from '@rackhaus/config/contract';
import { z } from 'zod';
import type { SecretBox } from '../access/secret-box.ts';
import { loadGraphAround } from '../cabling/load-graph.ts';
import { farEnd } from '../cabling/trace.ts';
import { Checks } from '../checks/checks.ts';
import { hostOf } from '../checks/target.ts';
import type { Database } from '../database/tables.ts';
import { chunked } from '../history/rows.ts';
import { credentialFor, credentialRules } from './credentials/assigned.ts';
import type { InventoryEvents } from './events.ts';
import { fedDevices } from './fed-devices.ts';
import { placeText } from './placement.ts';
import { speedsOf } from './port-speeds.ts';

export interface MonitoredPort {
  readonly id: number;
  readonly name: string;
  readonly kind: PortKind;
  /** Its traced far end is a port of another monitored device. */
  readonly infrastructure: boolean;
  /** The device at the other end, through panels; null: none, or not exactly one. */
  readonly farDeviceId: number | null;
  /** What both ends can do by their device types, in bit/s; null or left out: not known. */
  readonly documentedSpeed?: number | null;
}

export interface MonitoredDevice {
  readonly id: number;
  readonly name: string;
  readonly role: DeviceRole;
  readonly siteId: number | null;
  readonly roomId: number | null;
  readonly rackId: number | null;
  readonly floorId: number | null;
  /** Whether a service runs on it. */
  readonly inService: boolean;
  /** For people: "Serverraum neu, Schrank 3, HE 1-3". */
  readonly place: string;
  /** null: nothing polls it. */
  readonly monitoring: {
    readonly address: string;
    readonly snmpPort: number;
    readonly credentials: SnmpCredentials | null;
    readonly profile: string | null;
    readonly intervalSeconds: number;
    readonly ping: boolean;
    readonly tcp: readonly number[];
  } | null;
  /** What is asked of it otherwise than by SNMP. */
  readonly checks?: readonly AssignedCheck[];
  /** Programs write about it by themselves; null or left out: none does. */
  readonly fed?: { readonly intervalSeconds: number } | null;
  /** Only of devices that are polled or fed. */
  readonly ports: readonly MonitoredPort[];
}

const TcpPorts = z.array(z.int());

/** All devices as monitoring needs them, with opened credentials: for the agents' assignment, never for a reply. */
export class MonitoredDevices {
  readonly #db: Database;
  readonly #secretBox: SecretBox;
  readonly #events: InventoryEvents;
  readonly #checks: Checks;

  constructor(options: { db: Database; secretBox: SecretBox; events: InventoryEvents }) {
    this.#db = options.db;
    this.#secretBox = options.secretBox;
    this.#events = options.events;
    this.#checks = new Checks(options);
  }

  /** Calls `listener` after devices, ports or links have changed. Returns how to stop that. */
  onChange(listener: () => void): () => void {
    return this.#events.onChange(listener);
  }

  /** Every device, in the order of their ids; `monitoring` is null for passive ones. */
  async list(): Promise<MonitoredDevice[]> {
    // One transaction: devices, ports and links of the same moment.
    return this.#db.transaction().execute(async (db) => {
      const devices = await devicesOf(db);
      const credentials = await this.#credentials(db);
      const rules = await credentialRules(db);
      const fed = await fedDevices(db);
      const checks = await this.#checks.assigned(db);
      const monitored = new Set(
        devices
          .filter((row) => row.address !== null || fed.has(row.id) || checks.has(row.id))
          .map((row) => row.id),
      );
      const ports = await portsOf(db, monitored);
      const inService = await devicesInService(db);
      return devices.map((row) => ({
        id: row.id,
        name: row.name,
        role: row.role,
        siteId: row.site_id,
        roomId: row.room_id,
        rackId: row.rack_id,
        floorId: row.floor_id,
        inService: inService.has(row.id),
        place: placeText({
          room: row.room,
          rack: row.rack,
          position: row.position,
          uHeight: row.u_height,
        }),
        monitoring:
          row.address === null || row.snmp_port === null || row.interval_seconds === null
            ? checkedOnly(checks.get(row.id) ?? [])
            : {
                address: row.address,
                snmpPort: row.snmp_port,
                credentials:
                  credentials.get(
                    credentialFor(rules, {
                      credentialId: row.credential_id,
                      siteId: row.site_id,
                      role: row.role,
                    }) ?? 0,
                  ) ?? null,
                profile: row.profile,
                intervalSeconds: row.interval_seconds,
                ping: row.ping === 1,
                tcp: TcpPorts.parse(JSON.parse(row.tcp ?? '[]')),
              },
        fed: fed.get(row.id) ?? null,
        checks: checks.get(row.id) ?? [],
        ports: ports.get(row.id) ?? [],
      }));
    });
  }

  async #credentials(db: Database): Promise<Map<number, SnmpCredentials>> {
    const rows = await db.selectFrom('credentials').select(['id', 'sealed']).execute();
    return new Map(
      rows.map((row) => [row.id, SnmpCredentials.parse(JSON.parse(this.#secretBox.open(row.sealed)))]),
    );
  }
}

/** A device that is asked in no other way than by checks is polled where they go; null: there are none. */
function checkedOnly(checks: readonly AssignedCheck[]): MonitoredDevice['monitoring'] {
  const address = checks.map(({ task }) => hostOf(task)).find((host) => host !== null);
  if (address === undefined || address === null) return null;
  return {
    address,
    snmpPort: 161,
    credentials: null,
    profile: null,
    intervalSeconds: Math.min(...checks.map(({ intervalSeconds }) => intervalSeconds)),
    ping: false,
    tcp: [],
  };
}

function devicesOf(db: Database) {
  return db
    .selectFrom('devices')
    .innerJoin('device_types', 'device_types.id', 'devices.type_id')
    .leftJoin('rooms', 'rooms.id', 'devices.room_id')
    .leftJoin('racks', 'racks.id', 'devices.rack_id')
    .leftJoin('device_monitoring as m', 'm.device_id', 'devices.id')
    .select([
      'devices.id',
      'devices.name',
      'devices.role',
      'devices.room_id',
      'devices.rack_id',
      'devices.position',
      'device_types.u_height',
      'rooms.name as room',
      'rooms.floor_id',
      'rooms.site_id',
      'racks.name as rack',
      'm.address',
      'm.snmp_port',
      'm.credential_id',
      'm.profile',
      'm.interval_seconds',
      'm.ping',
      'm.tcp',
    ])
    .orderBy('devices.id')
    .execute();
}

async function devicesInService(db: Database): Promise<Set<number>> {
  const rows = await db.selectFrom('service_devices').select('device_id').distinct().execute();
  return new Set(rows.map((row) => row.device_id));
}

/** Ports of polled or fed devices and what is at their other ends; nobody reads those of the others. */
async function portsOf(db: Database, monitored: ReadonlySet<number>): Promise<Map<number, MonitoredPort[]>> {
  const rows = [];
  for (const ids of chunked([...monitored]))
    rows.push(
      ...(await db
        .selectFrom('ports')
        .select(['id', 'device_id', 'name', 'kind'])
        .where('device_id', 'in', ids)
        .orderBy('device_id')
        .orderBy('rank')
        .execute()),
    );
  const graph = await loadGraphAround(
    db,
    rows.map((row) => row.id),
  );
  const far = new Map(rows.map((row) => [row.id, farEnd(graph, row.id)]));
  const owners = await ownersOf(
    db,
    [...far.values()].filter((id) => id !== null),
  );
  const speeds = await speedsOf(db, monitored);
  const byId = new Map(rows.map((row) => [row.id, row]));
  const speedOf = (portId: number | null) => {
    const port = byId.get(portId ?? 0);
    return port?.device_id == null ? undefined : speeds.get(port.device_id)?.get(port.name);
  };
  const ports = new Map<number, MonitoredPort[]>();
  for (const { id, device_id, name, kind } of rows) {
    if (device_id === null) continue;
    const [here, there] = [speedOf(id), speedOf(far.get(id) ?? null)];
    const documentedSpeed = here === undefined || there === undefined ? null : Math.min(here, there);
    const farDeviceId = owners.get(far.get(id) ?? 0) ?? null;
    const infrastructure = farDeviceId !== null && farDeviceId !== device_id && monitored.has(farDeviceId);
    const own = ports.get(device_id) ?? [];
    own.push({ id, name, kind, infrastructure, farDeviceId, documentedSpeed });
    ports.set(device_id, own);
  }
  return ports;
}

/** The devices of ports; ports of outlets have none. */
async function ownersOf(db: Database, portIds: readonly number[]): Promise<Map<number, number>> {
  const owners = new Map<number, number>();
  for (const ids of chunked(portIds))
    for (const { id, device_id } of await db
      .selectFrom('ports')
      .select(['id', 'device_id'])
      .where('id', 'in', ids)
      .execute())
      if (device_id !== null) owners.set(id, device_id);
  return owners;
}
