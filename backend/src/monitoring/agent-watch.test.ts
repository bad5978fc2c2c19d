import { loadAlertRules } from '@rackhaus/config/alert-rules';
import type { Reading } from '@rackhaus/config/contract';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { openDatabase } from '../database/open.ts';
import type { Database } from '../database/tables.ts';
import { RuleBook } from '../rules/rule-book.ts';
import { AgentWatch } from './agent-watch.ts';

const rules = new RuleBook(await loadAlertRules());
let db: Database;
let watch: AgentWatch;
let clock: number;
let standIn: number | null;

beforeAll(async () => {
  db = await openDatabase(':memory:');
});
afterAll(() => db.destroy());
beforeEach(async () => {
  clock = 1_800_000_000_000;
  standIn = null;
  watch = new AgentWatch({
    db,
    rules,
    now: () => clock,
    standIns: { standIn: (id) => (id === 1 ? standIn : null), standsInFor: () => [] },
  });
  await watch.setAgents([
    { id: 1, name: 'Schule' },
    { id: 2, name: 'Rathaus' },
  ]);
});

const own = (values: Reading['values'], time = clock): Reading => ({
  deviceId: 0,
  kind: 'agent',
  entity: '',
  time,
  values,
});
const pass = (seconds: number) => {
  for (let second = 0; second < seconds; second++) {
    clock += 1000;
    watch.tick();
  }
};

it('says of a silent agent who has taken over, as soon as somebody has', () => {
  watch.seen(1);
  pass(16);
  expect(watch.conditions).toMatchObject([{ rule: 'agent-silent', entity: 'Schule' }]);
  expect(watch.conditions[0]?.advice.de).not.toContain('übernommen');
  standIn = 2;
  watch.tick();
  expect(watch.conditions[0]?.advice.de).toContain('Agent Rathaus hat seine Geräte übernommen');
  watch.seen(1);
  expect(watch.conditions).toEqual([]);
});

it('gives who has made an agent the time to start it', () => {
  pass(600);
  expect(watch.conditions).toEqual([]);
  pass(400);
  expect(watch.conditions.map(({ entity }) => entity)).toEqual(['Schule', 'Rathaus']);
});

it('knows how long an agent has been well, and since when it is silent', () => {
  watch.seen(1);
  pass(5);
  watch.seen(1);
  pass(3);
  expect(watch.spoke(1)).toEqual({ heard: true, silentMs: 3000, wellMs: 8000 });
  pass(10);
  expect(watch.spoke(1)).toEqual({ heard: true, silentMs: 13_000, wellMs: 0 });
  watch.seen(1);
  pass(2);
  expect(watch.spoke(1)).toEqual({ heard: true, silentMs: 2000, wellMs: 2000 });
  expect(watch.spoke(2)).toEqual({
    heard: false,
    silentMs: Number.POSITIVE_INFINITY,
    wellMs: 0,
  });
});

it('hears an agent whose clock was an hour ahead and has been set right', () => {
  watch.seen(1);
  watch.own(1, [own({ clockOffset: 3600 }, clock + 3_600_000)]);
  clock += 5000;
  watch.seen(1);
  watch.own(1, [own({ clockOffset: 0 })]);
  expect(watch.items()[0]).toMatchObject({ own: { clockOffset: 0 } });
  pass(16);
  expect(watch.items()[0]).toMatchObject({ own: {} });
  expect(watch.items()[0]).not.toHaveProperty('own.clockOffset');
});
