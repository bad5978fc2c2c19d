import { sql } from 'kysely';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { resolveByHand } from '../alerting/acts.ts';
import type { Engine } from '../alerting/engine.ts';
import { writeSaid } from '../alerting/said.ts';
import { condition, ToldMonitoring, testEngine } from '../alerting/testing.ts';
import { openDatabase } from '../database/open.ts';
import type { Database } from '../database/tables.ts';
import type { AttachedLine } from './messages.ts';
import { SevereWatch } from './severe-watch.ts';

const ups = 7;
const unpolled = 8;
const holdSeconds = 75;
const battery = condition(ups, 'ups-on-battery');

let db: Database;
let monitored: ToldMonitoring;
let engine: Engine;
let watch: SevereWatch;
let readNow: number[];
const clock = { now: 0 };

beforeEach(async () => {
  clock.now = 1_800_000_000_000;
  readNow = [];
  db = await openDatabase(':memory:');
  for (const statement of [
    `insert into sites (id, name, rank) values (1, 'S', 0)`,
    `insert into buildings (id, site_id, name, rank) values (1, 1, 'B', 0)`,
    `insert into floors (id, building_id, name, rank) values (1, 1, 'F', 0)`,
    `insert into rooms (id, floor_id, site_id, name, search_key, rank) values (1, 1, 1, 'Serverraum', 'r', 0)`,
  ])
    await sql.raw(statement).execute(db);
  // Types are of no concern here.
  await sql`pragma foreign_keys = off`.execute(db);
  for (const [id, name] of [
    [ups, 'USV A'],
    [unpolled, 'Kamera'],
  ])
    await sql`insert into devices (id, name, search_key, type_id, role, face, side, room_id)
      values (${id}, ${name}, ${name}, 1, 'ups', 'front', 'full', 1)`.execute(db);
  monitored = new ToldMonitoring();
  await begin();
});
afterEach(async () => {
  await end();
  await db.destroy();
});

async function begin(): Promise<void> {
  ({ engine } = await testEngine({ db, monitored, clock }));
  watch = new SevereWatch({
    db,
    incidents: {
      report: (source, conditions) => engine.report(source, conditions),
      addSaid: (id, said) => engine.write((tx) => writeSaid(tx, id, said)),
    },
    isPolled: (deviceId) => deviceId !== unpolled,
    readNow: (ids) => readNow.push(...ids),
    now: () => clock.now,
    onError: (_message, error) => {
      throw error;
    },
  });
  await watch.start();
}
async function end(): Promise<void> {
  await watch.stop();
  await engine.stop();
}
const says = (text: string, more: Partial<AttachedLine> = {}) =>
  watch.take([
    {
      time: clock.now,
      from: '10.0.0.1',
      deviceId: ups,
      severity: 2,
      facility: 3,
      host: null,
      app: null,
      process: null,
      mnemonic: null,
      deviceTime: null,
      text,
      data: null,
      ...more,
    },
  ]);
async function passes(seconds: number): Promise<void> {
  for (let n = 0; n < seconds; n += 5) {
    clock.now += 5000;
    await watch.look();
    await engine.look();
  }
}
const incidents = async () =>
  (await db.selectFrom('incidents').select(['key', 'state']).orderBy('id').execute()).map(
    ({ key, state }) => `${key} ${state}`,
  );
const notices = async () =>
  (await db.selectFrom('notices').select(['kind', 'incident_id']).orderBy('id').execute()).map(
    ({ kind, incident_id }) => `${kind} ${incident_id}`,
  );
const said = async () =>
  (
    await db
      .selectFrom('incident_events')
      .select(['incident_id', 'text', 'detail'])
      .where('kind', '=', 'said')
      .orderBy('id')
      .execute()
  ).map(({ incident_id, text, detail }) => `${incident_id} ${text} ${detail}`);
const line = (id: number, text: string) => `${id} ${text} {"device":{"id":${ups},"name":"USV A"}}`;
const kept = () => db.selectFrom('syslog_severe').selectAll().execute();

it('is a line of the incident that polling makes, and tells nobody anew', async () => {
  await says('Running on UPS batteries.');
  expect(readNow).toEqual([ups]);
  await passes(10);
  monitored.says(ups, { ...battery, since: clock.now });
  await passes(holdSeconds * 2);
  expect(await incidents()).toEqual([`device:${ups}/power open`]);
  expect(await notices()).toEqual(['opened 1']);
  await says('Running on UPS batteries.');
  await passes(holdSeconds * 2);
  expect(await notices()).toEqual(['opened 1']);
  expect(await said()).toEqual([line(1, 'Running on UPS batteries.')]);
  expect(await kept()).toEqual([]);
});

it('has a device that goes on saying it read out of turn once a minute at most', async () => {
  monitored.says(ups, { ...battery, since: clock.now });
  await passes(10);
  for (let seconds = 0; seconds < 60; seconds += 5) {
    await says('Running on UPS batteries.');
    await passes(5);
  }
  expect(readNow).toEqual([ups]);
  await says('Running on UPS batteries.');
  expect(readNow).toEqual([ups, ups]);
  expect(await notices()).toEqual(['opened 1']);
});

it('is an incident of its own when polling finds nothing, and ends when it has been quiet', async () => {
  await says('Fan 2 failed');
  await passes(holdSeconds - 5);
  expect(await incidents()).toEqual([]);
  await passes(10);
  expect(await incidents()).toEqual([`own:syslog/${ups} open`]);
  const { cause } = await db.selectFrom('incidents').select('cause').executeTakeFirstOrThrow();
  expect(JSON.parse(cause)).toMatchObject({ kind: 'device', deviceId: ups, name: 'USV A' });
  await says('Fan 2 failed');
  await passes(1790);
  expect(await incidents()).toEqual([`own:syslog/${ups} open`]);
  await passes(60);
  expect(await notices()).toEqual(['opened 1', 'resolved 1']);
  expect(await kept()).toEqual([]);
});

it('is told at once where nobody polls', async () => {
  await says('Lens broken', { deviceId: unpolled });
  await watch.look();
  await engine.look();
  expect(await notices()).toEqual(['opened 1']);
  expect(readNow).toEqual([]);
});

it('goes on as the same incident when polling finds the fault later', async () => {
  await says('Running on UPS batteries.');
  await passes(holdSeconds + 10);
  monitored.says(ups, { ...battery, since: clock.now });
  await passes(60);
  expect(await incidents()).toEqual([`device:${ups}/power open`]);
  expect(await notices()).toEqual(['opened 1']);
  expect(await said()).toEqual([line(1, 'Running on UPS batteries.')]);
  monitored.says(ups);
  await passes(120);
  expect(await notices()).toEqual(['opened 1', 'resolved 1']);
});

it('is another fault than a slight one that is there for long', async () => {
  monitored.says(ups, { ...battery, since: clock.now - 3_600_000 });
  await passes(20);
  await says('Output short circuit');
  await passes(holdSeconds + 10);
  expect(await notices()).toEqual(['opened 1', 'opened 2']);
});

it('is neither lost nor told twice over a restart', async () => {
  await says('Fan 2 failed');
  await end();
  clock.now += 10_000;
  await begin();
  await passes(holdSeconds + 10);
  expect(await notices()).toEqual(['opened 1']);
  await end();
  clock.now += 10_000;
  await begin();
  await passes(300);
  expect(await incidents()).toEqual([`own:syslog/${ups} open`]);
  expect(await notices()).toEqual(['opened 1']);
});

it('belongs to the incident of before a restart', async () => {
  monitored.says(ups, { ...battery, since: clock.now });
  await passes(20);
  await says('Running on UPS batteries.');
  await end();
  await begin();
  await passes(holdSeconds + 10);
  expect(await notices()).toEqual(['opened 1']);
  expect(await said()).toEqual([line(1, 'Running on UPS batteries.')]);
});

it('stays ended by hand until it is said again', async () => {
  await says('Fan 2 failed');
  await passes(holdSeconds + 10);
  await engine.act(1, resolveByHand({ userId: 1, name: 'Meike', via: 'Web' }, null));
  await says('Lens broken', { deviceId: unpolled });
  await passes(60);
  expect(await incidents()).toEqual([`own:syslog/${ups} resolved`, `own:syslog/${unpolled} open`]);
  await says('Fan 2 failed');
  await passes(holdSeconds + 10);
  expect((await incidents())[0]).toBe(`own:syslog/${ups} open`);
});

it('waits with so many texts of one device, and tells once', async () => {
  for (let n = 0; n < 40; n++) await says(`Sensor ${n} failed`);
  expect(await kept()).toHaveLength(10);
  await passes(holdSeconds + 10);
  expect(await notices()).toEqual(['opened 1']);
  expect(await kept()).toHaveLength(1);
  expect(await incidents()).toEqual([`own:syslog/${ups} open`]);
});

it('passes over what is not severe, of nobody, or long over', async () => {
  await says('Link down', { severity: 3 });
  await says('Who am I', { deviceId: null });
  await says('Yesterday', { time: clock.now - 86_400_000 });
  expect(await kept()).toEqual([]);
});

it('forgets what a device said that is gone', async () => {
  await says('Fan 2 failed');
  await passes(holdSeconds + 10);
  await sql`delete from devices where id = ${ups}`.execute(db);
  await passes(10);
  expect(await kept()).toEqual([]);
  expect(await incidents()).toEqual([`own:syslog/${ups} resolved`]);
});
