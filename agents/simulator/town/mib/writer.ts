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
