import { isMetricId, type MetricId } from '@rackhaus/config/contract';
import type { Database } from '../database/tables.ts';
import { AppError } from '../problem.ts';
import type { HandField } from './meaning.ts';

export interface StoredHandField extends HandField {
  readonly id: number;
  readonly feedId: number;
}

/** What people have said that fields become, in memory and in the database. */
export class HandFields {
  readonly #db: Database;
  #fields: StoredHandField[] = [];

  constructor(options: { db: Database }) {
    this.#db = options.db;
  }

  async load(): Promise<void> {
    const rows = await this.#db.selectFrom('feed_fields').selectAll().orderBy('id').execute();
    this.#fields = rows.flatMap(({ feed_id, metric, rate, ...rest }) =>
      // A metric of a newer version is passed over, and is there again when that version is.
      isMetricId(metric) ? [{ ...rest, feedId: feed_id, metric, rate: rate === 1 }] : [],
    );
  }

  of(feedId: number): StoredHandField[] {
    return this.#fields.filter((field) => field.feedId === feedId);
  }

  /** Says what a field becomes, in the place of what was said before. */
  async set(
    feedId: number,
    field: Omit<HandField, 'metric'> & { metric: MetricId },
  ): Promise<StoredHandField> {
    const { measurement, metric, entity, factor } = field;
    const values = { metric, entity, factor, rate: field.rate ? 1 : 0 };
    const { id } = await this.#db
      .insertInto('feed_fields')
      .values({ feed_id: feedId, measurement, field: field.field, ...values })
      .onConflict((conflict) => conflict.columns(['feed_id', 'measurement', 'field']).doUpdateSet(values))
      .returning('id')
      .executeTakeFirstOrThrow();
    await this.load();
    return { ...field, id, feedId };
  }

  /** @throws AppError `not-found` */
  async remove(id: number): Promise<void> {
    const gone = await this.#db.deleteFrom('feed_fields').where('id', '=', id).executeTakeFirst();
    await this.load();
    if (gone.numDeletedRows === 0n) throw new AppError('not-found', 'This has been taken back already.');
  }
}
