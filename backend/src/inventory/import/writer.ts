import { SnmpCredentials } from '@rackhaus/config/contract';
import type { DeviceTypeFile } from '@rackhaus/config/device-types';
import type { InventoryDevice, InventoryFile } from '@rackhaus/config/inventory-file';
import type { SecretBox } from '../../access/secret-box.ts';
import type { Change } from '../../history/change.ts';
import type { DbValue, Row } from '../../history/spec.ts';
import type { Existing } from './existing.ts';
import { type PortOwner, readPortIds } from './read-ports.ts';
import { type Counts, sameValues, sync, writing } from './sync.ts';
import { outletPorts, type TypePorts, typeColumns } from './wanted.ts';
import { writeContracts, writeSpareParts } from './write-lifecycle.ts';
import { writeLinks } from './write-links.ts';
import { writeNetwork } from './write-network.ts';
import { type WrittenPlaces, writePlaces } from './write-places.ts';
import { writeServices } from './write-services.ts';

/** Writes a file that has been checked. */
export class Writer {
  readonly #change: Change;
  readonly #secretBox: SecretBox;
  readonly #existing: Existing;
  readonly #types: ReadonlyMap<string, DeviceTypeFile>;
  readonly #typePorts: TypePorts;
  readonly #counts: Counts = { created: 0, changed: 0 };

  constructor(options: {
    change: Change;
    secretBox: SecretBox;
    existing: Existing;
    types: ReadonlyMap<string, DeviceTypeFile>;
    typePorts: TypePorts;
  }) {
    this.#change = options.change;
    this.#secretBox = options.secretBox;
    this.#existing = options.existing;
    this.#types = options.types;
    this.#typePorts = options.typePorts;
  }

  async write(file: InventoryFile): Promise<Counts> {
    const places = await writePlaces(this.#change, file, this.#existing, this.#counts);
    const types = await this.#writeTypes(file);
    const credentials = await this.#writeCredentials(file);
    const contracts = await writeContracts(this.#change, file, this.#counts);
    const devices = await this.#writeDevices(file, places, types, contracts);
    await this.#writeMonitoring(file, devices, credentials);
    const outlets = await this.#writeOutlets(file, places);
    const owners = this.#portOwners(devices, outlets);
    const ids = await readPortIds(this.#change.tx, owners);
    const twoSided = new Set([
      ...file.devices.flatMap(({ name, type }) =>
        this.#typePorts.of(type).flatMap((port) => (port.twoSided ? [`${name}:${port.name}`] : [])),
      ),
      ...file.outlets.flatMap(({ name, ports }) => outletPorts(ports).map((port) => `${name}:${port.name}`)),
    ]);
    const isTwoSided = (owner: string, port: string) =>
      twoSided.has(`${owner}:${port}`) || this.#existing.ports.get(owner)?.get(port)?.twoSided === true;
    await writeLinks(this.#change, file, this.#existing, { ids, isTwoSided }, this.#counts);
    await writeServices(this.#change, file, this.#existing, devices, this.#counts);
    await writeSpareParts(this.#change, file, places.rooms, this.#counts);
    await writeNetwork(this.#change, file, ids, this.#counts);
    return this.#counts;
  }

  /** Types that the file uses, and newer definitions of those that are in use. */
  async #writeTypes(file: InventoryFile): Promise<Map<string, number>> {
    const slugs = new Set([...file.devices.map((device) => device.type), ...this.#existing.types.keys()]);
    const wanted = [...slugs].flatMap((slug) => {
      const type = this.#types.get(slug);
      return type === undefined ? [] : [{ key: slug, values: { definition: typeColumns(type).definition } }];
    });
    return sync({
      wanted,
      existing: (slug) => this.#existing.types.get(slug),
      same: (row, values) => row.definition === values.definition,
      ...writing(this.#change, 'device-type'),
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
      protocol: SnmpCredentials.parse(JSON.parse(plain)).version,
      sealed: this.#secretBox.seal(plain),
    });
    const ids = await sync({
      wanted,
      existing: (name) => this.#existing.credentials.get(name),
      same: (row, values) => this.#isSealed(row.sealed, values.plain),
      insert: (rows) => this.#change.insert('credential', rows.map(seal)),
      update: (id, values) => this.#change.update('credential', id, seal(values)),
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
    contracts: ReadonlyMap<string, number>,
  ): Promise<Map<string, number>> {
    return sync({
      wanted: file.devices.map((device) => {
        const room_id = places.rooms.get(device.room) ?? 0;
        return {
          key: device.name,
          values: {
            name: device.name,
            type_id: types.get(device.type) ?? 0,
            role: device.role,
            room_id,
            rack_id:
              device.rack === undefined ? null : (places.racks.get(`${room_id}/${device.rack}`) ?? null),
            position: device.position ?? null,
            face: device.face,
            side: device.side,
            serial: device.serial ?? null,
            ...lifecycleValues(device, contracts),
          },
        };
      }),
      existing: (name) => this.#existing.devices.get(name),
      same: sameValues,
      ...writing(this.#change, 'device'),
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
        await this.#change.remove('monitoring', [row.id]);
        this.#counts.changed++;
      } else if (row === undefined) {
        await this.#change.insert('monitoring', [values]);
        this.#counts.created++;
      } else if (!sameValues(row, values)) {
        await this.#change.update('monitoring', row.id, values);
        this.#counts.changed++;
      }
    }
  }

  async #writeOutlets(file: InventoryFile, places: WrittenPlaces): Promise<Map<string, number>> {
    return sync({
      wanted: file.outlets.map(({ name, room, ports }) => ({
        key: name,
        values: { name, room_id: places.rooms.get(room) ?? 0, jacks: ports },
      })),
      existing: (name) => this.#existing.outlets.get(name),
      same: sameValues,
      ...writing(this.#change, 'outlet'),
      counts: this.#counts,
    });
  }

  /** Devices and outlets of the file, and those that were there. */
  #portOwners(devices: ReadonlyMap<string, number>, outlets: ReadonlyMap<string, number>): PortOwner[] {
    const owners = new Map<string, PortOwner>();
    for (const name of this.#existing.ports.keys()) {
      const device = this.#existing.devices.get(name);
      const outlet = this.#existing.outlets.get(name);
      owners.set(name, { name, deviceId: device?.id ?? null, outletId: outlet?.id ?? null });
    }
    for (const [name, deviceId] of devices) owners.set(name, { name, deviceId, outletId: null });
    for (const [name, outletId] of outlets) owners.set(name, { name, deviceId: null, outletId });
    return [...owners.values()];
  }
}

/** Only what the file says: what it leaves out stays as it is. */
function lifecycleValues(device: InventoryDevice, contracts: ReadonlyMap<string, number>): Row {
  const values: Readonly<Record<string, DbValue | undefined>> = {
    status: device.status,
    asset_tag: device.assetTag,
    person_in_charge: device.personInCharge,
    supplier: device.supplier,
    contract_id: device.contract === undefined ? undefined : contracts.get(device.contract),
    purchased_on: device.purchasedOn,
    warranty_until: device.warrantyUntil,
    support_until: device.supportUntil,
    cost_cents: device.price === undefined ? undefined : Math.round(device.price * 100),
    notes: device.notes,
  };
  const given: { [column: string]: DbValue } = {};
  for (const [column, value] of Object.entries(values)) if (value !== undefined) given[column] = value;
  return given;
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
