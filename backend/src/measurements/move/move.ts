import { keptColumnsOf } from '../kept.ts';
import type { EntityKey } from '../reading-batch.ts';
import type { KeptColumns, MeasurementStore } from '../store.ts';
import { Load } from './load.ts';
import { type Patience, patiently } from './patiently.ts';
import { firstWidth, inOrder, nextWidth, type Position, textOf } from './plan.ts';
import { withoutTaken } from './rollups.ts';

/** Numbers that are written together. */
const valuesAtOnce = 500_000;
export interface Progress {
  /** Of all that is to be moved, 0 to 1. */
  readonly share: number;
  readonly entities: number;
  readonly entitiesDone: number;
  /** Values written by this run. */
  readonly values: number;
}

export interface Move extends Patience {
  readonly from: MeasurementStore;
  readonly to: MeasurementStore;
  /** Whole hours, milliseconds since 1970: what lies in [since, until) is moved. */
  readonly since: number;
  readonly until: number;
  /** Where an earlier run got to. */
  readonly reached?: Position;
  /** Told after each write, when everything before is stored. */
  readonly onStored?: (reached: Position, progress: Progress) => Promise<void> | void;
}

/**
 * Moves history entity by entity, and of each window by window of whole hours. Repeats do no harm: readings join those that
 * are there, and roll-ups go only into buckets of which the target has none. What comes next is read while what came before is
 * written. @throws StoreUnavailable when a store stays away; what `onStored` was told is stored.
 * @returns values written
 */
export async function move(options: Move): Promise<number> {
  const { from, to, since, until, reached, signal } = options;
  const entities = inOrder(await patiently(options, () => from.listEntities()));
  const started: Position = reached ?? { entity: '', time: since };
  let load = new Load(to);
  let writing = Promise.resolve();
  let written = 0;

  const store = async (position: Position, entitiesDone: number) => {
    // One at a time, so that what is noted as reached is all there.
    await writing;
    const full = load;
    load = new Load(to);
    const put = async () => {
      await full.store(options);
      written += full.values;
      const ofThis =
        entitiesDone < entities.length ? (position.time - since) / Math.max(1, until - since) : 0;
      const share = entities.length === 0 ? 1 : Math.min(1, (entitiesDone + ofThis) / entities.length);
      await options.onStored?.(position, { share, entities: entities.length, entitiesDone, values: written });
    };
    writing = put();
    // Whoever waits for it is told.
    writing.catch(() => undefined);
  };

  let position: Position | undefined;
  let index = 0;
  for await (const part of oneAhead(partsOf(options, entities, started))) {
    load.add(part.entity, part.kept);
    position = { entity: textOf(part.entity), time: part.to };
    index = part.index;
    if (load.size >= valuesAtOnce) await store(position, index);
    if (signal?.aborted) break;
  }
  if (position) await store(position, signal?.aborted ? index : entities.length);
  await writing;
  return written;
}

interface Part {
  readonly entity: EntityKey;
  readonly index: number;
  readonly to: number;
  readonly kept: KeptColumns;
}

/** What is to be written, in order, beginning where an earlier run got to. */
async function* partsOf(
  options: Move,
  entities: readonly EntityKey[],
  started: Position,
): AsyncGenerator<Part> {
  const { from, to, since, until } = options;
  for (const [index, entity] of entities.entries()) {
    const text = textOf(entity);
    if (text < started.entity) continue;
    let time = text === started.entity ? Math.max(since, started.time) : since;
    let width = firstWidth;
    while (time < until) {
      const [start, end] = [time, Math.min(until, time + width)];
      const kept = await patiently(options, () => keptColumnsOf(from, entity, start, end));
      const { raw, fiveMinutes, hours } = kept;
      const rollups = fiveMinutes.times.length + hours.times.length;
      const looks = rollups > 0 && !to.putRollups;
      const there = looks ? await patiently(options, () => keptColumnsOf(to, entity, start, end)) : undefined;
      yield { entity, index, to: end, kept: there ? withoutTaken(kept, there) : kept };
      time = end;
      width = nextWidth(width, raw.times.length + rollups);
    }
  }
}

/** The next item is made while the one before is in use. */
async function* oneAhead<T>(items: AsyncGenerator<T>): AsyncGenerator<T> {
  const begin = () => {
    const next = items.next();
    // Whoever waits for it is told.
    next.catch(() => undefined);
    return next;
  };
  for (let coming = begin(); ; ) {
    const { done, value } = await coming;
    if (done) return;
    coming = begin();
    yield value;
  }
}
