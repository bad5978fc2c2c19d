import { Sightings } from '@rackhaus/config/contract';
import type { Database } from '../database/tables.ts';

/** Who was seen behind which port: the newest of each device. Kept in memory as well, because cables are compared with all of it. */
export class LatestSightings {
  readonly #db: Database;
  readonly #listeners = new Set<(deviceIds: readonly number[]) => void>();
  #loading: Promise<Map<number, Sightings>> | null = null;

  constructor(options: { db: Database }) {
    this.#db = options.db;
  }

  /** Calls `listener` with the devices that saw something new. Returns how to stop that. */
  onChange(listener: (deviceIds: readonly number[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Keeps sightings, the newest of each device; older ones are passed over. */
  async put(sightings: readonly Sightings[]): Promise<void> {
    const latest = await this.#latest();
    const newer = new Map<number, Sightings>();
    for (const each of sightings) {
      const before = newer.get(each.deviceId) ?? latest.get(each.deviceId);
      if (before === undefined || before.time < each.time) newer.set(each.deviceId, each);
    }
    if (newer.size === 0) return;
    await this.#db.transaction().execute(async (tx) => {
      for (const [device_id, each] of newer) {
        const row = { device_id, time: each.time, sightings: JSON.stringify(each) };
        await tx
          .insertInto('sightings')
          .values(row)
          .onConflict((conflict) =>
            conflict.column('device_id').doUpdateSet(row).where('sightings.time', '<', each.time),
          )
          .execute();
      }
    });
    for (const [deviceId, each] of newer) {
      const before = latest.get(deviceId);
      if (before === undefined || before.time < each.time) latest.set(deviceId, each);
    }
    for (const listener of this.#listeners) listener([...newer.keys()]);
  }

  /** What the device saw last; null: it has never told. */
  async of(deviceId: number): Promise<Sightings | null> {
    return (await this.#latest()).get(deviceId) ?? null;
  }

  /** What every device saw last, by device; also of devices that are not polled any more. */
  async all(): Promise<ReadonlyMap<number, Sightings>> {
    return await this.#latest();
  }

  #latest(): Promise<Map<number, Sightings>> {
    this.#loading ??= this.#load().catch((error: unknown) => {
      this.#loading = null;
      throw error;
    });
    return this.#loading;
  }

  async #load(): Promise<Map<number, Sightings>> {
    const rows = await this.#db.selectFrom('sightings').select(['device_id', 'sightings']).execute();
    return new Map(rows.map((row) => [row.device_id, Sightings.parse(JSON.parse(row.sightings))]));
  }
}
