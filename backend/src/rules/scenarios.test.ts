import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadAlertRules, loadScenarios, type Scenario } from '@rackhaus/config/alert-rules';
import { type EntityKind, isMetricId, metric, type Reading } from '@rackhaus/config/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../database/open.ts';
import type { Database } from '../database/tables.ts';
import { AgentWatch } from '../monitoring/agent-watch.ts';
import { LiveState } from '../monitoring/live-state.ts';
import { heard, tell, testDevice } from '../monitoring/testing.ts';
import type { OwnLimits, OwnLimitsOfDevice } from './own-limits.ts';
import { RuleBook } from './rule-book.ts';

const rules = await loadAlertRules();
const scenarios = await loadScenarios();
const book = new RuleBook(rules);
const start = 1_800_000_000_000;

type Read = Readonly<Record<string, Readonly<Record<string, number | string>>>>;
type Expected = readonly string[] | undefined;

/** A moment of a scenario: what is read, or that time goes on. */
interface Moment {
  readonly seconds: number;
  readonly read: Read | null;
  readonly expect: Expected;
}

function* momentsOf({ steps }: Scenario): Generator<Moment> {
  let seconds = 0;
  for (const step of steps) {
    if ('silentUntil' in step) {
      for (seconds += 1; seconds < step.silentUntil; seconds++)
        yield { seconds, read: null, expect: undefined };
      yield { seconds, read: null, expect: step.expect };
    } else if ('at' in step) {
      seconds = step.at;
      yield { seconds, read: step.read, expect: step.expect };
    } else {
      for (seconds = step.from; seconds <= step.until; seconds += step.every) {
        const part = (seconds - step.from) / (step.until - step.from);
        const last = seconds + step.every > step.until;
        yield { seconds, read: between(step.read, step.to, part), expect: last ? step.expect : undefined };
      }
    }
  }
}

function between(from: Read, to: Read | undefined, part: number): Read {
  const one = (entity: string, id: string, value: number | string) => {
    const end = to?.[entity]?.[id];
    return typeof value === 'number' && typeof end === 'number' ? value + (end - value) * part : value;
  };
  return Object.fromEntries(
    Object.entries(from).map(([entity, values]) => [
      entity,
      Object.fromEntries(Object.entries(values).map(([id, value]) => [id, one(entity, id, value)])),
    ]),
  );
}

function readings(deviceId: number, time: number, read: Read): Reading[] {
  return Object.entries(read).flatMap(([entity, values]) => {
    const byKind = new Map<EntityKind, Record<string, number>>();
    for (const [id, value] of Object.entries(values)) {
      if (!isMetricId(id)) throw new Error(id);
      const { kind, states } = metric(id);
      const number = typeof value === 'number' ? value : Number(stateNumber(states, value));
      byKind.set(kind, { ...byKind.get(kind), [id.slice(kind.length + 1)]: number });
    }
    return Array.from(byKind, ([kind, list]) => ({ deviceId, kind, entity, time, values: list }));
  });
}

function stateNumber(states: Readonly<Record<number, string>> | undefined, name: string) {
  return Object.entries(states ?? {}).find(([, each]) => each === name)?.[0];
}

function said(conditions: readonly { rule: string; entity: string }[]): string[] {
  return conditions.map(({ rule, entity }) => `${rule} ${entity}`.trim()).sort();
}

function ownLimits({ own }: Scenario): OwnLimitsOfDevice {
  const told = new Map<string, OwnLimits>();
  for (const [entity, { port, limits }] of Object.entries(own)) {
    for (const [id, limit] of Object.entries(limits)) {
      const [kind = '', name = ''] = id.split('.');
      const key = `${kind}/${entity}`;
      told.set(key, { port: port ?? null, limits: { ...told.get(key)?.limits, [name]: limit } });
    }
  }
  return told;
}

/** Tells a device's story to the live state; the device at the other end of its port answers all the time. */
function tellDevice(scenario: Scenario): void {
  const clock = { now: start };
  const live = new LiveState({ rules: book, now: () => clock.now, agentIsWell: () => true });
  const { monitoring, ...plain } = testDevice(1);
  if (!monitoring) throw new Error('the device of a scenario is polled');
  const every = { monitoring: { ...monitoring, intervalSeconds: 60 } };
  const port = {
    id: 101,
    name: '1',
    kind: 'network' as const,
    farDeviceId: 2,
    infrastructure: scenario.port?.infrastructure ?? false,
    documentedSpeed: scenario.port?.documentedSpeed ?? null,
  };
  live.setDevices([
    { ...plain, ...every, role: scenario.role, ports: [port] },
    { ...testDevice(2), ...every },
  ]);
  live.setOwnLimits(new Map([[1, ownLimits(scenario)]]));
  for (const { seconds, read, expect: expected } of momentsOf(scenario)) {
    clock.now = start + seconds * 1000;
    if (read) tell(live, [heard(1, clock.now - 1), ...readings(1, clock.now, read)]);
    tell(live, [heard(2, clock.now + 1)]);
    live.tick();
    if (expected)
      expect(said(live.devices.get(1)?.conditions ?? []), `after ${seconds} s`).toEqual(sorted(expected));
  }
}

async function tellAgent(scenario: Scenario, db: Database): Promise<void> {
  const clock = { now: start };
  const watch = new AgentWatch({ db, rules: book, now: () => clock.now });
  await watch.setAgents([{ id: 1, name: 'Agent' }]);
  for (const { seconds, read, expect: expected } of momentsOf(scenario)) {
    clock.now = start + seconds * 1000;
    if (read) {
      watch.seen(1);
      watch.own(1, readings(0, clock.now, read));
    }
    watch.tick();
    if (expected) expect(said(watch.conditions), `after ${seconds} s`).toEqual(sorted(expected));
  }
}

function sorted(names: readonly string[]): string[] {
  return [...names].sort();
}

describe('scenarios', () => {
  let folder: string;
  let db: Database;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rackhaus-scenarios-'));
    db = await openDatabase(join(folder, 'rackhaus.db'));
  });
  afterAll(async () => {
    await db.destroy();
    await rm(folder, { recursive: true });
  });

  it.each(scenarios.map(({ file, scenario }) => [`${file}: ${scenario.name}`, scenario] as const))(
    '%s',
    async (_, scenario) => {
      if (scenario.agent) await tellAgent(scenario, db);
      else tellDevice(scenario);
    },
  );

  it.each(rules.map(({ id }) => id))('%s begins in one, and ends there', (id) => {
    const holds = (names: readonly string[]) => names.some((name) => name.split(' ')[0] === id);
    const told = scenarios.some(({ scenario }) => {
      const expected = scenario.steps.flatMap((step) => (step.expect === undefined ? [] : [step.expect]));
      const began = expected.findIndex(holds);
      return began >= 0 && expected.slice(began).some((names) => !holds(names));
    });
    expect(told, `no scenario in which ${id} holds and then does not`).toBe(true);
  });
});
