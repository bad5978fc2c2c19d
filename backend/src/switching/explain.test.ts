import { expect, test } from 'vitest';
import type { OutletSwitched } from '../alerting/parts.ts';
import { writeSwitched } from '../alerting/said.ts';
import { condition, ToldMonitoring, testEngine } from '../alerting/testing.ts';
import { openDatabase } from '../database/open.ts';
import { SwitchedInIncidents } from './explain.ts';

const at = 1_800_000_000_000;
const minuteMs = 60_000;
const [server, other] = [7, 8];

/** Devices fail at these times; what was switched at `at` is told of in these of them. */
async function toldOf(
  failures: readonly (readonly [device: number, at: number])[],
  change: { command?: 'on' | 'off' | 'cycle'; state?: 'done' | 'unknown' | 'refused'; onAgain?: number } = {},
) {
  const db = await openDatabase(':memory:');
  const clock = { now: at };
  const row = {
    device_id: 5,
    device_name: 'PDU 1A',
    outlet: '4',
    user_id: 1,
    by_kind: 'person',
    by_id: 1,
    by_name: 'Jana',
    address: null,
    affected: JSON.stringify([server]),
    ended_at: null,
    why: null,
    before: null,
    after: null,
    detail: null,
  } as const;
  const { command = 'off', state = 'done', onAgain } = change;
  await db
    .insertInto('switchings')
    .values({ ...row, id: 'off', command, at, state, reason: 'Umbau' })
    .execute();
  if (onAgain !== undefined)
    await db
      .insertInto('switchings')
      .values({ ...row, id: 'on', command: 'on', at: onAgain, state: 'done', reason: null })
      .execute();
  const monitored = new ToldMonitoring();
  const { engine } = await testEngine({ db, monitored, clock });
  const told: OutletSwitched[] = [];
  const watch = new SwitchedInIncidents({
    db,
    incidents: {
      addSwitched: async (id, switched) => {
        told.push(switched);
        await engine.write((tx) => writeSwitched(tx, id, switched));
      },
    },
    now: () => clock.now,
    onError: (_message, error) => {
      throw error;
    },
  });
  for (const [device, time] of failures) monitored.says(device, condition(device, 'unreachable', '', time));
  clock.now = Math.max(at, ...failures.map(([, time]) => time)) + 10_000;
  for (let n = 0; n < 30; n++) {
    clock.now += 5_000;
    await engine.look();
    await watch.look();
  }
  const events = await db
    .selectFrom('incident_events')
    .innerJoin('incidents', 'incidents.id', 'incident_events.incident_id')
    .select(['incidents.key', 'incident_events.by', 'incident_events.text', 'incident_events.detail'])
    .where('incident_events.kind', '=', 'switched')
    .execute();
  await engine.stop();
  await db.destroy();
  return { events, told };
}

test('the incident that follows says who switched what, and why, once', async () => {
  const { events, told } = await toldOf([[server, at + minuteMs]]);
  expect(told).toHaveLength(1);
  expect(events).toEqual([
    {
      key: expect.stringContaining(`device:${server}`),
      by: 'Jana',
      text: 'Umbau',
      detail: JSON.stringify({
        device: { id: 5, name: 'PDU 1A' },
        outlet: { name: '4', command: 'off', certain: true },
      }),
    },
  ]);
});

test('what nobody knows of is told as that', async () => {
  const { told } = await toldOf([[server, at + minuteMs]], { state: 'unknown', command: 'cycle' });
  expect(told).toMatchObject([{ outlet: { command: 'cycle', certain: false } }]);
});

test('it is not told of what hangs elsewhere, was so before, or begins when it delivers again', async () => {
  expect((await toldOf([[other, at + minuteMs]])).told).toEqual([]);
  expect((await toldOf([[server, at - minuteMs]])).told).toEqual([]);
  expect((await toldOf([[server, at + 31 * minuteMs]])).told).toEqual([]);
  expect((await toldOf([[server, at + minuteMs]], { command: 'on' })).told).toEqual([]);
  expect((await toldOf([[server, at + minuteMs]], { state: 'refused' })).told).toEqual([]);
  expect((await toldOf([[server, at + 2 * minuteMs]], { onAgain: at + minuteMs })).told).toEqual([]);
});
