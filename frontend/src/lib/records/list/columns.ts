import { fieldsOf, type RecordKind } from '@rackhaus/config/contract';
import { formFields } from '../groups.ts';

/** Where the declaration would show more at once than fits, or less than one looks for. */
const fromStart: Partial<Readonly<Record<RecordKind, readonly string[]>>> = {
  device: ['name', 'status', 'role', 'typeId', 'roomId', 'rackId', 'position', 'serial', 'warrantyUntil'],
  port: ['name', 'deviceId', 'outletId', 'kind', 'label', 'description', 'mac', 'untaggedVlanId'],
  floor: ['name', 'buildingId'],
  room: ['name', 'number', 'floorId', 'personInCharge'],
  rack: ['name', 'roomId', 'purpose', 'heightU', 'personInCharge'],
  building: ['name', 'siteId'],
  outlet: ['name', 'roomId', 'place', 'jacks'],
  vlan: ['vid', 'name', 'siteId', 'purpose'],
  prefix: ['cidr', 'vlanId', 'siteId', 'purpose', 'vrfId'],
  address: ['address', 'role', 'deviceId', 'portId', 'dnsName', 'purpose', 'vrfId'],
  link: ['label', 'kind', 'color', 'lengthM'],
  'device-type': ['notes'],
};

/** All that can be shown, in the order of the declaration. */
export function allColumns(kind: RecordKind): string[] {
  const time = [...fieldsOf(kind)].filter(([, { meta }]) => meta.type === 'time').map(([name]) => name);
  return [...formFields(kind), ...time];
}

/** What a list shows as long as nobody has chosen. */
export function columnsFromStart(kind: RecordKind): readonly string[] {
  return fromStart[kind] ?? allColumns(kind).filter((name) => fieldsOf(kind).get(name)?.meta.list === true);
}

/** Numbers stand to the right, so that their digits are below each other. */
export function isNumeric(kind: RecordKind, field: string): boolean {
  const meta = fieldsOf(kind).get(field)?.meta;
  return meta !== undefined && (meta.type === 'integer' || meta.type === 'number') && field !== 'position';
}
