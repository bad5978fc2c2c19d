import { SnmpCredentials } from '@rackhaus/config/contract';
import type { DeviceTypeFile } from '@rackhaus/config/device-types';
import type { InventoryDevice, InventoryFile } from '@rackhaus/config/inventory-file';
import type { SecretBox } from '../../access/secret-box.ts';
import type { Database } from '../../database/tables.ts';
import { searchKey } from '../search-key.ts';
import type { Existing } from './existing.ts';
import { type Counts, sameValues, sync } from './sync.ts';
import { outletPorts, type TypePorts, typeColumns } from './wanted.ts';
import { writeLinks } from './write-links.ts';
import { type WrittenPlaces, writePlaces } from './write-places.ts';
import { type PortOwner, writePorts } from './write-ports.ts';

/** Writes a file that has been checked. */
export class Writer {
  readonly #tx: Database;
  readonly #secretBox: SecretBox;
  readonly #existing: Existing;
  readonly #types: ReadonlyMap<string, DeviceTypeFile>;
  readonly #typePorts: TypePorts;
  readonly #counts: Counts = { created: 0, changed: 0, removed: 0 };

  constructor(options: {
    tx: Database;
    secretBox: SecretBox;
    existing: Existing;
    types: ReadonlyMap<string, DeviceTypeFile>;
    typePorts: TypePorts;
  }) {
    this.#tx = options.tx;
    this.#secretBox = options.secretBox;
    this.#existing = options.existing;
    this.#types = options.types;
    this.#typePorts = options.typePorts;
  }

  async write(file: InventoryFile): Promise<Counts> {
    const places = await writePlaces(this.#tx, file, this.#existing, this.#counts);
    const types = await this.#writeTypes(file);
    const credentials = await this.#writeCredentials(file);
    const devices = await this.#writeDevices(file, places, types);
    await this.#writeMonitoring(file, devices, credentials);
    const outlets = await this.#writeOutlets(file, places);
    const owners = this.#portOwners(file, devices, outlets);
    const ids = await writePorts(this.#tx, owners, this.#existing.ports, this.#counts);
    const twoSided = new Set(
      owners.flatMap((owner) => owner.ports.filter((p) => p.twoSided).map((p) => `${owner.name}:${p.name}`)),
    );
    const isTwoSided = (owner: string, port: string) =>
      twoSided.has(`${owner}:${port}`) || this.#existing.ports.get(owner)?.get(port)?.twoSided === true;
    await writeLinks(this.#tx, file, this.#existing, { ids, isTwoSided }, this.#counts);
    return this.#counts;
  }

  /** Types that the file uses, and newer definitions of those that are in use. */
  async #writeTypes(file: InventoryFile): Promise<Map<string, number>> {
    const slugs = new Set([...file.devices.map((device) => device.type), ...this.#existing.types.keys()]);
    const wanted = [...slugs].flatMap((slug) => {
      const type = this.#types.get(slug);
      return type === undefined ? [] : [{ key: slug, values: typeColumns(type) }];
    });
    return sync({
      wanted,
      existing: (slug) => this.#existing.types.get(slug),
      same: (row, values) => row.definition === values.definition,
      insert: (rows) => this.#tx.insertInto('device_types').values(rows).returning('id').execute(),
      update: (id, values) => this.#tx.updateTable('device_types').set(values).where('id', '=', id).execute(),
      counts: this.#counts,
    });
  }

  async #writeCredentials(file: InventoryFile): Promise<Map<string, number>> {
    const wanted = Object.entries(file.credentials).map(([name, credentials]) => ({
      key: name,
      values: { name, plain: JSON.stringify(credentials) },
    }));
    const seal = ({ name, plain }: { name: string; plain: string }) => ({
      name,
      sealed: this.#secretBox.seal(plain),
    });
    const ids = await sync({
      wanted,
      existing: (name) => this.#existing.credentials.get(name),
      same: (row, values) => this.#isSealed(row.sealed, values.plain),
      insert: (rows) => this.#tx.insertInto('credentials').values(rows.map(seal)).returning('id').execute(),
      update: (id, values) =>
        this.#tx.updateTable('credentials').set(seal(values)).where('id', '=', id).execute(),
      counts: this.#counts,
    });
    return new Map([
      ...[...this.#existing.credentials].map(([name, row]) => [name, row.id] as const),
      ...ids,
    ]);
  }

  #isSealed(sealed: string, plain: string): boolean {
    return JSON.stringify(SnmpCredentials.parse(JSON.parse(this.#secretBox.open(sealed)))) === plain;
  }

  async #writeDevices(
    file: InventoryFile,
    places: WrittenPlaces,
    types: ReadonlyMap<string, number>,
  ): Promise<Map<string, number>> {
    return sync({
      wanted: file.devices.map((device) => {
        const room_id = places.rooms.get(device.room) ?? 0;
        return {
          key: device.name,
          values: {
            name: device.name,
            search_key: searchKey(device.name),
            type_id: types.get(device.type) ?? 0,
            role: device.role,
            room_id,
            rack_id:
              device.rack === undefined ? null : (places.racks.get(`${room_id}/${device.rack}`) ?? null),
            position: device.position ?? null,
            face: device.face,
            side: device.side,
            serial: device.serial ?? null,
          },
        };
      }),
      existing: (name) => this.#existing.devices.get(name),
      same: (row, { search_key: _, ...values }) => sameValues(row, values),
      insert: (rows) => this.#tx.insertInto('devices').values(rows).returning('id').execute(),
      update: (id, values) => this.#tx.updateTable('devices').set(values).where('id', '=', id).execute(),
      counts: this.#counts,
    });
  }

  async #writeMonitoring(
    file: InventoryFile,
    devices: ReadonlyMap<string, number>,
    credentials: ReadonlyMap<string, number>,
  ): Promise<void> {
    for (const device of file.devices) {
      const device_id = devices.get(device.name) ?? 0;
      const row = this.#existing.monitoring.get(device_id);
      const values = monitoringValues(device, device_id, credentials);
      if (values === null) {
        if (row === undefined) continue;
        await this.#tx.deleteFrom('device_monitoring').where('device_id', '=', device_id).execute();
        this.#counts.changed++;
      } else if (row === undefined) {
        await this.#tx.insertInto('device_monitoring').values(values).execute();
        this.#counts.created++;
      } else if (!sameValues(row, values)) {
        await this.#tx
          .updateTable('device_monitoring')
          .set(values)
          .where('device_id', '=', device_id)
          .execute();
        this.#counts.changed++;
      }
    }
  }

  async #writeOutlets(file: InventoryFile, places: WrittenPlaces): Promise<Map<string, number>> {
    return sync({
      wanted: file.outlets.map(({ name, room }) => ({
        key: name,
        values: { name, search_key: searchKey(name), room_id: places.rooms.get(room) ?? 0 },
      })),
      existing: (name) => this.#existing.outlets.get(name),
      same: (row, values) => row.room_id === values.room_id,
      insert: (rows) => this.#tx.insertInto('outlets').values(rows).returning('id').execute(),
      update: (id, values) => this.#tx.updateTable('outlets').set(values).where('id', '=', id).execute(),
      counts: this.#counts,
    });
  }

  /** Whose ports have to be looked at: devices of the file, outlets of the file, and devices whose type changed. */
  #portOwners(
    file: InventoryFile,
    devices: ReadonlyMap<string, number>,
    outlets: ReadonlyMap<string, number>,
  ): PortOwner[] {
    const owners = new Map<string, PortOwner>();
    for (const [name, device] of this.#existing.devices) {
      if (!this.#existing.ports.has(name)) continue;
      owners.set(name, { name, deviceId: device.id, outletId: null, ports: this.#typePorts.of(device.slug) });
    }
    for (const { name, type } of file.devices) {
      const deviceId = devices.get(name) ?? 0;
      owners.set(name, { name, deviceId, outletId: null, ports: this.#typePorts.of(type) });
    }
    for (const { name, ports } of file.outlets)
      owners.set(name, { name, deviceId: null, outletId: outlets.get(name) ?? 0, ports: outletPorts(ports) });
    return [...owners.values()];
  }
}

function monitoringValues(
  device: InventoryDevice,
  device_id: number,
  credentials: ReadonlyMap<string, number>,
) {
  const { monitoring } = device;
  if (monitoring === undefined) return null;
  return {
    device_id,
    address: monitoring.address,
    snmp_port: monitoring.port,
    credential_id:
      monitoring.credentials === undefined ? null : (credentials.get(monitoring.credentials) ?? null),
    profile: monitoring.profile ?? null,
    interval_seconds: monitoring.intervalSeconds,
    ping: monitoring.ping ? 1 : 0,
    tcp: JSON.stringify(monitoring.tcp),
  };
}
