import { deviceRoles, lifecycles } from '@rackhaus/config/contract';
import { mayBePolled } from '../../access/polled-networks.ts';
import { parseAddress } from '../network/ip.ts';
import { searchKey } from '../search-key.ts';
import { DeviceIdentity } from './device-identity.ts';
import { checkChange, checkNew, type Values } from './draft.ts';
import { type KnownPort, type KnownRow, macPort, portsOf } from './known.ts';
import { Mounting } from './mounting.ts';
import type { PlanContext, Planned, PlannedRows } from './plan.ts';
import type { Row } from './row.ts';
import { knownType, type UsableType } from './type-match.ts';
import { parsePosition } from './values.ts';

type Device = KnownRow<'devices'>;

/** A row as far as it is known which device it means, and of which type. */
interface Meant {
  readonly row: Row;
  readonly device: Device | undefined;
  readonly name: string;
  readonly typeKey: string | null;
  readonly role: string | undefined;
}

/** Rows that are devices. */
export async function planDevices(context: PlanContext, rows: readonly Row[]): Promise<PlannedRows> {
  const identity = new DeviceIdentity(context.known);
  const meant: Meant[] = [];
  await context.forEach(rows, (row) => {
    const { device, name } = identity.of(row);
    const role = row.choice('role', 'role', deviceRoles);
    meant.push({ row, device, name, role, typeKey: noteType(context, row, role) });
  });
  const writer = new DeviceWriter(context, await macPorts(context, meant));
  const planned: Planned[] = [];
  await context.forEach(meant, (each) => planned.push(writer.write(each)));
  writer.mounting.check();
  return { rows: planned, left: leftOver(context, meant) };
}

function noteType(context: PlanContext, row: Row, role: string | undefined): string | null {
  const model = row.text('model');
  const cell = row.cell('position');
  const range = cell === null ? undefined : parsePosition(cell);
  return context.types.note({
    manufacturer: row.text('manufacturer'),
    model,
    partNumber: row.text('partNumber'),
    role: role ?? context.types.roleIn(model),
    uHeight: row.numberOf('heightU') ?? range?.height ?? null,
    networked: row.text('ipAddress') !== '' || row.text('mac') !== '',
  });
}

async function macPorts(
  context: PlanContext,
  meant: readonly Meant[],
): Promise<ReadonlyMap<number, readonly KnownPort[]>> {
  if (!context.fields.has('mac')) return new Map();
  const ids = meant.flatMap(({ device }) => (device === undefined ? [] : [device.id]));
  return portsOf(context.db, 'device_id', [...new Set(ids)]);
}

/** Turns rows into drafted devices and changes. */
class DeviceWriter {
  readonly mounting: Mounting;
  readonly #context: PlanContext;
  readonly #ports: ReadonlyMap<number, readonly KnownPort[]>;
  readonly #types: ReadonlyMap<number, UsableType>;
  readonly #addresses: Map<string, { deviceId: number | null; name: string }>;
  readonly #managed: ReadonlyMap<number, KnownRow<'addresses'>>;
  readonly #contracts: Map<string, number>;
  readonly #names: ReadonlyMap<number, string>;

  constructor(context: PlanContext, ports: ReadonlyMap<number, readonly KnownPort[]>) {
    const { known } = context;
    this.#context = context;
    this.#ports = ports;
    this.#types = new Map(known.types.map((row) => [row.id, knownType(row)]));
    this.#names = new Map(known.devices.map((device) => [device.id, device.name]));
    this.mounting = new Mounting({ known, places: context.places, types: this.#types });
    this.#addresses = new Map(
      known.addresses
        .filter((row) => row.vrf_id === null)
        .map((row) => [
          row.sort_key,
          { deviceId: row.device_id, name: this.#names.get(row.device_id ?? 0) ?? row.address },
        ]),
    );
    this.#managed = new Map(
      known.addresses.flatMap((row) =>
        row.role === 'management' && row.device_id !== null ? [[row.device_id, row]] : [],
      ),
    );
    this.#contracts = new Map(known.contracts.map((row) => [searchKey(row.name), row.id]));
    for (const { id, number } of known.contracts)
      if (number !== null) this.#contracts.set(searchKey(number), id);
  }

  write({ row, device, name, typeKey, role }: Meant): Planned {
    const { draft, places } = this.#context;
    const type = this.#typeOf(row, device, typeKey);
    const place = places.of(row, device?.room_id ?? null);
    const values: Record<string, unknown> = { ...this.#plain(row), ...this.#where(row, device, type, place) };
    if (row.text('name') !== '' || device === undefined) values.name = name;
    if (device === undefined || (typeKey !== null && type !== undefined)) values.typeId = type?.id;
    values.role = role ?? (device === undefined && type !== undefined ? this.#roleOf(type, row) : undefined);
    const contract = row.text('contract');
    if (contract !== '') values.contractId = this.#contract(contract);
    const done = { row, kind: 'device' as const, id: device?.id ?? null, name };
    if (device === undefined) {
      const checked = type === undefined ? null : checkNew(row, 'device', values);
      if (type === undefined) row.refuse('model', 'type-unknown');
      if (checked === null) return { ...done, changes: false };
      const ref = draft.create('device', checked, name, row.number);
      for (const field of ['typeId', 'roomId', 'rackId', 'position'])
        if (checked[field] !== null) row.differs('device', field, null, this.#show(field, checked[field]));
      if (type !== undefined) this.mounting.put(row, ref, name, checked, type);
      this.#connect(row, ref, name, type, undefined);
      return { ...done, changes: true };
    }
    const changed = checkChange(row, 'device', device, values, (field, value) => this.#show(field, value));
    if (changed === null) return { ...done, changes: false };
    if (Object.keys(changed).length > 0) draft.update('device', device.id, changed, row.number);
    if (type !== undefined) this.mounting.move(row, device, changed, type);
    this.#connect(row, device.id, name, type, device);
    return { ...done, changes: row.fields.length > 0 };
  }

  #typeOf(row: Row, device: Device | undefined, key: string | null): UsableType | undefined {
    const current = device === undefined ? undefined : this.#types.get(device.type_id);
    if (key === null) return current;
    const said = this.#context.types.use(key);
    // A device that is there keeps its type when the list only says roughly the same.
    const keeps = current !== undefined && row.text('model') === '' && row.text('partNumber') === '';
    return keeps ? current : said;
  }

  #plain(row: Row): Values {
    const { notes } = this.#context;
    return {
      status: row.choice('status', 'status', lifecycles),
      serial: row.text('serial') || undefined,
      assetTag: row.text('assetTag') || undefined,
      personInCharge: row.text('personInCharge') || undefined,
      supplier: row.text('supplier') || undefined,
      orderNumber: row.text('orderNumber') || undefined,
      purchasedOn: row.day('purchasedOn', 'first'),
      warrantyUntil: row.day('warrantyUntil', 'last'),
      supportUntil: row.day('supportUntil', 'last'),
      costCents: row.cents('cost'),
      notes: notes(row),
    };
  }

  /** Room, rack, unit: what the row says, with what follows from it. */
  #where(
    row: Row,
    device: Device | undefined,
    type: UsableType | undefined,
    place: ReturnType<PlanContext['places']['of']>,
  ): Values {
    if (place === null) return {};
    const face = row.choice('face', 'face', ['front', 'rear']);
    const side = row.choice('side', 'side', ['left', 'right', 'full']);
    const cell = row.cell('position');
    const unit = cell === null ? undefined : parsePosition(cell);
    if (cell !== null && unit === undefined) row.refuse('position', 'not-a-unit');
    if (place === undefined) return { face, side };
    const { roomId, rack } = place;
    if (rack === null) return { roomId, face, side, ...(device?.room_id === roomId ? {} : noRack) };
    const takesUnits =
      type === undefined || ((type.form === 'full' || type.form === 'half') && type.uHeight > 0);
    if (!takesUnits) {
      if (unit !== undefined) row.hint('position', 'takes-no-unit', { type: type?.label ?? '' });
      return { roomId, rackId: rack.id, position: null, face, side };
    }
    if (unit === undefined) {
      // It stands there already, and somebody has found out in which unit.
      if (device?.rack_id === rack.id && device.position !== null)
        return { roomId, rackId: rack.id, face, side };
      if (cell === null) row.hint('rack', 'no-unit-no-rack', { rack: rack.name });
      return { roomId, ...noRack, face, side };
    }
    const height = type?.uHeight ?? unit.height ?? 1;
    if (unit.height !== null && type !== undefined && unit.height !== Math.ceil(type.uHeight))
      row.refuse('position', 'height-differs', { type: type.label, height: String(type.uHeight) });
    const position = this.#context.options.fromTop
      ? rack.heightU - unit.position - height + 2
      : unit.position;
    if (type?.form === 'half' && side === undefined && (device?.side ?? 'full') === 'full')
      row.refuse('side', 'needs-side');
    return { roomId, rackId: rack.id, position, face, side };
  }

  #contract(name: string): number {
    const known = this.#contracts.get(searchKey(name));
    if (known !== undefined) return known;
    const made = this.#context.draft.create('contract', { name }, name, null);
    this.#contracts.set(searchKey(name), made);
    return made;
  }

  /** Address and MAC address, which are records of their own. */
  #connect(
    row: Row,
    id: number,
    name: string,
    type: UsableType | undefined,
    device: Device | undefined,
  ): void {
    const { draft, known, options } = this.#context;
    const text = row.text('ipAddress').replace(/\/\d+$/, '');
    const address = text === '' ? undefined : parseAddress(text);
    if (address === null) row.refuse('ipAddress', 'not-an-address');
    if (address !== undefined && address !== null) {
      const key = `${address.family}${address.digits}`;
      const holder = this.#addresses.get(key);
      const own = device === undefined ? undefined : this.#managed.get(device.id);
      if (holder !== undefined && holder.deviceId !== id)
        row.refuse('ipAddress', 'address-taken', { other: holder.name });
      else if (holder === undefined) {
        this.#addresses.set(key, { deviceId: id, name });
        if (device !== undefined) row.differs('address', 'address', own?.address ?? null, address.text);
        if (own === undefined)
          draft.create(
            'address',
            { address: address.text, role: 'management', deviceId: id },
            address.text,
            row.number,
          );
        else draft.update('address', own.id, { address: address.text }, row.number);
      }
      if (options.monitor && !known.monitored.has(id)) {
        // Of which site it will be is known when it is written, which looks again.
        if (!mayBePolled(known.polledNetworks, address.text, undefined))
          row.refuse('ipAddress', 'network-not-allowed');
        draft.create('monitoring', { deviceId: id, address: address.text }, address.text, row.number);
        if (device !== undefined) row.differs('monitoring', 'address', null, address.text);
      }
    }
    this.#mac(row, id, type, device);
  }

  #mac(row: Row, id: number, type: UsableType | undefined, device: Device | undefined): void {
    const { draft } = this.#context;
    const text = row.text('mac');
    if (text === '') return;
    const hex = text.toLowerCase().replaceAll(/[^0-9a-f]/g, '');
    if (hex.length !== 12 || !/^[0-9a-f:.\- ]+$/i.test(text)) {
      row.refuse('mac', 'not-a-mac');
      return;
    }
    const mac = hex.match(/../g)?.join(':') ?? '';
    const ports = device === undefined ? undefined : this.#ports.get(device.id);
    if (device === undefined || ports === undefined) {
      if (type?.hasNetworkPort === true) draft.macs.push({ device: id, mac, row: row.number });
      else row.hint('mac', 'no-port-for-mac', { type: type?.label ?? '' });
      return;
    }
    if (ports.some((port) => port.mac === mac)) return;
    const port = macPort(ports);
    if (port === undefined) {
      row.hint('mac', 'no-port-for-mac', { type: type?.label ?? '' });
      return;
    }
    row.differs('port', 'mac', port.mac, mac);
    draft.update('port', port.id, { mac }, row.number);
  }

  /** What a type is used as, when the list does not say it. */
  #roleOf(type: UsableType, row: Row): string {
    const { types } = this.#context;
    return types.roleIn(type.label) ?? types.roleIn(row.text('name')) ?? type.role;
  }

  #show(field: string, value: unknown): string | null {
    if (value === null || value === undefined) return null;
    const { places, types } = this.#context;
    const id = Number(value);
    if (field === 'roomId') return places.roomName(id);
    if (field === 'rackId') return places.rackById(id)?.name ?? '';
    if (field === 'typeId') return this.#types.get(id)?.label ?? types.labelOf(id);
    if (field === 'contractId')
      return (
        this.#context.known.contracts.find((row) => row.id === id)?.name ??
        this.#context.draft.creations.find((each) => each.ref === id)?.name ??
        ''
      );
    return String(value);
  }
}

const noRack = { rackId: null, position: null };

/** Devices in the rooms that the list names, or all when it names none, which it does not have. */
function leftOver({ known, places }: PlanContext, meant: readonly Meant[]): PlannedRows['left'] {
  const named = new Set(meant.flatMap(({ device }) => (device === undefined ? [] : [device.id])));
  return known.devices
    .filter(
      ({ id, room_id }) =>
        !named.has(id) &&
        (places.mentioned.size === 0 || (room_id !== null && places.mentioned.has(room_id))),
    )
    .map(({ id, name }) => ({ id, name }));
}
