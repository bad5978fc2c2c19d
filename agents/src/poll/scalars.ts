import type { ProfileScalars } from '@rackhaus/config/profiles';
import { type SnmpValue, toNumber } from '../snmp/decode.ts';
import { decodeOid, encodeOid, type OidBytes } from '../snmp/oid.ts';
import type { SnmpSession } from '../snmp/session.ts';
import {
  type CounterValue,
  counterRate,
  type DeviceClock,
  type Elapsed,
  elapsedBetween,
} from './counters.ts';
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
import { type ReadingSet, valueKey } from './reading-set.ts';
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

/** Scalars of one group as a row. */
class ScalarRow implements RowValues {
  readonly index = '0';
  readonly slots: SnmpValue[];

  constructor(width: number) {
    this.slots = new Array<SnmpValue>(width).fill(undefined);
  }

  value(slot: number): SnmpValue {
    return this.slots[slot];
  }

  number(slot: number): number | undefined {
    return toNumber(this.slots[slot]);
  }

  numberAt(): undefined {
    return undefined;
  }
}

interface Group {
  readonly part: number;
  readonly group: CompiledScalars;
  readonly row: ScalarRow;
  readonly scales: StickyScale[];
  /** Counters as they were read last, by the position of their value. */
  readonly counters: Map<number, CounterValue>;
}

/** What the values depend on beside the instances. */
export interface ScalarContext {
  /** When they were read, ms since 1970. */
  readonly time: number;
  readonly clock: DeviceClock;
  /** sysUpTime to ms since 1970; undefined when it cannot be said. */
  readonly moment: (ticks: number) => number | undefined;
}

/**
 * The scalars of all groups, read together. Which of them the device has is found out at a refresh; until the next one
 * only those are asked.
 */
export class ScalarPoller {
  private readonly groups: readonly Group[];
  /** Groups by part, of which the device has anything: most devices have nothing of most. */
  private present: Map<number, Group[]> = new Map();
  /** The device's clock when the counters were read last. */
  private clock: DeviceClock | null = null;
  private elapsed: Elapsed | null = null;
  private active: { slots: SnmpValue[]; slot: number; oid: OidBytes }[] = [];

  /** Groups by part of the profile. */
  constructor(parts: readonly (readonly CompiledScalars[])[]) {
    this.groups = parts.flatMap((groups, part) =>
      groups.map((group) => ({
        part,
        group,
        row: new ScalarRow(group.oids.length),
        scales: [],
        counters: new Map(),
      })),
    );
  }

  /** Instances to ask at this poll. */
  wanted(refresh: boolean): readonly OidBytes[] {
    if (refresh)
      this.active = this.groups.flatMap(({ group, row: { slots } }) =>
        group.oids.map((oid, slot) => ({ slots, slot, oid })),
      );
    return this.active.map((each) => each.oid);
  }

  /** Takes the values of {@link wanted}, in its order, as they were at this moment of the device's clock. */
  take(values: readonly SnmpValue[], refresh: boolean, clock: DeviceClock): void {
    this.elapsed = this.clock && elapsedBetween(this.clock, clock);
    // While the device's clock stands still its counters are those of before: keep the older moment.
    if (this.elapsed?.kind !== 'still') this.clock = clock;
    this.active.forEach(({ slots, slot }, i) => {
      slots[slot] = values[i];
    });
    if (!refresh) return;
    this.active = this.active.filter((_, i) => values[i] !== undefined);
    const there = new Set(this.active.map(({ slots }) => slots));
    for (const { row, counters } of this.groups) if (!there.has(row.slots)) counters.clear();
    this.present = Map.groupBy(
      this.groups.filter(({ row }) => there.has(row.slots)),
      ({ part }) => part,
    );
  }

  /** Whether the device has any of a part, as found at the last refresh. */
  has(part: number): boolean {
    return this.present.has(part);
  }

  /** Adds the values of one part of the profile. */
  addTo(readings: ReadingSet, wanted: number, context: ScalarContext): void {
    for (const { group, row, scales, counters } of this.present.get(wanted) ?? []) {
      if (group.where && !group.where(row)) continue;
      // Counters that are there but have no rate yet: a lesser counter must not speak in their place.
      const undecided = new Set<string>();
      group.values.forEach((value, i) => {
        if (undecided.has(value.name)) return;
        const scaled = this.valueOf(value, i, row, { scales, counters }, context);
        if (scaled === undefined) {
          if (counters.has(i)) undecided.add(value.name);
          return;
        }
        const entity = isSingle(value.metricKind) ? '' : firstOf(value.entity ?? group.entity, row);
        if (!readings.add(value.metric, value.name, entity, scaled)) return;
        readings.note(value, entity, row, scales[i] ?? { scale: undefined });
        readings.origins?.set(valueKey(value.metric, entity), originsOf(value, group, row));
      });
    }
  }

  private valueOf(
    value: CompiledValue,
    i: number,
    row: ScalarRow,
    { scales, counters }: Pick<Group, 'scales' | 'counters'>,
    { time, clock, moment }: ScalarContext,
  ): number | undefined {
    const { spec } = value;
    const raw = spec.clock ? aheadOf(row.value(value.slot), time) : value.raw(row);
    if (raw === undefined || (value.when && !value.when(row))) {
      counters.delete(i);
      return undefined;
    }
    if (spec.moment) return moment(raw);
    if (spec.ago) return clock.ticks === null ? undefined : moment(clock.ticks - raw);
    if (spec.rate !== undefined) {
      const rate = this.rateOf(spec.rate, raw, counters, i);
      return rate === undefined ? undefined : value.scaled(rate, row, { scale: undefined });
    }
    scales[i] ??= { scale: undefined };
    return value.scaled(raw, row, scales[i]);
  }

  private rateOf(bits: 32 | 64, value: number, counters: Group['counters'], i: number): number | undefined {
    const { elapsed } = this;
    const before = counters.get(i);
    if (elapsed?.kind === 'still' && before) return undefined;
    const now = { value, discontinuity: 0 };
    counters.set(i, now);
    if (!before || elapsed?.kind !== 'seconds') return undefined;
    return counterRate(before, now, elapsed.seconds, bits, undefined);
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

function originsOf(value: CompiledValue, group: CompiledScalars, row: ScalarRow): string[] {
  return value.slots.flatMap((slot) => {
    const oid = group.oids[slot];
    return oid === undefined || row.value(slot) === undefined ? [] : [decodeOid(oid)];
  });
}

function firstOf(templates: readonly ((row: RowValues) => string | null)[], row: RowValues): string {
  for (const template of templates) {
    const text = template(row);
    if (text !== null && text !== '') return text;
  }
  return '';
}
