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
  readonly #byDevice = new Map<number, Map<EntityKind, Map<string, string>>>();

  /** Whether a state differs from the one before. The first reading of an entity is no change. */
  changes(reading: Reading): boolean {
    const states = statesOf(reading);
    if (states === null) return false;
    const entities = this.#entities(reading);
    const before = entities.get(reading.entity);
    if (before === states) return false;
    entities.set(reading.entity, states);
    return before !== undefined;
  }

  forget(deviceId: number): void {
    this.#byDevice.delete(deviceId);
  }

  #entities({ deviceId, kind }: Reading): Map<string, string> {
    let kinds = this.#byDevice.get(deviceId);
    if (kinds === undefined) {
      kinds = new Map();
      this.#byDevice.set(deviceId, kinds);
    }
    let entities = kinds.get(kind);
    if (entities === undefined) {
      entities = new Map();
      kinds.set(kind, entities);
    }
    return entities;
  }
}

/** The values of all states that its kind may have, in their order; null when it has none. */
function statesOf({ kind, values }: Reading): string | null {
  let any = false;
  let states = '';
  for (const name of stateNames.get(kind) ?? []) {
    const value = values[name];
    if (value !== undefined) any = true;
    states += value === undefined ? ',' : `${value},`;
  }
  return any ? states : null;
}
