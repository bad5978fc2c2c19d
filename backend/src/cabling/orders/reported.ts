import { z } from 'zod';
import type { Database } from '../../database/tables.ts';
import { AppError } from '../../problem.ts';

/** What is kept of a report: a repeat of it is answered from this. */
const Kept = z.strictObject({
  of: z.string(),
  changeId: z.int().nullable(),
  /** Of a capture. */
  linkId: z.int().nullable(),
  label: z.string(),
});
export type Kept = z.infer<typeof Kept>;

/**
 * What came of a report that has been taken before; null: it is new.
 * @param of what the report is about: a key is for one thing only
 * @throws AppError invalid
 */
export async function reportedBefore(db: Database, key: string, of: string): Promise<Kept | null> {
  const row = await db.selectFrom('reports').select('reply').where('key', '=', key).executeTakeFirst();
  if (row === undefined) return null;
  const kept = Kept.parse(JSON.parse(row.reply));
  if (kept.of === of) return kept;
  throw new AppError('invalid', 'key: this key has been used for another report.', [
    { path: 'key', message: 'has been used for another report' },
  ]);
}

/** Keeps that a report has been taken; in the transaction of what it changes. */
export async function keepReport(tx: Database, key: string, time: number, kept: Kept): Promise<void> {
  await tx
    .insertInto('reports')
    .values({ key, time, reply: JSON.stringify(kept) })
    .execute();
}
