import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openDatabase } from '../database/open.ts';
import type { Database } from '../database/tables.ts';
import { acknowledge, note, resolveByHand } from './acts.ts';
import type { Engine } from './engine.ts';
import { condition, found, ToldMonitoring, testEngine } from './testing.ts';

const chief = { userId: 1, name: 'Meike', via: 'SMS' };
const water = condition(5, 'water', 'Boden');
const down = (id: number) => condition(id, 'unreachable');

let db: Database;
let monitored: ToldMonitoring;
let engine: Engine;
const clock = { now: 1_000_000 };

beforeEach(async () => {
  db = await openDatabase(':memory:');
  monitored = new ToldMonitoring();
  ({ engine } = await testEngine({ db, monitored, clock }));
});
afterEach(async () => {
  await engine.stop();
  await db.destroy();
});

const notices = async () =>
  (await db.selectFrom('notices').select(['kind', 'incident_id']).orderBy('id').execute()).map(
    ({ kind, incident_id }) => `${kind} ${incident_id}`,
  );
const states = async () =>
  Object.fromEntries(
    (await db.selectFrom('incidents').select(['key', 'state']).execute()).map(({ key, state }) => [
      key,
      state,
    ]),
  );
/** As after the end of the process, however it ended: another one, with nothing but the database. */
async function restart(): Promise<void> {
  await engine.stop();
  ({ engine } = await testEngine({ db, monitored, clock }));
  await engine.look();
}
async function passes(seconds: number): Promise<void> {
  for (let n = 0; n < seconds; n += 5) {
    clock.now += 5000;
    await engine.look();
  }
}

it('writes by itself what is seen, with what has to be told', async () => {
  const told = new Promise<void>((resolve) => engine.onChange(resolve));
  monitored.says(5, water);
  await told;
  expect(await notices()).toEqual(['opened 1']);
  const events = await db.selectFrom('incident_events').select('kind').execute();
  expect(events.map(({ kind }) => kind)).toEqual(['began', 'opened']);
});

it('sends nothing after a restart when nothing has changed, whatever was open', async () => {
  monitored.says(5, water);
  monitored.says(6, down(6));
  monitored.agentsSay(condition(0, 'agent-silent', 'Schule'));
  await engine.look();
  await passes(10);
  const before = await notices();
  expect(before).toHaveLength(3);
  monitored.agentsHeard = false;
  monitored.agentsSay();
  await restart();
  await passes(120);
  expect(await notices()).toEqual(before);
  expect(Object.values(await states())).toEqual(['open', 'open', 'open']);
});

it('tells once what changed while it was down', async () => {
  monitored.says(5, water);
  await engine.look();
  await engine.stop();
  monitored.says(5);
  monitored.says(6, condition(6, 'fan-failed', '1'));
  ({ engine } = await testEngine({ db, monitored, clock }));
  await passes(60);
  await restart();
  await passes(60);
  expect(await notices()).toEqual(['opened 1', 'opened 2', 'resolved 1']);
});

it('draws the same conclusion again when it could not be written', async () => {
  await db.schema.alterTable('notices').renameTo('away').execute();
  monitored.says(5, water);
  await expect(engine.look()).rejects.toThrow(/notices/);
  expect(await states()).toEqual({});
  await db.schema.alterTable('away').renameTo('notices').execute();
  await engine.look();
  expect(await notices()).toEqual(['opened 1']);
  expect(await states()).toEqual({ 'room:1/water': 'open' });
});

it('is acknowledged, noted and ended by people, and opens again with the next reading', async () => {
  monitored.says(5, water);
  await engine.look();
  await engine.act(1, acknowledge(chief));
  await engine.act(1, acknowledge({ ...chief, name: 'Jan' }));
  await engine.act(1, note(chief, 'Eimer steht.'));
  await engine.act(1, resolveByHand(chief, null));
  await engine.look();
  expect(await states()).toEqual({ 'room:1/water': 'resolved' });
  expect(await notices()).toEqual(['opened 1', 'acknowledged 1', 'resolved 1']);
  monitored.says(5, water);
  await engine.look();
  expect(await states()).toEqual({ 'room:1/water': 'open' });
  expect((await notices()).at(-1)).toBe('opened 1');
  await expect(engine.act(99, acknowledge(chief))).rejects.toThrow('There is no incident 99.');
});

it('has the cause and what cannot be reached read again, and believes it then', async () => {
  await engine.stop();
  const asked: number[][] = [];
  let answer: (() => void) | undefined;
  ({ engine } = await testEngine({
    db,
    monitored,
    clock,
    causesOf: ({ conditions }) => ({
      causes:
        conditions.length < 2
          ? []
          : [
              found(
                1,
                conditions.map(({ id }) => id),
                [2, 3],
              ),
            ],
    }),
    pollNow: (ids) => {
      asked.push([...ids].sort((a, b) => a - b));
      return new Promise((resolve) => {
        answer = () => resolve(new Map());
      });
    },
  }));
  monitored.sayAll([1, 2, 3].map((id) => [id, [down(id)]]));
  await engine.look();
  expect(asked).toEqual([[1, 2, 3]]);
  expect(await notices()).toEqual([]);
  answer?.();
  await vi.waitFor(async () => expect(await notices()).toEqual(['opened 1']));
  expect(await states()).toEqual({ 'device:1/reachability': 'open' });
});

it('tells of what others report, and of drills, and that they are over', async () => {
  const text = { de: 'Lücke im Plan', en: 'Gap in the plan' };
  const own = { id: 'gap', severity: 'warning', title: text, advice: text, place: '', since: 1 } as const;
  engine.report('on-call', [own]);
  engine.report('drills', [{ ...own, id: 'x', drillOf: { deviceId: 5, drillId: 3 } }]);
  await engine.look();
  expect(await states()).toEqual({ 'own:on-call/gap': 'open', 'drill:3': 'open' });
  const drill = await db
    .selectFrom('incidents')
    .select(['drill', 'cause'])
    .where('key', '=', 'drill:3')
    .execute();
  expect(drill).toMatchObject([{ drill: 1 }]);
  engine.report('on-call', []);
  engine.report('drills', []);
  await engine.look();
  expect(Object.values(await states())).toEqual(['resolved', 'resolved']);
});

it('keeps over a restart what others reported, until they report again', async () => {
  const text = { de: 'Lücke im Plan', en: 'Gap in the plan' };
  const own = { id: 'gap', severity: 'warning', title: text, advice: text, place: '', since: 1 } as const;
  const drill = { ...own, id: 'x', drillOf: { deviceId: 5, drillId: 3 } };
  engine.report('on-call', [own]);
  engine.report('self', [own]);
  engine.report('drill', [drill]);
  await engine.look();
  const told = ['opened 1', 'opened 2', 'opened 3'];
  await restart();
  await passes(600);
  expect(await notices()).toEqual(told);
  engine.report('on-call', [{ ...own, since: 2 }]);
  engine.report('drill', [drill]);
  await passes(60);
  expect(await notices()).toEqual(told);
  await restart();
  engine.report('on-call', []);
  await engine.look();
  expect(await states()).toEqual({
    'own:on-call/gap': 'resolved',
    'own:self/gap': 'open',
    'drill:3': 'open',
  });
  engine.report('self', []);
  engine.report('drill', []);
  await engine.look();
  expect(await notices()).toEqual([...told, 'resolved 1', 'resolved 2', 'resolved 3']);
});

it('keeps up with 600 faults in one second: a page for each cause, and nothing is dropped', async () => {
  const ids = Array.from({ length: 600 }, (_, n) => n + 1);
  for (const id of ids) monitored.says(id, { ...condition(id, 'fan-failed', '1'), roomId: id });
  await engine.look();
  expect(await notices()).toHaveLength(600);
  for (const id of ids) monitored.says(id);
  await engine.look();
  await passes(40);
  expect(await notices()).toHaveLength(1200);
  const { open } = await db
    .selectFrom('incident_members')
    .select((e) => e.fn.countAll<number>().as('open'))
    .where('ended_at', 'is', null)
    .executeTakeFirstOrThrow();
  expect(open).toBe(0);
});
