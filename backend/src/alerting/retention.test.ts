import { expect, it } from 'vitest';
import { openDatabase } from '../database/open.ts';
import { keptMs, Retention } from './retention.ts';
import { condition, ToldMonitoring, testEngine } from './testing.ts';

it('deletes what has been over for two years with all that belongs to it, and nothing that is still open', async () => {
  const db = await openDatabase(':memory:');
  const monitored = new ToldMonitoring();
  const clock = { now: 1_000_000 };
  const { engine } = await testEngine({ db, monitored, clock });
  monitored.says(5, condition(5, 'water', 'Boden'));
  monitored.says(6, condition(6, 'fan-failed', '1'));
  await engine.look();
  monitored.says(5);
  await engine.look();
  clock.now += 60_000;
  await engine.look();
  await engine.stop();
  const retention = new Retention({
    db,
    now: () => clock.now,
    onError: (error) => expect.unreachable(String(error)),
  });
  const resolvedAt = clock.now;
  clock.now = resolvedAt + keptMs;
  expect(await retention.step()).toBe(0);
  clock.now++;
  expect(await retention.step()).toBe(1);
  for (const table of ['incident_members', 'incident_events', 'notices'] as const)
    expect(
      new Set((await db.selectFrom(table).select('incident_id').execute()).map((row) => row.incident_id)),
    ).toEqual(new Set([2]));
  expect(await retention.step()).toBe(0);
  await db.destroy();
});
