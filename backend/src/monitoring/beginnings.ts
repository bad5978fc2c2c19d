import type { Database } from '../database/tables.ts';

/** Keeps when states and conditions began, so that "since 10:42" stays true over a restart. */
export class BeginningsFile {
  readonly #db: Database;
  #saved = new Map<string, number>();

  constructor(options: { db: Database }) {
    this.#db = options.db;
  }

  async load(): Promise<ReadonlyMap<string, number>> {
    const rows = await this.#db.selectFrom('beginnings').selectAll().execute();
    this.#saved = new Map(rows.map(({ key, since }) => [key, since]));
    return this.#saved;
  }

  /** Writes what differs from what was written last. */
  async save(now: ReadonlyMap<string, number>): Promise<void> {
    const gone = [...this.#saved.keys()].filter((key) => !now.has(key));
    const changed = [...now].filter(([key, since]) => this.#saved.get(key) !== since);
    if (gone.length === 0 && changed.length === 0) return;
    await this.#db.transaction().execute(async (tx) => {
      for (const key of gone) await tx.deleteFrom('beginnings').where('key', '=', key).execute();
      for (const [key, since] of changed) {
        await tx
          .insertInto('beginnings')
          .values({ key, since })
          .onConflict((conflict) => conflict.column('key').doUpdateSet({ since }))
          .execute();
      }
    });
    this.#saved = new Map(now);
  }
}
