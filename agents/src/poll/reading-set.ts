import { type EntityKind, type MetricId, metric, plausible, type Reading } from '@rackhaus/config/contract';

/** Collects the values of one poll by entity. The first value of a metric counts: profiles list the better source first. */
export class ReadingSet {
  private readonly byKind = new Map<EntityKind, Map<string, Record<string, number>>>();

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

  /** Takes a value over when it is plausible and the metric has none yet. */
  add(id: MetricId, name: string, entity: string, value: number): void {
    const good = plausible(id, value);
    if (good === undefined) return;
    const values = this.values(metric(id).kind, entity);
    if (values[name] === undefined) values[name] = good;
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
    for (const [kind, entities] of this.byKind)
      for (const [entity, values] of entities) readings.push({ deviceId, kind, entity, time, values });
    return readings;
  }
}
