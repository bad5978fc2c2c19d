import type { AssignedDevice, Observation, Reading, Sightings } from '@rackhaus/config/contract';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PingUnavailableError } from '../ping/pinger.ts';
import type { PollResult } from '../poll/device-poller.ts';
import { DeviceMonitor, type MonitorParts } from './device-monitor.ts';
import type { Poller } from './poller.ts';

const now = 1_780_000_000_000;
const withSnmp: AssignedDevice = {
  id: 3,
  name: 'switch',
  address: '127.0.0.1',
  snmp: { port: 161, credentials: { version: '2c', community: 'public' } },
  profile: null,
  intervalSeconds: 1,
  ping: true,
  tcp: [],
};
const pingOnly: AssignedDevice = { ...withSnmp, snmp: null };

const answer: PollResult = {
  readings: [{ deviceId: 3, kind: 'device', entity: '', time: now, values: { reachable: 1, uptime: 5 } }],
  observation: null,
  reachable: true,
  problem: null,
  durationMs: 3,
};

describe('DeviceMonitor', () => {
  let emitted: Reading[];
  let observed: Observation[];
  let sighted: Sightings[];
  let closed: number;

  beforeEach(() => {
    vi.useFakeTimers();
    emitted = [];
    observed = [];
    sighted = [];
    closed = 0;
  });
  afterEach(() => void vi.useRealTimers());

  function monitor(
    device: AssignedDevice,
    parts: Partial<MonitorParts> & Partial<Pick<Poller, 'poll' | 'sight'>>,
  ) {
    const { poll = () => Promise.resolve(answer), sight = async () => ({ sightings: null, problem: null }) } =
      parts;
    const { poll: _poll, sight: _sight, ...others } = parts;
    return new DeviceMonitor(device, {
      createPoller: device.snmp === null ? null : () => ({ poll, sight, close: () => void closed++ }),
      echo: async () => ({ rttMs: 1.234 }),
      accepts: async () => true,
      certificate: async () => null,
      emit: (readings) => void emitted.push(...readings),
      observe: (observation) => void observed.push(observation),
      sighted: (sightings) => void sighted.push(sightings),
      now: () => now,
      monotonicMs: () => performance.now(),
      log: pino({ level: 'silent' }),
      ...others,
    });
  }
  const values = (name: string) =>
    emitted.map((reading) => reading.values[name]).filter((value) => value !== undefined);

  it('passes on what the poll gave, and pings beside it every thirty seconds', async () => {
    let echoes = 0;
    const watched = monitor(withSnmp, {
      echo: async () => {
        echoes++;
        return { rttMs: 1.234 };
      },
    });
    for (let second = 0; second < 61; second++) {
      expect(await watched.round()).toBe(true);
      await vi.advanceTimersByTimeAsync(1000);
    }
    expect(echoes).toBe(3);
    expect(values('ping')).toEqual([0.0012, 0.0012, 0.0012]);
    expect(values('pingLoss')).toEqual([0, 0, 0]);
    expect(values('uptime')).toHaveLength(61);
  });

  it('looks who is behind the ports once a minute, beside the polling', async () => {
    const finish: (() => void)[] = [];
    const seen = { deviceId: 3, time: now, ports: [], addresses: [] };
    const watched = monitor(withSnmp, {
      sight: () => new Promise((resolve) => finish.push(() => resolve({ sightings: seen, problem: null }))),
    });
    for (let second = 0; second < 70; second++) {
      expect(await watched.round()).toBe(true);
      await vi.advanceTimersByTimeAsync(1000);
    }
    expect(finish, 'one at a time').toHaveLength(1);
    expect(sighted).toEqual([]);
    finish[0]?.();
    await vi.advanceTimersByTimeAsync(0);
    expect(sighted).toEqual([seen]);
    await watched.round();
    await vi.advanceTimersByTimeAsync(0);
    expect(finish).toHaveLength(2);
  });

  it('reads out of turn right after the poll that is under way, and everything that somebody may wait for', async () => {
    const order: string[] = [];
    let finish: (result: PollResult) => void = () => {};
    const seen = { deviceId: 3, time: now, ports: [], addresses: [] };
    const watched = monitor(withSnmp, {
      poll: (_signal, { now = false } = {}) => {
        order.push(now ? 'now' : 'in turn');
        return now
          ? Promise.resolve(answer)
          : new Promise((resolve) => {
              finish = resolve;
            });
      },
      sight: async (_signal, { now = false } = {}) => {
        order.push(`sight ${now ? 'now' : 'in turn'}`);
        return { sightings: seen, problem: null };
      },
    });
    const round = watched.round();
    const read = watched.readNow();
    await vi.advanceTimersByTimeAsync(0);
    expect(order).toEqual(['in turn']);
    finish(answer);
    expect(await round).toBe(true);
    expect(await read).toEqual({ time: now, sightings: seen });
    expect(order).toEqual(['in turn', 'now', 'sight now']);
    expect(values('reachable')).toEqual([1, 1]);
  });

  it('says that a device which is silent was not read', async () => {
    const silent = { ...answer, reachable: false, readings: [] };
    const watched = monitor(withSnmp, { poll: () => Promise.resolve(silent) });
    expect(await watched.readNow()).toEqual({ time: null, sightings: null });
  });

  it.each([
    ['a device that answers ping is there, though SNMP is silent', { address: '10.0.0.9' }, 2],
    ['not where no ping is wanted', { address: '10.0.0.9', ping: false }, 0],
    ['not where the pinged one is this machine itself', { address: '127.0.0.9' }, 0],
  ])('%s', async (_, over, reachable) => {
    const silent: PollResult = {
      ...answer,
      reachable: false,
      problem: 'no answer',
      readings: [
        { deviceId: 3, kind: 'device', entity: '', time: now, values: { reachable: 0, pollTimeouts: 3 } },
      ],
    };
    const watched = monitor({ ...withSnmp, ...over }, { poll: () => Promise.resolve(silent) });
    expect(await watched.round()).toBe(false);
    expect(values('reachable')).toEqual([reachable]);
    expect(values('pollTimeouts')).toEqual([3]);
  });

  it('pings who does not answer while it still waits, so that it is known in time who is gone', async () => {
    let finish: (result: PollResult) => void = () => {};
    const asked: number[] = [];
    const watched = monitor(
      { ...withSnmp, address: '10.0.0.9' },
      {
        poll: () =>
          new Promise((resolve) => {
            finish = resolve;
          }),
        echo: async () => {
          asked.push(performance.now());
          return { rttMs: null };
        },
      },
    );
    const round = watched.round();
    await vi.advanceTimersByTimeAsync(3000);
    const before = asked.length;
    finish({ ...answer, reachable: false, readings: [] });
    expect(await round).toBe(false);
    expect(asked).toHaveLength(before);
    expect(values('reachable')).toEqual([0]);
  });

  it('does not let a ping without an answer delay the poll', async () => {
    const watched = monitor(withSnmp, { echo: () => new Promise(() => {}) });
    expect(await watched.round()).toBe(true);
    expect(await watched.round()).toBe(true);
    expect(values('reachable')).toEqual([1, 1]);
  });

  it('gives a poll up that never comes back, says so, and starts anew', async () => {
    let polls = 0;
    const watched = monitor(withSnmp, {
      poll: () => (++polls === 1 ? new Promise(() => {}) : Promise.resolve(answer)),
    });
    const round = watched.round();
    await vi.advanceTimersByTimeAsync(33_000);
    expect(await round).toBe(false);
    expect(values('reachable')).toEqual([0]);
    expect(closed).toBe(1);
    expect(await watched.round()).toBe(true);
    expect(values('reachable')).toEqual([0, 1]);
  });

  it('makes unreachable of a poller that throws', async () => {
    const watched = monitor(withSnmp, { poll: () => Promise.reject(new Error('unforeseen')) });
    expect(await watched.round()).toBe(false);
    expect(values('reachable')).toEqual([0]);
  });

  it('asks a second time before it calls an echo lost', async () => {
    const answers = [null, 2];
    const watched = monitor(pingOnly, { echo: async () => ({ rttMs: answers.shift() ?? null }) });
    expect(await watched.round()).toBe(true);
    expect(values('pingLoss')).toEqual([0.5]);
    expect(values('reachable')).toEqual([1]);
  });

  it('calls a device without SNMP unreachable when it answers no ping, and looks for its return', async () => {
    let rttMs: number | null = null;
    const watched = monitor(pingOnly, { echo: async () => ({ rttMs }) });
    expect(await watched.round()).toBe(false);
    expect(emitted.map((reading) => reading.values)).toEqual([{ pingLoss: 1 }, { reachable: 0 }]);
    rttMs = 1;
    await vi.advanceTimersByTimeAsync(2000);
    expect(await watched.round()).toBe(true);
    expect(values('reachable')).toEqual([0, 1]);
  });

  it('needs every TCP port', async () => {
    const watched = monitor({ ...pingOnly, tcp: [80, 443] }, { accepts: async ({ port }) => port === 80 });
    expect(await watched.round()).toBe(false);
    expect(
      emitted.filter(({ kind }) => kind === 'sensor').map(({ entity, values: { state } }) => [entity, state]),
    ).toEqual([
      ['tcp/80', 0],
      ['tcp/443', 2],
    ]);
  });

  it('says nothing of a device when no ping can be sent from here', async () => {
    const unavailable = async () => {
      throw new PingUnavailableError('not permitted');
    };
    const watched = monitor(pingOnly, { echo: unavailable });
    expect(await watched.round()).toBe(true);
    expect(emitted).toEqual([]);
  });

  it('says nothing any more once it is closed', async () => {
    let finish: (result: PollResult) => void = () => {};
    const watched = monitor(withSnmp, {
      poll: () =>
        new Promise((resolve) => {
          finish = resolve;
        }),
      echo: () => new Promise(() => {}),
    });
    const round = watched.round();
    await vi.advanceTimersByTimeAsync(0);
    watched.close();
    finish(answer);
    await round;
    expect(emitted).toEqual([]);
    expect(closed).toBeGreaterThan(0);
    expect(vi.getTimerCount()).toBe(0);
  });
});
