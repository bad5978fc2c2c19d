import type { DeviceView } from '@rackhaus/config/contract';
import type { Values } from './port-rows.ts';
import { type EntityReading, entityLabel } from './sensor-groups.ts';

export interface LineRow {
  readonly entity: string;
  readonly label: string;
  readonly values: Values;
}

/** Phases and banks by the side of the device that they belong to. */
export interface LineGroups {
  readonly input: readonly LineRow[];
  readonly output: readonly LineRow[];
  /** Neither named as input nor as output: the phases of a PDU. */
  readonly other: readonly LineRow[];
}

/** Sorts lines into inputs and outputs by the beginning of their names. */
export function lineGroups(
  readings: Iterable<EntityReading>,
  entities: DeviceView['entities'],
  language: string,
): LineGroups {
  const rows = entityRows(readings, 'line', entities, language);
  const side = ({ entity }: LineRow) =>
    /^in/i.test(entity) ? 'input' : /^out/i.test(entity) ? 'output' : 'other';
  return {
    input: rows.filter((row) => side(row) === 'input'),
    output: rows.filter((row) => side(row) === 'output'),
    other: rows.filter((row) => side(row) === 'other'),
  };
}

/** All entities of one kind with their values, in natural order of their names (2 before 10). */
export function entityRows(
  readings: Iterable<EntityReading>,
  kind: EntityReading['kind'],
  entities: DeviceView['entities'],
  language: string,
): LineRow[] {
  const collator = new Intl.Collator(language, { numeric: true, sensitivity: 'base' });
  return [...readings]
    .filter((reading) => reading.kind === kind)
    .map(({ entity, values }) => ({ entity, label: entityLabel(entities, kind, entity), values }))
    .sort((a, b) => collator.compare(a.entity, b.entity));
}

/** How full a memory or storage is, as a ratio; null: it does not say. */
export function fillOf({ fill, used, size }: Values): number | null {
  return fill ?? (used !== undefined && size ? used / size : null);
}

/**
 * The memory that the device's own share is of, if it is among them, and the others: buffers, cache and swap space say little, and
 * of many of them nobody sees what counts.
 */
export function ownMemory<Area extends { readonly value: number }>(
  share: number | undefined,
  areas: readonly Area[],
): { own: Area | null; others: readonly Area[] } {
  const own = areas.find(({ value }) => share !== undefined && Math.abs(value - share) < 0.001) ?? null;
  return { own, others: areas.filter((area) => area !== own) };
}
