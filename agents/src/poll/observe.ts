import type { ObservedEntity, ObservedPort } from '@rackhaus/config/contract';
import { toMac, toNumber, toText } from '../snmp/decode.ts';
import type { ReadingSet } from './reading-set.ts';
import { firstText } from './row-values.ts';
import { rowKind } from './table.ts';
import type { TablePoller } from './table-poller.ts';

/** The ports of all tables that hold ports, by ifIndex. */
export function observedPorts(tables: readonly TablePoller[]): ObservedPort[] {
  const ports: ObservedPort[] = [];
  for (const { table, rows } of tables) {
    const { port } = table.spec;
    if (!port) continue;
    const names = Object.keys(table.spec.columns);
    const slotOf = (column: string | undefined): number =>
      column === undefined ? -1 : names.indexOf(column);
    const description = slotOf(port.description);
    const alias = slotOf(port.alias);
    const mac = slotOf(port.mac);
    const type = slotOf(port.type);
    for (const row of rows) {
      const ifIndex = Number(row.index);
      if (!Number.isInteger(ifIndex)) continue;
      ports.push({
        name: row.name,
        ifIndex,
        description: toText(row.slots[description]),
        alias: toText(row.slots[alias]),
        mac: toMac(row.slots[mac]),
        type: toNumber(row.slots[type]) ?? null,
      });
    }
  }
  return ports.sort((a, b) => a.ifIndex - b.ifIndex);
}

/** Everything else that has a value, with the device's own words for it. */
export function observedEntities(tables: readonly TablePoller[], readings: ReadingSet): ObservedEntity[] {
  const labels = new Map<string, string>();
  for (const { table, rows } of tables) {
    const kind = rowKind(table);
    for (const row of rows) {
      const label = firstText(table.label, row);
      if (label !== null) labels.set(`${kind} ${row.name}`, label);
    }
  }
  return [...readings.entities()]
    .filter(({ kind }) => kind !== 'port' && kind !== 'device')
    .map(({ kind, entity }) => ({ kind, entity, label: labels.get(`${kind} ${entity}`) ?? entity }));
}
