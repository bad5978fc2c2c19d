import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompress } from 'node:zlib';
import type { Point } from '@rackhaus/config/line-protocol';
import { z } from 'zod';
import type { Database } from '../database/tables.ts';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

const pointsPerPack = 5000;
/** Packs that are smaller than this are put together, because few lines pack badly. */
const smallBytes = 32_768;
const fewPacks = 16;
/** So many at once, so that others get to the database in between. */
const packsPerRound = 200;

const Packed = z.array(
  z.object({
    measurement: z.string(),
    tags: z.record(z.string(), z.string()),
    fields: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
    time: z.number(),
  }),
);

interface Pack {
  readonly id: number;
  readonly receivedAt: number;
  readonly points: readonly Point[];
}

/** How much of a source waits. */
export interface Waits {
  points: number;
  bytes: number;
}

/** Lines of sources that nobody has mapped yet: bounded by age and by size, the oldest let go first. */
export class Waiting {
  readonly #db: Database;
  readonly #now: () => number;
  readonly #most: { readonly bytes: number; readonly ageMs: number };
  readonly #dropped: (sourceId: number, points: number) => void;
  readonly #bySource = new Map<number, Waits>();
  #bytes = 0;

  /** `dropped` is told what was let go. */
  constructor(options: {
    db: Database;
    now: () => number;
    most: { readonly bytes: number; readonly ageMs: number };
    dropped: (sourceId: number, points: number) => void;
  }) {
    this.#db = options.db;
    this.#now = options.now;
    this.#most = options.most;
    this.#dropped = options.dropped;
  }

  get bytes(): number {
    return this.#bytes;
  }

  of(sourceId: number): Readonly<Waits> {
    return this.#bySource.get(sourceId) ?? { points: 0, bytes: 0 };
  }

  async load(): Promise<void> {
    this.#bySource.clear();
    this.#bytes = 0;
    const rows = await this.#db.selectFrom('feed_waiting').select(['source_id', 'points', 'bytes']).execute();
    for (const row of rows) this.#count(row.source_id, row.points, row.bytes);
  }

  /** Resolves when they are kept. */
  async add(bySource: ReadonlyMap<number, readonly Point[]>): Promise<void> {
    const rows: {
      source_id: number;
      received_at: number;
      points: number;
      bytes: number;
      pack: Uint8Array;
    }[] = [];
    for (const [sourceId, points] of bySource)
      for (let at = 0; at < points.length; at += pointsPerPack) {
        const part = points.slice(at, at + pointsPerPack);
        rows.push(rowOf(sourceId, this.#now(), part.length, await packed(part)));
      }
    if (rows.length === 0) return;
    await this.#db.transaction().execute(async (tx) => {
      for (const row of rows) await tx.insertInto('feed_waiting').values(row).execute();
    });
    for (const row of rows) this.#count(row.source_id, row.points, row.bytes);
    if (this.#bytes > this.#most.bytes) await this.#dropOldest();
  }

  /** The oldest that waits of a source; undefined: nothing does. */
  async oldest(sourceId: number): Promise<Pack | undefined> {
    const row = await this.#db
      .selectFrom('feed_waiting')
      .select(['id', 'received_at', 'pack'])
      .where('source_id', '=', sourceId)
      .orderBy('received_at')
      .orderBy('id')
      .limit(1)
      .executeTakeFirst();
    return row && { id: row.id, receivedAt: row.received_at, points: await unpacked(row.pack) };
  }

  /** It has been stored elsewhere. */
  async done(packId: number): Promise<void> {
    const gone = await this.#db
      .deleteFrom('feed_waiting')
      .where('id', '=', packId)
      .returning(['source_id', 'points', 'bytes'])
      .executeTakeFirst();
    if (gone) this.#count(gone.source_id, -gone.points, -gone.bytes);
  }

  /** Lets go what is too old, and puts small packs together. To be called every minute or so. */
  async tidy(): Promise<void> {
    const old = await this.#db
      .deleteFrom('feed_waiting')
      .where('received_at', '<', this.#now() - this.#most.ageMs)
      .returning(['source_id', 'points', 'bytes'])
      .execute();
    for (const row of old) this.#letGo(row);
    for (const sourceId of [...this.#bySource.keys()]) await this.#join(sourceId);
  }

  async #dropOldest(): Promise<void> {
    while (this.#bytes > this.#most.bytes) {
      const gone = await this.#db
        .deleteFrom('feed_waiting')
        .where('id', 'in', (query) =>
          query.selectFrom('feed_waiting').select('id').orderBy('received_at').orderBy('id').limit(1),
        )
        .returning(['source_id', 'points', 'bytes'])
        .executeTakeFirst();
      if (!gone) return this.load();
      this.#letGo(gone);
    }
  }

  async #join(sourceId: number): Promise<void> {
    const small = await this.#db
      .selectFrom('feed_waiting')
      .select(['id', 'received_at', 'pack', 'points', 'bytes'])
      .where('source_id', '=', sourceId)
      .where('bytes', '<', smallBytes)
      .orderBy('received_at')
      .orderBy('id')
      .limit(packsPerRound)
      .execute();
    const first = small[0];
    if (!first || small.length < fewPacks) return;
    const points = (await Promise.all(small.map(({ pack }) => unpacked(pack)))).flat();
    const row = rowOf(sourceId, first.received_at, points.length, await packed(points));
    const joined = await this.#db
      .transaction()
      .execute(async (tx) => {
        const gone = await tx
          .deleteFrom('feed_waiting')
          .where(
            'id',
            'in',
            small.map(({ id }) => id),
          )
          .returning(['id'])
          .execute();
        // Some of them were let go or stored meanwhile: not to be kept once more.
        if (gone.length !== small.length) throw new Outdated();
        await tx.insertInto('feed_waiting').values(row).execute();
      })
      .then(
        () => true,
        (error: unknown) => {
          if (error instanceof Outdated) return false;
          throw error;
        },
      );
    if (!joined) return;
    for (const { points: count, bytes } of small) this.#count(sourceId, -count, -bytes);
    this.#count(sourceId, row.points, row.bytes);
  }

  #letGo(row: { source_id: number; points: number; bytes: number }): void {
    this.#count(row.source_id, -row.points, -row.bytes);
    this.#dropped(row.source_id, row.points);
  }

  #count(sourceId: number, points: number, bytes: number): void {
    const waits = this.#bySource.get(sourceId) ?? { points: 0, bytes: 0 };
    waits.points += points;
    waits.bytes += bytes;
    this.#bytes += bytes;
    if (waits.points > 0) this.#bySource.set(sourceId, waits);
    else this.#bySource.delete(sourceId);
  }
}

class Outdated extends Error {}

function rowOf(sourceId: number, receivedAt: number, points: number, pack: Uint8Array) {
  return { source_id: sourceId, received_at: receivedAt, points, bytes: pack.length, pack };
}

async function packed(points: readonly Point[]): Promise<Uint8Array> {
  return compress(JSON.stringify(points), { params: { [constants.ZSTD_c_compressionLevel]: 6 } });
}

async function unpacked(pack: Uint8Array): Promise<Point[]> {
  return Packed.parse(JSON.parse((await decompress(pack)).toString('utf8')));
}
