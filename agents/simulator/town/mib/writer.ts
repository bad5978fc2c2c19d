import type { StoreEntry } from '../../snmp/store.ts';
import type { SnmpValue } from '../../snmp/value.ts';
import type { TownDevice } from '../topology.ts';
import type { World } from '../world.ts';

/** Takes one object: a fixed value, or one that is worked out when it is asked for (undefined: not there now). */
export type Add = (oid: string, value: StoreEntry['value']) => void;

/** Writes a part of what a device answers. */
export type MibPart = (device: TownDevice, world: World, add: Add) => void;

/** One table column by column: `rows` are index and what makes the value. */
export function addColumn<Row>(
  add: Add,
  column: string,
  rows: readonly { readonly index: number | string; readonly row: Row }[],
  value: (row: Row) => SnmpValue | (() => SnmpValue | undefined),
): void {
  for (const { index, row } of rows) add(`${column}.${index}`, value(row));
}

/** A locally administered MAC address that belongs to the device; number 0 is the chassis. */
export function macAddress(device: TownDevice, number: number): Uint8Array {
  const { seed } = device;
  return Uint8Array.of(
    0x02,
    (seed >>> 24) & 0xff,
    (seed >>> 16) & 0xff,
    (seed >>> 8) & 0xff,
    ((seed & 0xff) + (number >> 8)) & 0xff,
    number & 0xff,
  );
}
