import type { Row } from '../../history/spec.ts';
import { parseAddress, parsePrefix } from '../network/ip.ts';
import type { ExchangedKind } from './file.ts';

type Key = (row: Row) => readonly unknown[];
const columns =
  (...names: readonly string[]): Key =>
  (row) =>
    names.map((name) => row[name] ?? null);

/**
 * By what a record is the same one in a file and in the inventory: columns, after references have become ids of the inventory.
 * Links are recognised by their ends, see links.ts.
 */
const keys: Readonly<Record<Exclude<ExchangedKind, 'link' | 'link-end'>, Key>> = {
  site: columns('name'),
  building: columns('site_id', 'name'),
  floor: columns('building_id', 'name'),
  room: columns('floor_id', 'name'),
  rack: columns('room_id', 'name'),
  document: columns('hash'),
  contract: columns('name'),
  'device-type': (row) => {
    const definition: unknown = JSON.parse(String(row.definition));
    return [typeof definition === 'object' && definition !== null ? Reflect.get(definition, 'slug') : null];
  },
  device: columns('name'),
  'spare-part': columns('name', 'part_number', 'room_id', 'place'),
  outlet: columns('name'),
  vrf: columns('name'),
  vlan: columns('site_id', 'vid'),
  port: columns('device_id', 'outlet_id', 'name'),
  'port-wire': columns('port_id', 'lane'),
  'cable-test': columns('link_id', 'tested_on', 'limit'),
  'label-scheme': columns('link_kind'),
  'port-vlan': columns('port_id', 'vlan_id'),
  credential: columns('name'),
  'credential-rule': columns('site_id', 'role'),
  monitoring: columns('device_id'),
  prefix: (row) => [row.vrf_id ?? null, parsePrefix(String(row.cidr))?.text ?? row.cidr],
  address: (row) => [row.vrf_id ?? null, parseAddress(String(row.address))?.text ?? row.address],
  service: columns('name'),
  'service-device': columns('service_id', 'device_id'),
  check: columns('device_id', 'name'),
  'service-need': columns('service_id', 'needs_id'),
  'floor-plan': columns('floor_id', 'name'),
  'plan-mark': columns('plan_id', 'room_id', 'rack_id', 'outlet_id', 'device_id'),
  'label-template': columns('object_kind', 'name'),
  'saved-view': columns('list_kind', 'name', 'owner_id'),
  attachment: columns('subject_kind', 'subject_id', 'document_id', 'name'),
  note: columns('subject_kind', 'subject_id', 'time', 'author', 'text'),
};

/** The key as one text. */
export function naturalKey(kind: Exclude<ExchangedKind, 'link' | 'link-end'>, row: Row): string {
  return JSON.stringify(keys[kind](row));
}
