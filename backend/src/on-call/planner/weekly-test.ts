import type { AlertSettings } from '@rackhaus/config/contract';
import type { Database } from '../../database/tables.ts';
import { enqueue } from '../delivery/enqueue.ts';
import { dayOfWall, instantOf, startOfDay, wallMinute, wallOf, weekdayOf } from '../rota/wall-clock.ts';
import { isSomebody, type Planning } from './escalate.ts';

type Weekly = Pick<AlertSettings, 'weeklyTest' | 'timeZone'>;

/** The last time (ms) at or before `now` at which the weekly test was due, and the next one; null: there is none. */
export function testTimes(
  { weeklyTest, timeZone }: Weekly,
  now: number,
): { last: number; next: number } | null {
  if (weeklyTest === null) return null;
  const today = dayOfWall(wallOf(timeZone, now));
  const at = wallMinute('1970-01-01', weeklyTest.at);
  const onDay = (day: number): number => instantOf(timeZone, startOfDay(day) + at);
  const ahead = (weeklyTest.day - weekdayOf(today) + 7) % 7;
  const first = onDay(today + ahead);
  return first <= now
    ? { last: first, next: onDay(today + ahead + 7) }
    : { last: onDay(today + ahead - 7), next: first };
}

/** A test to everybody who may sign in, through each of their channels. */
export async function tellTest({ tx, about }: Planning, noticeId: number): Promise<void> {
  const { plans, now } = about;
  for (const channel of plans.channels) {
    const { id, userId, enabled } = channel;
    if (!enabled || userId === null || !isSomebody(plans, userId)) continue;
    await enqueue(tx, {
      noticeId,
      incidentId: null,
      channelId: id,
      userId,
      kind: 'test',
      step: null,
      message: {
        notice: 'test',
        incidentId: null,
        severity: 'warning',
        title: { de: 'Wöchentlicher Test der Alarmierung', en: 'Weekly test of alerting' },
        place: '',
        effect: { de: '', en: '' },
        text: {
          de: 'Bitte bestätigen Sie den Empfang: So ist sicher, dass ein Alarm Sie erreicht.',
          en: 'Please confirm that you have received it: then an alert is sure to reach you.',
        },
        since: now,
        time: now,
        drill: false,
      },
      now,
    });
  }
}

/** Leaves a notice for the test. */
export async function insertTest(tx: Database, now: number): Promise<void> {
  await tx
    .insertInto('notices')
    .values({ incident_id: null, kind: 'test', time: now, planned_at: null })
    .execute();
}
