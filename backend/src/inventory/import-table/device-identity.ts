import { searchKey } from '../search-key.ts';
import type { Known, KnownRow } from './known.ts';
import type { Row } from './row.ts';

type Device = KnownRow<'devices'>;

/** Finds the device that a row means: by its number, name, inventory number or serial number. */
export class DeviceIdentity {
  readonly #byId: ReadonlyMap<number, Device>;
  readonly #byName: ReadonlyMap<string, Device>;
  readonly #byAsset: ReadonlyMap<string, Device>;
  readonly #bySerial: ReadonlyMap<string, Device>;
  readonly #outlets: ReadonlySet<string>;
  readonly #rowOf = new Map<number, number>();
  readonly #newNames = new Map<string, number>();
  readonly #newSerials = new Map<string, number>();

  constructor(known: Known) {
    this.#byId = new Map(known.devices.map((device) => [device.id, device]));
    this.#byName = new Map(known.devices.map((device) => [searchKey(device.name), device]));
    this.#byAsset = uniqueBy(known.devices, (device) => device.asset_tag);
    this.#bySerial = uniqueBy(known.devices, (device) => device.serial);
    this.#outlets = new Set(known.outlets.map((outlet) => searchKey(outlet.name)));
  }

  of(row: Row): { device: Device | undefined; name: string } {
    const named = row.text('name');
    const assetTag = row.text('assetTag');
    const serial = row.text('serial');
    const name = named || assetTag || serial;
    if (named === '' && name !== '') row.hint(assetTag === '' ? 'serial' : 'assetTag', 'named-by');
    const found = [
      { field: 'id', device: this.#numbered(row) },
      { field: 'name', device: this.#byName.get(searchKey(name)) },
      { field: 'assetTag', device: assetTag === '' ? undefined : this.#byAsset.get(searchKey(assetTag)) },
      { field: 'serial', device: serial === '' ? undefined : this.#bySerial.get(searchKey(serial)) },
    ].flatMap(({ field, device }) => (device === undefined ? [] : [{ field, device }]));
    const [first] = found;
    const other = found.find(({ device }) => device.id !== first?.device.id);
    if (first !== undefined && other !== undefined)
      row.refuse(other.field, 'two-records', { one: first.device.name, other: other.device.name });
    if (name === '' && first === undefined) row.refuse('name', 'missing');
    this.#refuseTwice(row, name, serial, first?.device);
    return { device: first?.device, name: named || first?.device.name || name };
  }

  #numbered(row: Row): Device | undefined {
    const id = row.numberOf('id', true);
    if (id === undefined) return undefined;
    const device = this.#byId.get(id);
    if (device === undefined) row.refuse('id', 'no-such-id');
    return device;
  }

  #refuseTwice(row: Row, name: string, serial: string, device: Device | undefined): void {
    if (device !== undefined) {
      const before = this.#rowOf.get(device.id);
      if (before !== undefined) row.refuse('name', 'same-row', { row: String(before) });
      else this.#rowOf.set(device.id, row.number);
      return;
    }
    const key = searchKey(name);
    if (key === '') return;
    const before = this.#newNames.get(key);
    if (before !== undefined) row.refuse('name', 'same-row', { row: String(before) });
    else if (this.#outlets.has(key)) row.refuse('name', 'name-taken', { other: name });
    this.#newNames.set(key, row.number);
    const sameSerial = serial === '' ? undefined : this.#newSerials.get(searchKey(serial));
    if (sameSerial !== undefined && before === undefined)
      row.refuse('serial', 'same-row', { row: String(sameSerial) });
    this.#newSerials.set(searchKey(serial), row.number);
  }
}

/** By a value that only one record has. */
function uniqueBy(
  devices: readonly Device[],
  of: (device: Device) => string | null,
): ReadonlyMap<string, Device> {
  const map = new Map<string, Device>();
  const twice = new Set<string>();
  for (const device of devices) {
    const key = searchKey(of(device) ?? '');
    if (key === '') continue;
    if (map.has(key)) twice.add(key);
    map.set(key, device);
  }
  for (const key of twice) map.delete(key);
  return map;
}
