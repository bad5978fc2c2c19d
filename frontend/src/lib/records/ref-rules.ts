import type { InventoryRecord, RecordKind } from '@rackhaus/config/contract';
import type { FieldInput } from './field-input.ts';

/** Kinds that are made where they belong: ports with their device, types from files, secrets by the administrator. */
const notMadeInPassing: ReadonlySet<string> = new Set<RecordKind>([
  'port',
  'device-type',
  'credential',
  'document',
  'link',
  'floor-plan',
]);

/** Whether a picker offers to make a record of the kind. */
export function madeInPassing(kind: RecordKind): boolean {
  return !notMadeInPassing.has(kind);
}

const narrows: Readonly<Record<string, { readonly by: string; readonly filter: string }>> = {
  'device.rackId': { by: 'roomId', filter: 'roomId' },
  'address.portId': { by: 'deviceId', filter: 'deviceId' },
  'port.rearPortId': { by: 'deviceId', filter: 'deviceId' },
};

/** What may be chosen for a reference, given the rest of the form: racks of the room. */
export function refFilter(kind: RecordKind, field: string, input: (name: string) => FieldInput): string[] {
  const rule = narrows[`${kind}.${field}`];
  const by = rule === undefined ? null : input(rule.by);
  return rule === undefined || typeof by !== 'number' ? [] : [`${rule.filter}:is:${by}`];
}

/** What else a choice says: a rack stands in a room; who leaves the room leaves the rack. */
export function alsoSet(
  kind: RecordKind,
  field: string,
  chosen: InventoryRecord | null,
): Readonly<Record<string, FieldInput>> {
  const record: Readonly<Record<string, unknown>> | null = chosen;
  if (kind === 'device' && field === 'rackId')
    return typeof record?.roomId === 'number' ? { roomId: record.roomId } : { position: '' };
  if (kind === 'device' && field === 'roomId') return { rackId: null, position: '' };
  if (kind === 'address' && field === 'portId' && typeof record?.deviceId === 'number')
    return { deviceId: record.deviceId };
  if (kind === 'address' && field === 'deviceId') return { portId: null };
  return {};
}
