import { loadAlertRules } from '@rackhaus/config/alert-rules';
import type { Reading } from '@rackhaus/config/contract';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { batchOf } from '../measurements/index.ts';
import { type RuleLimit, RuleLimits } from '../rules/limits.ts';
import { RuleBook } from '../rules/rule-book.ts';
import { LiveState } from './live-state.ts';
import { heard, tell, testDevice } from './testing.ts';

const all = await loadAlertRules();
const rules = new RuleBook(all);
const start = 1_800_000_000_000;

let now: number;
let live: LiveState;
beforeEach(() => {
  now = start;
  live = new LiveState({ rules, now: () => now });
  live.setDevices([testDevice(1), testDevice(2)]);
});

const device = (id: number) => {
  const found = live.devices.get(id);
  if (!found) throw new Error(`no device ${id}`);
  return found;
};
const port = (time: number, values: Record<string, number>): Reading => ({
  deviceId: 1,
  kind: 'port',
  entity: '1',
  time,
  values,
});
const battery = (deviceId: number, time: number, source = 5): Reading => ({
  deviceId,
  kind: 'ups',
  entity: '',
  time,
  values: { source },
});

describe('live state', () => {
  it('keeps limits of devices that are monitored only, and says of whom they are to be told', () => {
    const limits = {
      temperature: { lowCritical: null, lowWarning: null, highWarning: 70, highCritical: null },
    };
    const own = new Map([['sensor/PSU 1', { limits, port: null }]]);
    const told = new Map([1, 3].map((id) => [id, own] as const));
    live.setOwnLimits(told);
    expect([1, 3].map((id) => live.ownLimits(id))).toEqual([own, undefined]);
    expect(live.setDevices([testDevice(2), testDevice(3)])).toEqual([3]);
    live.setOwnLimits(told);
    expect([1, 3].map((id) => live.ownLimits(id))).toEqual([undefined, own]);
  });

  it('never goes backwards: the newest value wins, in whatever order readings come', () => {
    const reading = fc.record({
      time: fc.integer({ min: start - 600_000, max: start }),
      values: fc.dictionary(fc.constantFrom('rx', 'tx', 'oper'), fc.integer({ min: 0, max: 9 }), {
        minKeys: 1,
      }),
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(reading, { selector: ({ time }) => time, minLength: 1, maxLength: 30 }),
        fc.infiniteStream(fc.nat()),
        (readings, random) => {
          const expected: Record<string, number> = {};
          for (const { values } of [...readings].sort((a, b) => a.time - b.time))
            Object.assign(expected, values);
          const shuffled = readings
            .map((one) => ({ one, order: random.next().value ?? 0 }))
            .sort((a, b) => a.order - b.order);
          const fresh = new LiveState({ rules, now: () => now });
          fresh.setDevices([testDevice(1)]);
          for (const { one } of shuffled) tell(fresh, [port(one.time, one.values)]);
          const entity = fresh.devices.get(1)?.entity('port/1');
          expect(entity?.values).toEqual(expected);
          expect(entity?.time).toBe(Math.max(...readings.map(({ time }) => time)));
        },
      ),
    );
  });

  it('is unknown before the first word, and after silence: three intervals, at least 10 s', () => {
    live.setDevices([
      testDevice(1),
      testDevice(2, {
        monitoring: {
          address: 'b',
          snmpPort: 161,
          credentials: null,
          profile: null,
          intervalSeconds: 1,
          ping: true,
          tcp: [],
        },
      }),
    ]);
    expect(device(1).state).toBe('unknown');
    tell(live, [heard(1, now), heard(2, now)]);
    expect([device(1).state, device(2).state]).toEqual(['ok', 'ok']);
    now += 10_001;
    live.tick();
    expect([device(1).state, device(2).state]).toEqual(['ok', 'unknown']);
    now += 5000;
    live.tick();
    expect(device(1)).toMatchObject({ state: 'unknown', since: start, vouchedFor: false });
  });

  it('trusts no clock that runs ahead', () => {
    tell(live, [heard(1, now + 300_000)]);
    now += 15_001;
    live.tick();
    expect(device(1).state).toBe('unknown');
  });

  it('goes on with the same state after a short silence, and begins anew after a long one', () => {
    tell(live, [heard(1, now)]);
    now += 60_000;
    live.tick();
    tell(live, [heard(1, now)]);
    expect(device(1)).toMatchObject({ state: 'ok', since: start });
    now += 600_000;
    live.tick();
    tell(live, [heard(1, now)]);
    expect(device(1)).toMatchObject({ state: 'ok', since: now });
  });

  it('does not let a late reading raise or clear what newer ones have decided', () => {
    tell(live, [heard(1, now), battery(1, now)]);
    expect(device(1).state).toBe('warning');
    tell(live, [battery(1, now - 5000, 3)]);
    expect(device(1).state).toBe('warning');
    tell(live, [heard(1, now + 1, 1), battery(1, now + 1, 3)]);
    expect(device(1).state).toBe('ok');
    tell(live, [heard(1, now - 4000, 0)]);
    expect(device(1).state).toBe('ok');
  });

  it('keeps what it said when a device falls silent, and says that nobody knows', () => {
    tell(live, [heard(1, now), battery(1, now)]);
    now += 60_000;
    live.tick();
    expect(device(1).state).toBe('unknown');
    expect(device(1).conditions.map(({ rule }) => rule)).toEqual(['ups-on-battery']);
  });

  describe('two devices joined by a cable', () => {
    const rulesSaid = () => device(1).conditions.map(({ rule }) => rule);
    const down = (time: number) => port(time, { oper: 2, admin: 1 });
    beforeEach(() => {
      const uplink = { id: 101, name: '1', kind: 'network' as const, infrastructure: true, farDeviceId: 2 };
      live.setDevices([testDevice(1, { ports: [uplink] }), testDevice(2)]);
      tell(live, [heard(1, now), heard(2, now), port(now, { oper: 1, admin: 1 })]);
    });

    it('a pulled cable is told once the far end has answered since', () => {
      tell(live, [heard(1, now + 100), down(now + 100)]);
      expect(rulesSaid()).toEqual([]);
      const changed: number[] = [];
      live.onChange((change) => changed.push(...change.keys()));
      tell(live, [heard(2, now + 200)]);
      expect(rulesSaid()).toEqual(['uplink-down']);
      expect(device(1).conditions[0]?.since).toBe(now + 100);
      expect(changed.sort()).toEqual([1, 2]);
      tell(live, [heard(1, now + 300), port(now + 300, { oper: 1 })]);
      expect(rulesSaid()).toEqual([]);
    });

    it('a dead far end is told once, and not again when it comes back', () => {
      tell(live, [heard(1, now + 100), down(now + 100)]);
      tell(live, [heard(2, now + 5000, 0)]);
      tell(live, [heard(1, now + 5100), down(now + 5100)]);
      expect([device(1).state, device(2).state]).toEqual(['ok', 'critical']);
      tell(live, [heard(2, now + 9000)]);
      expect([device(1).state, device(2).state]).toEqual(['ok', 'ok']);
      tell(live, [heard(1, now + 10_000), port(now + 10_000, { oper: 1 })]);
      expect(device(1).state).toBe('ok');
    });

    it('a cable that is the only way to the far end is told as that', () => {
      tell(live, [heard(1, now + 100), down(now + 100), heard(2, now + 200)]);
      expect(rulesSaid()).toEqual(['uplink-down']);
      tell(live, [heard(2, now + 5000, 0)]);
      expect(rulesSaid()).toEqual([]);
      expect(device(2).state).toBe('critical');
    });
  });

  it('is rebuilt after a restart with the beginnings that it had', () => {
    tell(live, [heard(1, now), battery(1, now)]);
    const begun = now;
    now += 4000;
    const newest = [heard(1, now), battery(1, now)];
    tell(live, newest);
    const kept = live.beginnings();

    now += 60_000;
    const again = new LiveState({ rules, now: () => now });
    again.setDevices([testDevice(1)]);
    again.rebuild(batchOf(again.entities, newest), kept);
    const rebuilt = again.devices.get(1);
    expect(rebuilt).toMatchObject({ state: 'unknown', since: begun + 4000 });
    expect(rebuilt?.conditions).toMatchObject([{ rule: 'ups-on-battery', since: begun }]);
    tell(again, [heard(1, now), battery(1, now)]);
    expect(rebuilt).toMatchObject({ state: 'warning', since: begun });
    expect(rebuilt?.conditions).toMatchObject([{ since: begun }]);
    expect(again.beginnings()).toEqual(kept);
  });

  it('forgets values and entities that a device has stopped reporting', () => {
    tell(live, [heard(1, now), port(now, { oper: 1, poe: 4 })]);
    expect(device(1).conditions.map(({ rule }) => rule)).toEqual(['poe-fault']);
    now += 16 * 60_000;
    tell(live, [heard(1, now), port(now, { oper: 1 })]);
    expect(device(1).entity('port/1')?.values).toEqual({ oper: 1 });
    expect(device(1).state).toBe('ok');
  });

  describe('what has to hold for a while', () => {
    const errors = (time: number, value: number) => port(time, { oper: 1, rxErrors: value });
    const rulesSaid = () => device(1).conditions.map(({ rule, since }) => [rule, since]);
    const pass = (seconds: number, value: number) => {
      for (let s = 0; s < seconds; s += 10) {
        now += 10_000;
        tell(live, [heard(1, now), errors(now, value)]);
        live.tick();
      }
    };

    it('is said when it has, since it began', () => {
      const began = now;
      tell(live, [heard(1, now), errors(now, 50)]);
      pass(110, 50);
      expect(rulesSaid()).toEqual([]);
      pass(10, 50);
      expect(rulesSaid()).toEqual([['receive-errors', began]]);
    });

    it('goes on while the device answers, though the value is not read again', () => {
      tell(live, [heard(1, now), errors(now, 50)]);
      for (let s = 0; s < 120; s += 10) {
        now += 10_000;
        tell(live, [heard(1, now)]);
      }
      expect(rulesSaid()).toHaveLength(1);
    });

    it('does not go on while nothing is heard, nor when the clocks jump an hour', () => {
      tell(live, [heard(1, now), errors(now, 50)]);
      now += 3_600_000;
      tell(live, [heard(1, now), errors(now, 50)]);
      expect(rulesSaid()).toEqual([]);
      now -= 3_600_000;
      pass(60, 50);
      expect(rulesSaid()).toEqual([]);
      pass(70, 50);
      expect(rulesSaid()).toHaveLength(1);
    });

    it('is over at once, and late readings neither begin nor end it', () => {
      tell(live, [heard(1, now), errors(now, 0)]);
      for (let late = 300_000; late > 0; late -= 10_000) tell(live, [errors(now - late, 50)]);
      expect(rulesSaid()).toEqual([]);
      pass(130, 50);
      for (let late = 300_000; late > 0; late -= 10_000) tell(live, [errors(now - late, 0)]);
      expect(rulesSaid()).toHaveLength(1);
      pass(10, 0);
      expect(rulesSaid()).toEqual([]);
    });

    it('is said on after a restart without a break', () => {
      const began = now;
      tell(live, [heard(1, now), errors(now, 50)]);
      pass(130, 50);
      const again = new LiveState({ rules, now: () => now });
      again.setDevices([testDevice(1)]);
      again.rebuild(batchOf(again.entities, [heard(1, now), errors(now, 50)]), live.beginnings());
      expect(again.devices.get(1)?.conditions).toMatchObject([{ rule: 'receive-errors', since: began }]);
    });
  });

  it('a jump of the clocks by an hour makes nobody silent and ends nothing', () => {
    let elapsed = 0;
    live = new LiveState({ rules, now: () => now, elapsed: () => elapsed, agentIsWell: () => true });
    live.setDevices([testDevice(1)]);
    tell(live, [heard(1, now), battery(1, now)]);
    const told: unknown[] = [];
    live.onChange((change) => told.push(change));
    for (const jump of [3_600_000, -7_200_000, 3_600_000]) {
      now += jump;
      elapsed += 1000;
      live.tick();
      expect(told).toEqual([]);
      expect(device(1)).toMatchObject({ state: 'warning', since: start });
      now += 1000;
      elapsed += 1000;
      tell(live, [heard(1, now), battery(1, now)]);
      expect(device(1)).toMatchObject({ state: 'warning', since: start });
      expect(device(1).conditions).toMatchObject([{ rule: 'ups-on-battery', since: start }]);
      told.length = 0;
    }
    // And what comes after is heard: the reading from the future does not hide it.
    tell(live, [heard(1, now + 1), battery(1, now + 1, 3)]);
    expect(device(1).state).toBe('ok');
  });

  describe('readings that are missed', () => {
    const missed = () => device(1).conditions.map(({ rule, since }) => `${rule} ${since - start}`);
    let well: boolean;
    const pass = (seconds: number) => {
      for (let s = 0; s < seconds; s++) {
        now += 1000;
        live.tick();
      }
    };
    beforeEach(() => {
      well = true;
      live = new LiveState({ rules, now: () => now, agentIsWell: () => well });
      live.setDevices([testDevice(1)]);
    });

    it('are told when the agent is well, besides what was known, and end when the device is heard', () => {
      tell(live, [heard(1, now), battery(1, now)]);
      pass(200);
      expect(missed()).toEqual(['ups-on-battery 0']);
      pass(120);
      expect(missed()).toEqual(['readings-missing 0', 'ups-on-battery 0']);
      expect(device(1).state).toBe('unknown');
      tell(live, [heard(1, now), battery(1, now)]);
      expect(missed()).toEqual(['ups-on-battery 0']);
    });

    it('are not told of a silent agent, whose devices get their time when it is back', () => {
      tell(live, [heard(1, now)]);
      well = false;
      pass(600);
      well = true;
      pass(200);
      expect(missed()).toEqual([]);
      pass(120);
      expect(missed()).toEqual(['readings-missing 0']);
      well = false;
      pass(60);
      expect(missed()).toEqual(['readings-missing 0']);
    });

    it('are told of a device that was never heard', () => {
      pass(310);
      expect(device(1).conditions.map(({ rule }) => rule)).toEqual(['readings-missing']);
    });
  });

  describe('limits of one’s own', () => {
    const limit = (change: Partial<RuleLimit>): RuleLimit => ({
      id: 1,
      version: 1,
      ruleId: 'ups-runtime-short',
      scope: 'all',
      siteId: null,
      role: null,
      deviceId: null,
      entity: null,
      enabled: true,
      limit: null,
      clear: null,
      forSeconds: null,
      severity: null,
      reason: null,
      ...change,
    });
    const said = (limits: readonly RuleLimit[], runtime: number) => {
      const set = new RuleLimits();
      set.set(limits);
      live = new LiveState({ rules: new RuleBook(all, set), now: () => now });
      live.setDevices([testDevice(1)]);
      tell(live, [heard(1, now), { ...battery(1, now, 3), values: { source: 3, runtime } }]);
      return device(1).conditions.map(({ severity, title }) => `${severity} ${title.en}`);
    };

    it('the narrowest counts, and may be another severity or none at all', () => {
      const all = limit({ limit: 600 });
      const site = limit({ id: 2, scope: 'site', siteId: 1, limit: 900, severity: 'critical' });
      const role = limit({ id: 3, scope: 'role', role: 'switch', enabled: false });
      const one = limit({ id: 4, scope: 'device', deviceId: 1, limit: 1200 });
      const elsewhere = limit({ id: 5, scope: 'site', siteId: 2, limit: 10 });
      expect(said([], 500)).toEqual([]);
      expect(said([all, elsewhere], 500)).toEqual(['warning sw1: battery lasts less than 10 min']);
      expect(said([all, site], 800)).toEqual(['critical sw1: battery lasts less than 15 min']);
      expect(said([role, all, site], 100)).toEqual([]);
      expect(said([all, site, role, one], 1100)).toEqual(['warning sw1: battery lasts less than 20 min']);
    });

    it('hold at once for what was read before, and tell who looks', () => {
      const set = new RuleLimits();
      const book = new RuleBook(all, set);
      live = new LiveState({ rules: book, now: () => now });
      live.setDevices([testDevice(1), testDevice(2)]);
      tell(live, [heard(1, now), { ...battery(1, now, 3), values: { runtime: 400 } }, heard(2, now)]);
      const changed: number[] = [];
      live.onChange((change) => changed.push(...change.keys()));
      book.onChange(() => live.setLimits());
      set.set([limit({ limit: 600 })]);
      expect(device(1).conditions).toHaveLength(1);
      expect(device(1).state).toBe('warning');
      expect(changed).toEqual([1]);
    });
  });
});
