import {
  type DeviceLimits,
  type EntityKind,
  isMetricId,
  type Observation,
  type ObservedEntity,
  type ObservedPort,
  type OutletIdentity,
  type PortVlans,
} from '@rackhaus/config/contract';
import { toMac, toText } from '../snmp/decode.ts';
import { limitsOf } from './device-limits.ts';
import type { NetworkPoller } from './network/network-poller.ts';
import { outletIdentity } from './outlet-identity.ts';
import { type ReadingSet, valueKey } from './reading-set.ts';
import { firstText } from './row-values.ts';
import { rowKind } from './table.ts';
import type { TablePoller } from './table-poller.ts';

/** VLANs and parts, where the device says something of them. */
export function observedNetwork({ vlans, parts }: NetworkPoller): Pick<Observation, 'vlans' | 'parts'> {
  return {
    ...(vlans && { vlans: [...vlans.vlans] }),
    ...(parts.length > 0 && { parts: [...parts] }),
  };
}

/** The ports of all tables that hold ports, by ifIndex. */
export function observedPorts(
  tables: readonly TablePoller[],
  vlans?: ReadonlyMap<string, PortVlans>,
): ObservedPort[] {
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
      const vlansOfPort = vlans?.get(row.name);
      ports.push({
        name: row.name,
        ifIndex,
        description: toText(row.value(description)),
        alias: toText(row.value(alias)),
        mac: toMac(row.value(mac)),
        type: row.number(type) ?? null,
        ...(vlansOfPort && { vlans: vlansOfPort }),
      });
    }
  }
  return ports.sort((a, b) => a.ifIndex - b.ifIndex);
}

/** Everything else that has a value, with the device's own words for it. */
export function observedEntities(tables: readonly TablePoller[], readings: ReadingSet): ObservedEntity[] {
  const labels = new Map<string, string>();
  const outlets = new Map<string, OutletIdentity>();
  for (const { table, rows } of tables) {
    const kind = rowKind(table);
    for (const row of rows) {
      // The first table that has one of this name: there it is looked for when it is switched.
      if (table.spec.switch !== undefined && !outlets.has(row.name))
        outlets.set(row.name, outletIdentity(table, rows, row));
      const label = firstText(table.label, row);
      if (label !== null) labels.set(`${kind} ${row.name}`, label);
    }
  }
  return [...readings.entities()]
    .filter(({ kind }) => kind !== 'port' && kind !== 'device')
    .map(({ kind, entity }) => {
      const outlet = kind === 'outlet' ? outlets.get(entity) : undefined;
      return {
        kind,
        entity,
        label: labels.get(`${kind} ${entity}`) ?? entity,
        ...saidOf(kind, entity, readings),
        ...(outlet && { outlet }),
      };
    });
}

/** The device's own words and limits for the values of one entity. */
function saidOf(
  kind: EntityKind,
  entity: string,
  readings: ReadingSet,
): Pick<ObservedEntity, 'words' | 'limits'> {
  if (readings.words.size === 0 && readings.limited.size === 0) return {};
  const words: Record<string, string> = {};
  const limits: Record<string, DeviceLimits> = {};
  for (const name of Object.keys(readings.values(kind, entity))) {
    const id = `${kind}.${name}`;
    if (!isMetricId(id)) continue;
    const key = valueKey(id, entity);
    const word = readings.words.get(key);
    if (word !== undefined) words[name] = word;
    const limited = readings.limited.get(key);
    const own = limited && limitsOf(limited);
    if (own) limits[name] = own;
  }
  return {
    ...(Object.keys(words).length > 0 && { words }),
    ...(Object.keys(limits).length > 0 && { limits }),
  };
}
