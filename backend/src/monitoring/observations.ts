import { Observation } from '@rackhaus/config/contract';
import type { Database } from '../database/tables.ts';
import { chunked } from '../history/rows.ts';

/** What devices say of themselves: the newest of each. */
export class Observations {
  readonly #db: Database;
  readonly #listeners = new Set<(deviceIds: readonly number[]) => void>();

  constructor(options: { db: Database }) {
    this.#db = options.db;
  }

  /** Calls `listener` with the devices that said something new. Returns how to stop that. */
  onChange(listener: (deviceIds: readonly number[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Keeps observations, the newest of each device; older ones are passed over. */
  async put(observations: readonly Observation[]): Promise<void> {
    const newer: number[] = [];
    await this.#db.transaction().execute(async (tx) => {
      for (const observation of observations) {
        const { deviceId: device_id, time } = observation;
        const row = { device_id, time, observation: JSON.stringify(observation) };
        const result = await tx
          .insertInto('observations')
          .values(row)
          .onConflict((conflict) =>
            conflict.column('device_id').doUpdateSet(row).where('observations.time', '<', time),
          )
          .executeTakeFirst();
        if ((result.numInsertedOrUpdatedRows ?? 0n) > 0n) newer.push(device_id);
      }
    });
    if (newer.length > 0) for (const listener of this.#listeners) listener(newer);
  }

  /** What the device last said of itself. */
  async of(deviceId: number): Promise<Observation | null> {
    const row = await this.#db
      .selectFrom('observations')
      .select('observation')
      .where('device_id', '=', deviceId)
      .executeTakeFirst();
    return row ? Observation.parse(JSON.parse(row.observation)) : null;
  }

  /** What these devices last said of themselves, or all of them; by device. */
  async all(deviceIds?: readonly number[]): Promise<Map<number, Observation>> {
    const all = new Map<number, Observation>();
    for (const part of deviceIds === undefined ? [null] : chunked(deviceIds)) {
      let query = this.#db.selectFrom('observations').select(['device_id', 'observation']);
      if (part !== null) query = query.where('device_id', 'in', part);
      for (const row of await query.execute())
        all.set(row.device_id, Observation.parse(JSON.parse(row.observation)));
    }
    return all;
  }
}
