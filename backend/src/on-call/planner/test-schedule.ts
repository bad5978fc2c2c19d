import type { AlertSettings } from '@rackhaus/config/contract';
import { z } from 'zod';
import type { Database } from '../../database/tables.ts';
import { isQuiet, quietEnd } from '../escalation/quiet.ts';
import { insertTest, testTimes } from './weekly-test.ts';

const key = 'weekly-test';
/** The last time for which a test was sent, and by which plan of tests. */
const Kept = z.object({ last: z.number(), day: z.int(), at: z.string() });

/**
 * Leaves a notice when the weekly test is due: once for each week, also where the server was down, or the clock was set, around
 * its time; not at night. @returns when to look again (ms); null: there is no test.
 */
export async function testWhenDue(
  db: Database,
  settings: AlertSettings,
  now: number,
): Promise<number | null> {
  const times = testTimes(settings, now);
  const { weeklyTest } = settings;
  if (times === null || weeklyTest === null) return null;
  return db.transaction().execute(async (tx) => {
    const row = await tx
      .selectFrom('alert_settings')
      .select('value')
      .where('key', '=', key)
      .executeTakeFirst();
    const kept = row === undefined ? null : Kept.parse(JSON.parse(row.value));
    // A plan that has just been made begins with its next time.
    const isNew = kept === null || kept.day !== weeklyTest.day || kept.at !== weeklyTest.at;
    if (!isNew && kept.last >= times.last) return times.next;
    if (!isNew) {
      if (isQuiet(settings, now)) return quietEnd(settings, now);
      await insertTest(tx, now);
    }
    const values = {
      value: JSON.stringify({ last: times.last, ...weeklyTest }),
      updated_at: now,
      updated_by: null,
    };
    await tx
      .insertInto('alert_settings')
      .values({ key, sealed: null, ...values })
      .onConflict((conflict) => conflict.column('key').doUpdateSet(values))
      .execute();
    return times.next;
  });
}
