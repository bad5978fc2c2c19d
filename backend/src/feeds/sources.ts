import type { Database } from '../database/tables.ts';
import { AppError } from '../problem.ts';
import { LearntInterval } from './interval.ts';
import type { SourceOfPoint } from './meaning.ts';
import { SeenFields } from './seen-fields.ts';

/** So many things one feed may speak of: beyond, somebody writes numbers into tags that change each time. */
export const mostSources = 5000;

/** One thing that a feed speaks of. */
export interface Source {
  readonly id: number;
  readonly feedId: number;
  /** See SourceOfPoint. */
  readonly key: string;
  label: string;
  /** null: waits to be mapped. */
  deviceId: number | null;
  ignored: boolean;
  readonly firstSeen: number;
  lastSeen: number;
  points: number;
  dropped: number;
  readonly interval: LearntInterval;
  readonly content: SeenFields;
}

/** What the feeds speak of, in memory; what is counted is written to the database now and then, mappings at once. */
export class Sources {
  readonly #db: Database;
  readonly #now: () => number;
  readonly #byId = new Map<number, Source>();
  readonly #byFeed = new Map<number, Map<string, Source>>();
  readonly #unsaved = new Set<Source>();

  constructor(options: { db: Database; now: () => number }) {
    this.#db = options.db;
    this.#now = options.now;
  }

  async load(): Promise<void> {
    for (const row of await this.#db.selectFrom('feed_sources').selectAll().orderBy('id').execute()) {
      const source: Source = {
        id: row.id,
        feedId: row.feed_id,
        key: row.tags,
        label: row.label,
        deviceId: row.device_id,
        ignored: row.ignored === 1,
        firstSeen: row.first_seen_at,
        lastSeen: row.last_seen_at,
        points: row.points,
        dropped: row.dropped,
        interval: new LearntInterval({ newest: row.last_seen_at, seconds: row.interval_seconds }),
        content: new SeenFields(),
      };
      source.content.restore(row.content);
      this.#keep(source);
    }
  }

  all(): Iterable<Source> {
    return this.#byId.values();
  }

  /** @throws AppError `not-found` */
  get(id: number): Source {
    const source = this.#byId.get(id);
    if (!source) throw new AppError('not-found', `There is no source ${id}.`);
    return source;
  }

  /** Those of a feed by their key; those that are new are made. One that would be too many is left out. */
  async find(
    feedId: number,
    wanted: ReadonlyMap<string, SourceOfPoint>,
  ): Promise<ReadonlyMap<string, Source>> {
    const known = this.#byFeed.get(feedId) ?? new Map<string, Source>();
    const found = new Map<string, Source>();
    for (const [key, { label }] of wanted) {
      const source = known.get(key);
      if (source) {
        if (source.label !== label) {
          source.label = label;
          this.#unsaved.add(source);
        }
        found.set(key, source);
      } else if ((this.#byFeed.get(feedId)?.size ?? 0) < mostSources)
        found.set(key, await this.#make(feedId, key, label));
    }
    return found;
  }

  /** What is to be written down of it has changed. */
  changed(source: Source): void {
    this.#unsaved.add(source);
  }

  /** Sets the devices that sources stand for, or that they wait. */
  async map(pairs: readonly { id: number; deviceId: number | null }[]): Promise<void> {
    const sources = pairs.map(({ id }) => this.get(id));
    await this.#db.transaction().execute(async (tx) => {
      for (const { id, deviceId } of pairs) {
        if (deviceId !== null) {
          const device = await tx
            .selectFrom('devices')
            .select('id')
            .where('id', '=', deviceId)
            .executeTakeFirst();
          if (!device) throw new AppError('invalid', `There is no device ${deviceId}.`);
        }
        await tx
          .updateTable('feed_sources')
          .set({ device_id: deviceId, ignored: 0 })
          .where('id', '=', id)
          .execute();
      }
    });
    for (const [at, source] of sources.entries()) {
      source.deviceId = pairs[at]?.deviceId ?? null;
      source.ignored = false;
    }
  }

  async ignore(ids: readonly number[], ignored: boolean): Promise<void> {
    const sources = ids.map((id) => this.get(id));
    await this.#db.transaction().execute(async (tx) => {
      for (const id of ids)
        await tx
          .updateTable('feed_sources')
          .set({ ignored: ignored ? 1 : 0, device_id: null })
          .where('id', '=', id)
          .execute();
    });
    for (const source of sources) {
      source.ignored = ignored;
      source.deviceId = null;
    }
  }

  /** Those of devices that are gone wait again. */
  async followInventory(): Promise<boolean> {
    const rows = await this.#db
      .selectFrom('feed_sources')
      .select('id')
      .where('device_id', 'is not', null)
      .execute();
    const mapped = new Set(rows.map(({ id }) => id));
    let changed = false;
    for (const source of this.#byId.values()) {
      if (source.deviceId === null || mapped.has(source.id)) continue;
      source.deviceId = null;
      changed = true;
    }
    return changed;
  }

  /** The feed is gone, and its sources with it. */
  forgetFeed(feedId: number): void {
    for (const source of this.#byFeed.get(feedId)?.values() ?? []) {
      this.#byId.delete(source.id);
      this.#unsaved.delete(source);
    }
    this.#byFeed.delete(feedId);
  }

  /** Writes what was counted to the database. */
  async save(): Promise<void> {
    if (this.#unsaved.size === 0) return;
    const sources = [...this.#unsaved];
    this.#unsaved.clear();
    try {
      await this.#db.transaction().execute(async (tx) => {
        for (const source of sources)
          await tx
            .updateTable('feed_sources')
            .set({
              label: source.label,
              last_seen_at: source.lastSeen,
              points: source.points,
              dropped: source.dropped,
              interval_seconds: source.interval.seconds,
              content: source.content.stored(),
            })
            .where('id', '=', source.id)
            .execute();
      });
    } catch (error) {
      for (const source of sources) this.#unsaved.add(source);
      throw error;
    }
  }

  async #make(feedId: number, key: string, label: string): Promise<Source> {
    const now = this.#now();
    const row = await this.#db
      .insertInto('feed_sources')
      .values({ feed_id: feedId, tags: key, label, device_id: null, first_seen_at: now, last_seen_at: now })
      // Two requests may bring the same new source at once.
      .onConflict((conflict) => conflict.columns(['feed_id', 'tags']).doUpdateSet({ label }))
      .returning('id')
      .executeTakeFirstOrThrow();
    const known = this.#byFeed.get(feedId)?.get(key);
    if (known) return known;
    const source: Source = {
      id: row.id,
      feedId,
      key,
      label,
      deviceId: null,
      ignored: false,
      firstSeen: now,
      lastSeen: now,
      points: 0,
      dropped: 0,
      interval: new LearntInterval({ newest: 0, seconds: null }),
      content: new SeenFields(),
    };
    this.#keep(source);
    return source;
  }

  #keep(source: Source): void {
    this.#byId.set(source.id, source);
    const ofFeed = this.#byFeed.get(source.feedId) ?? new Map<string, Source>();
    this.#byFeed.set(source.feedId, ofFeed.set(source.key, source));
  }
}
