import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../database/open.ts';
import type { Database } from '../../database/tables.ts';
import { Leases } from './leases.ts';

const agents = [1, 2, 3];
const devices = [11, 12, 13];
const start = 1_800_000_000_000;
const hour = 3_600_000;

let db: Database;
beforeAll(async () => {
  db = await openDatabase(':memory:');
  for (const id of agents)
    await db
      .insertInto('agents')
      .values({ id, name: `a${id}`, name_key: `a${id}`, token_hash: `t${id}`, created_at: 0 })
      .execute();
});
afterAll(() => db.destroy());

let clock: number;
let leases: Leases;
const open = async () => {
  leases = new Leases({ db, now: () => clock });
  await leases.load();
};
beforeEach(async () => {
  await db.deleteFrom('device_leases').execute();
  await db.deleteFrom('stand_ins').execute();
  clock = start;
  await open();
});

/** Which agents may speak of the device at that time. */
const covering = (deviceId: number, time: number) =>
  agents.filter((agentId) => leases.covers(agentId, deviceId, time));

describe('leases', () => {
  it('take in what was read before a take-over from the one, and after it from the other, however late', async () => {
    await leases.setHomes(new Map([[11, 1]]));
    clock += 60_000;
    await leases.setStandIns(new Map([[1, 2]]));
    const over = clock;
    clock += 60_000;
    await leases.setStandIns(new Map([[1, null]]));
    const back = clock;
    clock += 70 * hour;
    await leases.tidy();
    await open();
    const asked = [over - 1, over, back - 1, back].map((time) => covering(11, time));
    expect(asked).toEqual([[1], [2], [2], [1]]);
  });

  it('leave the backlog of a device that was moved to the agent that had it', async () => {
    await leases.setHomes(new Map([[11, 1]]));
    clock += 5000;
    await leases.setHomes(new Map([[11, 3]]));
    expect([covering(11, clock - 1), covering(11, clock)]).toEqual([[1], [3]]);
    clock += 5000;
    await leases.setHomes(new Map());
    expect([covering(11, clock - 1), covering(11, clock)]).toEqual([[3], []]);
  });

  it('tell who has had a device from who never had it', async () => {
    await leases.setHomes(new Map([[11, 1]]));
    clock += 5000;
    await leases.setStandIns(new Map([[1, 2]]));
    clock += 5000;
    await leases.setStandIns(new Map([[1, null]]));
    await leases.setHomes(new Map([[11, 3]]));
    expect(agents.filter((agentId) => leases.everCovered(agentId, 11))).toEqual([1, 2, 3]);
    expect(agents.filter((agentId) => leases.everCovered(agentId, 12))).toEqual([]);
  });

  it('let the first agent of a device have a clock that is behind', async () => {
    await leases.setHomes(new Map([[11, 1]]));
    expect(covering(11, start - hour)).toEqual([1]);
  });

  it('forget what no outbox can hold any more', async () => {
    await leases.setHomes(new Map([[11, 1]]));
    clock += 1000;
    await leases.setHomes(new Map([[11, 2]]));
    clock += 74 * hour;
    await leases.tidy();
    expect(await db.selectFrom('device_leases').select('agent_id').execute()).toEqual([{ agent_id: 2 }]);
    expect(covering(11, clock)).toEqual([2]);
  });

  it('do not refuse for hours what is read after a clock that was ahead has been set right', async () => {
    await leases.setHomes(new Map([[11, 1]]));
    clock += 5 * hour;
    await leases.setStandIns(new Map([[1, 2]]));
    clock -= 5 * hour - 1000;
    await leases.tidy();
    expect(covering(11, clock)).toEqual([2]);
    await open();
    expect(covering(11, clock)).toEqual([2]);
  });

  it('give every moment of a device to exactly the agent that was responsible, in any history', async () => {
    const agent = fc.constantFrom(...agents);
    const step = fc.oneof(
      fc.record({ homes: fc.array(fc.option(agent), { minLength: 3, maxLength: 3 }) }),
      fc.record({ of: agent, by: fc.option(agent) }),
      fc.constant('restart' as const),
      fc.constant('tidy' as const),
    );
    const history = fc.array(fc.tuple(fc.integer({ min: 0, max: 20_000 }), step), { maxLength: 25 });
    await fc.assert(
      fc.asyncProperty(history, async (steps) => {
        await db.deleteFrom('device_leases').execute();
        await db.deleteFrom('stand_ins').execute();
        clock = start;
        await open();
        const homes = new Map<number, number>();
        const standIns = new Map<number, number>();
        const known = new Set<number>();
        // Who was responsible from that moment on, by a model that keeps everything.
        const log: { from: number; responsible: Map<number, number> }[] = [];
        const firstOf = new Map<number, number>();
        for (const [passed, what] of steps) {
          clock += passed;
          if (what === 'restart') await open();
          else if (what === 'tidy') await leases.tidy();
          else if ('homes' in what) {
            homes.clear();
            for (const [index, agentId] of what.homes.entries())
              if (agentId !== null) homes.set(devices[index] ?? 0, agentId);
            await leases.setHomes(homes);
          } else {
            if (what.by === null || what.by === what.of) standIns.delete(what.of);
            else standIns.set(what.of, what.by);
            await leases.setStandIns(new Map([[what.of, standIns.get(what.of) ?? null]]));
          }
          const responsible = new Map(
            [...homes].map(([deviceId, home]) => [deviceId, standIns.get(home) ?? home]),
          );
          for (const deviceId of homes.keys()) {
            if (!known.has(deviceId)) firstOf.set(deviceId, clock);
            known.add(deviceId);
          }
          log.push({ from: clock, responsible });
          for (const deviceId of devices)
            expect(leases.covers(responsible.get(deviceId) ?? 0, deviceId, clock)).toBe(
              responsible.has(deviceId),
            );
        }
        // Late and early deliveries of every moment that matters, in any order.
        for (const { from } of log)
          for (const time of [from - 1, from, from + 1])
            for (const deviceId of devices) {
              const first = firstOf.get(deviceId);
              if (first === undefined || time < first) continue;
              const entry = log.findLast((one) => one.from <= time);
              const expected = entry?.responsible.get(deviceId);
              expect(covering(deviceId, time)).toEqual(expected === undefined ? [] : [expected]);
            }
      }),
      { numRuns: 100 },
    );
  });
});
