import type { ProfileScalars } from '@rackhaus/config/profiles';
import type { SnmpValue } from '../snmp/decode.ts';
import { encodeOid, type OidBytes } from '../snmp/oid.ts';
import type { SnmpSession } from '../snmp/session.ts';
import { dateAndTime } from './date-and-time.ts';
import {
  type CompiledValue,
  compileConditions,
  compileTemplate,
  compileValue,
  type RowTest,
  type RowValues,
  type StickyScale,
} from './evaluate.ts';
import type { ReadingSet } from './reading-set.ts';
import { isSingle } from './table.ts';

/** Instances per GET: an answer of short values stays within one frame. */
export const oidsPerGet = 24;

export interface CompiledScalars {
  readonly id: string;
  readonly oids: readonly OidBytes[];
  readonly where: RowTest | null;
  readonly entity: ((row: RowValues) => string | null)[];
  readonly values: readonly CompiledValue[];
}

export function compileScalars(spec: ProfileScalars): CompiledScalars {
  const names = Object.keys(spec.objects);
  const slotOf = (name: string): number => names.indexOf(name);
  return {
    id: spec.id,
    oids: Object.values(spec.objects).map(encodeOid),
    where: compileConditions(spec.where, slotOf),
    entity: spec.entity.map((template) => compileTemplate(template, slotOf)),
    values: spec.values.map((value) => compileValue(value, slotOf)),
  };
}

interface Group {
  readonly part: number;
  readonly group: CompiledScalars;
  readonly slots: SnmpValue[];
  readonly scales: StickyScale[];
}

/**
 * The scalars of all groups, read together. Which of them the device has is found out at a refresh; until the next one
 * only those are asked.
 */
export class ScalarPoller {
  private readonly groups: readonly Group[];
  private active: { slots: SnmpValue[]; slot: number; oid: OidBytes }[] = [];

  /** Groups by part of the profile. */
  constructor(parts: readonly (readonly CompiledScalars[])[]) {
    this.groups = parts.flatMap((groups, part) =>
      groups.map((group) => ({ part, group, slots: group.oids.map(() => undefined), scales: [] })),
    );
  }

  /** Instances to ask at this poll. */
  wanted(refresh: boolean): readonly OidBytes[] {
    if (refresh)
      this.active = this.groups.flatMap(({ group, slots }) =>
        group.oids.map((oid, slot) => ({ slots, slot, oid })),
      );
    return this.active.map((each) => each.oid);
  }

  /** Takes the values of {@link wanted}, in its order. */
  take(values: readonly SnmpValue[], refresh: boolean): void {
    this.active.forEach(({ slots, slot }, i) => {
      slots[slot] = values[i];
    });
    if (refresh) this.active = this.active.filter((_, i) => values[i] !== undefined);
  }

  /** Adds the values of one part of the profile. @param time when they were read, ms since 1970 */
  addTo(readings: ReadingSet, wanted: number, time: number): void {
    for (const { part, group, slots, scales } of this.groups) {
      if (part !== wanted) continue;
      const row: RowValues = { index: '0', slots };
      if (group.where && !group.where(row)) continue;
      group.values.forEach((value, i) => {
        if (value.when && !value.when(row)) return;
        const raw = value.spec.clock ? aheadOf(slots[value.slot], time) : value.raw(row);
        if (raw === undefined) return;
        scales[i] ??= { scale: undefined };
        const scaled = value.scaled(raw, row, scales[i]);
        if (scaled === undefined) return;
        const entity = isSingle(value.metricKind) ? '' : firstOf(value.entity ?? group.entity, row);
        readings.add(value.metric, value.name, entity, scaled);
      });
    }
  }
}

/** GETs any number of instances in portions. @throws SnmpError */
export async function getAll(session: SnmpSession, oids: readonly OidBytes[]): Promise<SnmpValue[]> {
  const values: SnmpValue[] = [];
  for (let i = 0; i < oids.length; i += oidsPerGet)
    values.push(...(await session.get(oids.slice(i, i + oidsPerGet))));
  return values;
}

/** Seconds that a device's clock is ahead of ours. */
function aheadOf(value: SnmpValue, time: number): number | undefined {
  const there = dateAndTime(value);
  return there === undefined ? undefined : (there - time) / 1000;
}

function firstOf(templates: readonly ((row: RowValues) => string | null)[], row: RowValues): string {
  for (const template of templates) {
    const text = template(row);
    if (text !== null && text !== '') return text;
  }
  return '';
}
