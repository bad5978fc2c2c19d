import { type EntityKind, metric, metricIds, type Reading } from '@rackhaus/config/contract';

/** Kind to the names of its metrics that are states (up or down, on battery, reachable). */
const stateNames = new Map<EntityKind, string[]>();
for (const id of metricIds) {
  const { kind, states } = metric(id);
  if (states === undefined) continue;
  const names = stateNames.get(kind) ?? [];
  names.push(id.slice(kind.length + 1));
  stateNames.set(kind, names);
}

/** Remembers the states of all entities, to know which reading says something new: those must not wait. */
export class StateMemory {
  readonly #byDevice = new Map<number, Map<string, string>>();

  /** Whether a state differs from the one before. The first reading of an entity is no change. */
  changes(reading: Reading): boolean {
    let states = '';
    for (const name of stateNames.get(reading.kind) ?? []) {
      const value = reading.values[name];
      if (value !== undefined) states += `${name}=${value},`;
    }
    if (states === '') return false;
    let entities = this.#byDevice.get(reading.deviceId);
    if (entities === undefined) {
      entities = new Map();
      this.#byDevice.set(reading.deviceId, entities);
    }
    const key = `${reading.kind}/${reading.entity}`;
    const before = entities.get(key);
    if (before === states) return false;
    entities.set(key, states);
    return before !== undefined;
  }

  forget(deviceId: number): void {
    this.#byDevice.delete(deviceId);
  }
}
