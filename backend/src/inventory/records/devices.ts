import { DeviceTypeFile } from '@rackhaus/config/device-types';
import { checkInnerWiring } from '../../cabling/connect/check-wires.ts';
import { markMoved } from '../../cabling/connect/moved.ts';
import type { Row, Scope, TableSpec } from '../../history/spec.ts';
import { AppError } from '../../problem.ts';
import { outletPorts, typeColumns } from '../import/wanted.ts';
import { searchKey } from '../search-key.ts';
import { prepareDevices, refuseNamesOfDevices } from './device-rules.ts';
import { missing } from './places.ts';
import { followType, makePorts, preparePort, typePorts, withOtherPorts } from './ports-of-type.ts';
import { settleDeviceSlots, settleSlots } from './slots.ts';
import { recordSpec } from './spec.ts';
import { about } from './subjects.ts';

function placesOf(row: Row): Scope[] {
  const scopes: Scope[] = [];
  if (typeof row.rack_id === 'number') scopes.push({ kind: 'rack', id: row.rack_id });
  if (typeof row.room_id === 'number') scopes.push({ kind: 'room', id: row.room_id });
  return scopes;
}

/** What owns a port. */
export function portOwner(row: Row): Scope {
  return typeof row.device_id === 'number'
    ? { kind: 'device', id: row.device_id }
    : { kind: 'outlet', id: Number(row.outlet_id) };
}

/** Types, devices, outlets and their ports, spare parts and contracts. */
export const deviceSpecs: readonly TableSpec[] = [
  recordSpec('device-type', {
    table: 'device_types',
    derived: [
      'slug',
      'manufacturer',
      'model',
      'part_number',
      'u_height',
      'form',
      'full_depth',
      'weight_kg',
      'power_w',
      'airflow',
    ],
    nameOf: (row) => `${String(row.manufacturer)} ${String(row.model)}`,
    prepare: async (_, rows) =>
      rows.map(({ next }) => {
        const parsed = DeviceTypeFile.safeParse(JSON.parse(String(next.definition)));
        if (parsed.success) return { ...next, ...typeColumns(parsed.data) };
        const fields = parsed.error.issues.map(({ path, message }) => ({
          path: ['definition', ...path].map(String).join('.'),
          message,
        }));
        const said = fields.map(({ path, message }) => `${path}: ${message}`).join('; ');
        throw new AppError('invalid', `This is not a device type: ${said}`, fields, { reason: 'not-a-type' });
      }),
    written: async (change, rows) => {
      for (const { before, after } of rows) {
        if (before === null || after === null || before.definition === after.definition) continue;
        const devices = await change.rows.idsBy('devices', 'type_id', [after.id]);
        const ports = (await typePorts(change, [after.id])).get(after.id) ?? [];
        for (const id of devices) {
          await followType(change, { kind: 'device', id }, ports);
          // Asks the rules of devices again: it may have become higher than its rack.
          await change.update('device', id, {});
        }
      }
    },
    settle: async (change, rows) => {
      const resized = rows.filter(({ before, after }) =>
        ['u_height', 'form', 'full_depth'].some((column) => before?.[column] !== after?.[column]),
      );
      const ids = resized.flatMap(({ after }) => (after === null ? [] : [after.id]));
      await settleSlots(change, await change.rows.idsBy('devices', 'type_id', ids));
    },
    dependents: [
      { kind: 'device', by: 'type_id', action: 'refuse' },
      { kind: 'spare-part', by: 'type_id', action: 'clear' },
      ...about('device-type'),
    ],
  }),
  recordSpec('device', {
    table: 'devices',
    searched: ['serial', 'asset_tag', 'person_in_charge'],
    derived: ['search_key'],
    scopesOf: placesOf,
    prepare: prepareDevices,
    written: async (change, rows) => {
      const made = rows.flatMap(({ before, after }) => (before === null && after !== null ? [after] : []));
      const swapped = rows.flatMap(({ before, after }) =>
        before !== null && after !== null && before.type_id !== after.type_id ? [after] : [],
      );
      const ports = await typePorts(
        change,
        [...made, ...swapped].map((row) => Number(row.type_id)),
      );
      const portsFor = (row: Row) => ports.get(Number(row.type_id)) ?? [];
      await makePorts(
        change,
        made.map((row) => ({ deviceId: row.id, outletId: null, ports: portsFor(row) })),
      );
      for (const row of swapped) await followType(change, { kind: 'device', id: row.id }, portsFor(row));
      await markMoved(change, rows);
    },
    // Its type may have other ports by now.
    restored: async (change, rows) => {
      const ports = await typePorts(
        change,
        rows.map((row) => Number(row.type_id)),
      );
      const portsFor = (id: unknown) => ports.get(Number(id)) ?? [];
      const owners = rows.map((row) => ({ id: row.id, ports: portsFor(row.type_id) }));
      const other = new Set(await withOtherPorts(change, 'device', owners));
      for (const { id, ports } of owners)
        if (other.has(id)) await followType(change, { kind: 'device', id }, ports);
    },
    settle: settleDeviceSlots,
    dependents: [
      { kind: 'monitoring', by: 'device_id', action: 'delete' },
      { kind: 'check', by: 'device_id', action: 'delete' },
      { kind: 'port', by: 'device_id', action: 'delete' },
      { kind: 'address', by: 'device_id', action: 'clear' },
      { kind: 'service-device', by: 'device_id', action: 'delete' },
      { kind: 'plan-mark', by: 'device_id', action: 'delete' },
      { kind: 'rule-limit', by: 'device_id', action: 'delete' },
      { kind: 'maintenance', by: 'device_id', action: 'delete' },
      ...about('device'),
    ],
  }),
  recordSpec('outlet', {
    table: 'outlets',
    derived: ['search_key'],
    scopesOf: (row) => [{ kind: 'room', id: Number(row.room_id) }],
    prepare: async (change, rows) => {
      await refuseNamesOfDevices(change, rows);
      const ids = [...new Set(rows.map(({ next }) => Number(next.room_id)))];
      const rooms = new Set((await change.rows.byIds('rooms', ids)).map((room) => room.id));
      return rows.map(({ next }) => {
        if (!rooms.has(Number(next.room_id))) throw missing('roomId', 'room', next.room_id ?? null);
        return { ...next, search_key: searchKey(String(next.name)) };
      });
    },
    written: async (change, rows) => {
      const made = rows.flatMap(({ before, after }) => (before === null && after !== null ? [after] : []));
      await makePorts(
        change,
        made.map((row) => ({ deviceId: null, outletId: row.id, ports: outletPorts(Number(row.jacks)) })),
      );
      for (const { before, after } of rows)
        if (before !== null && after !== null && before.jacks !== after.jacks)
          await followType(change, { kind: 'outlet', id: after.id }, outletPorts(Number(after.jacks)));
    },
    dependents: [
      { kind: 'port', by: 'outlet_id', action: 'delete' },
      { kind: 'plan-mark', by: 'outlet_id', action: 'delete' },
      ...about('outlet'),
    ],
  }),
  recordSpec('port', {
    table: 'ports',
    searched: ['label', 'description'],
    derived: ['search_key'],
    selfReference: 'rear_port_id',
    scopesOf: (row) => [portOwner(row)],
    ownerOf: portOwner,
    prepare: async (change, rows) => {
      await checkInnerWiring(change, rows);
      return rows.map(({ next }) => preparePort(next));
    },
    dependents: [
      { kind: 'link', by: linksAt, action: 'delete' },
      { kind: 'port-wire', by: 'port_id', action: 'delete' },
      { kind: 'port-wire', by: 'rear_port_id', action: 'delete' },
      { kind: 'port-vlan', by: 'port_id', action: 'delete' },
      { kind: 'address', by: 'port_id', action: 'clear' },
      { kind: 'maintenance', by: 'port_id', action: 'delete' },
      ...about('port'),
    ],
  }),
  recordSpec('spare-part', {
    table: 'spare_parts',
    searched: ['name', 'part_number'],
    dependents: about('spare-part'),
  }),
  recordSpec('contract', {
    table: 'contracts',
    searched: ['name', 'number', 'supplier'],
    dependents: [{ kind: 'device', by: 'contract_id', action: 'clear' }, ...about('contract')],
  }),
];

/** Links with an end at one of these ports. */
async function linksAt(
  change: Parameters<NonNullable<TableSpec['settle']>>[0],
  ids: readonly number[],
): Promise<number[]> {
  const ends = await change.rows.pick('link_ends', ['link_id'], ids, 'port_id');
  return [...new Set(ends.map((end) => Number(end.link_id)))];
}
