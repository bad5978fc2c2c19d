import { type EntityKind, type MetricId, metric, plausible, type Reading } from '@rackhaus/config/contract';
import type { Limited } from './device-limits.ts';
import type { CompiledValue, RowValues, StickyScale } from './evaluate.ts';

/** Names one value of a poll: its metric and what it is about. */
export function valueKey(id: MetricId, entity: string): string {
  return `${id} ${entity}`;
}

/** Collects the values of one poll by entity. The first value of a metric counts: profiles list the better source first. */
export class ReadingSet {
  private readonly byKind = new Map<EntityKind, Map<string, Record<string, number>>>();
  /** The device's own words for states, by {@link valueKey}. */
  readonly words = new Map<string, string>();
  /** Values whose device has set limits of its own, by {@link valueKey}. */
  readonly limited = new Map<string, Limited>();
  /** Instances that each value was made of, by {@link valueKey}; null where nobody asks. */
  readonly origins: Map<string, readonly string[]> | null;

  constructor({ traced = false }: { traced?: boolean } = {}) {
    this.origins = traced ? new Map() : null;
  }

  /** The values of one entity, to be filled with {@link put}. */
  values(kind: EntityKind, entity: string): Record<string, number> {
    let entities = this.byKind.get(kind);
    if (!entities) {
      entities = new Map();
      this.byKind.set(kind, entities);
    }
    let values = entities.get(entity);
    if (!values) {
      values = {};
      entities.set(entity, values);
    }
    return values;
  }

  /** Takes a value over when it is plausible and the metric has none yet; whether it was taken. */
  add(id: MetricId, name: string, entity: string, value: number): boolean {
    const good = plausible(id, value);
    if (good === undefined) return false;
    const values = this.values(metric(id).kind, entity);
    if (values[name] !== undefined) return false;
    values[name] = good;
    return true;
  }

  /** Keeps what belongs to a value that was taken, beside its number. */
  note(value: CompiledValue, entity: string, row: RowValues, sticky: StickyScale): void {
    if (value.word !== null) {
      const word = value.word(row);
      if (word !== null) this.words.set(valueKey(value.metric, entity), word);
    }
    if (value.limits !== null) this.limited.set(valueKey(value.metric, entity), { value, row, sticky });
  }

  has(kind: EntityKind, entity: string): boolean {
    return this.byKind.get(kind)?.has(entity) ?? false;
  }

  /** Every kind and entity that has a value. */
  *entities(): Generator<{ kind: EntityKind; entity: string }> {
    for (const [kind, entities] of this.byKind) for (const entity of entities.keys()) yield { kind, entity };
  }

  readings(deviceId: number, time: number): Reading[] {
    const readings: Reading[] = [];
    this.byKind.forEach((entities, kind) => {
      entities.forEach((values, entity) => {
        readings.push({ deviceId, kind, entity, time, values });
      });
    });
    return readings;
  }
}
