import {
  agentHeaders,
  type DeviceLimits,
  formatLines,
  type Observation,
  type Reading,
  SeriesReply,
} from '@rackhaus/config/contract';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ownLimitsOf } from './own-limits.ts';
import { heard, startTestServer, TestDevices, type TestServer, testDevice } from './testing.ts';

vi.setConfig({ testTimeout: 30_000 });

const none: DeviceLimits = { lowCritical: null, lowWarning: null, highWarning: null, highCritical: null };
const psu = { kind: 'sensor', entity: 'PSU 1', label: 'PSU 1' } as const;

describe('the port of a sensor', () => {
  it.each([
    ['GigabitEthernet1/0/1 Receive Power', 'Gi1/0/1'],
    ['GigabitEthernet1/0/10 Receive Power', 'Gi1/0/10'],
    ['Gi1/0/1 bias', 'Gi1/0/1'],
    ['GigabitEthernet1/0/11 Receive Power', null],
    ['Inlet', null],
  ])('%s is of %s', (entity, name) => {
    const own = ownLimitsOf({
      entities: [{ kind: 'sensor', entity, limits: { opticalPower: { ...none, lowWarning: -14 } } }],
      ports: [
        { name: 'Gi1/0/1', description: 'GigabitEthernet1/0/1' },
        { name: 'Gi1/0/10', description: 'GigabitEthernet1/0/10' },
      ],
    });
    expect(own.get(`sensor/${entity}`)?.port).toBe(name);
  });
});

describe('limits that a device tells', () => {
  const servers: TestServer[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.close();
  });

  it('are what its readings are judged by and charts show', async () => {
    const start = Date.now() - 600_000;
    const clock = { now: start };
    const devices = new TestDevices([testDevice(1, { role: 'server', name: 'srv' })]);
    const server = await startTestServer({
      devices,
      now: () => clock.now,
    });
    servers.push(server);
    const { token } = await server.agent('local');
    let sequence = 0;
    const post = async (path: string, body: string, type: string) => {
      const reply = await fetch(new URL(path, server.url), {
        method: 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': type,
          [agentHeaders.outbox]: 'box',
          [agentHeaders.sequence]: String(++sequence),
        },
        body,
      });
      expect(reply.status).toBe(204);
    };
    const read = async (from: number, to: number, temperature: number) => {
      clock.now = start + to * 1000;
      const readings: Reading[] = [];
      for (let s = from; s <= to; s += 10) {
        const time = start + s * 1000;
        readings.push({ deviceId: 1, kind: 'sensor', entity: 'PSU 1', time, values: { temperature } });
        readings.push(heard(1, time));
      }
      for (const reading of readings) await post('/api/agent/readings', formatLines([reading]), 'text/plain');
    };
    const limits = { temperature: { ...none, highWarning: 70, highCritical: 90 } };
    const observation: Observation = {
      deviceId: 1,
      time: start,
      profile: 'x',
      identity: {
        os: null,
        vendor: null,
        model: null,
        serial: null,
        firmware: null,
        name: null,
        description: null,
        location: null,
      },
      ports: [],
      neighbours: [],
      entities: [{ ...psu, limits }],
    };
    const said = () => server.monitoring.conditions.of(1).map(({ rule, title }) => [rule, title.de]);

    await read(0, 10, 50);
    await post('/api/agent/observations', JSON.stringify([observation]), 'application/json');
    await read(20, 300, 74);
    expect(said()).toEqual([]);
    await read(310, 340, 74);
    expect(said()).toEqual([
      ['own-limit-warning', 'srv: Temperatur PSU 1: 74 °C, über der Warngrenze des Geräts von 70 °C'],
    ]);
    await read(350, 420, 95);
    expect(said()).toEqual([
      ['own-limit-critical', 'srv: Temperatur PSU 1: 95 °C, über der kritischen Grenze des Geräts von 90 °C'],
    ]);

    const query = new URLSearchParams({
      device: '1',
      kind: 'sensor',
      entity: 'PSU 1',
      metrics: 'temperature',
      from: String(start),
      to: String(clock.now),
    });
    const shown = async () => {
      const reply = await fetch(`${server.url}/api/series?${query}`, {
        headers: { cookie: await server.cookie() },
      });
      return SeriesReply.parse(await reply.json()).limits;
    };
    const limitsShown = [
      { metric: 'temperature', level: 'warning', side: 'high', value: 70, by: 'device' },
      { metric: 'temperature', level: 'critical', side: 'high', value: 90, by: 'device' },
    ];
    expect(await shown()).toEqual(limitsShown);

    // A device that is monitored again some day has what it said before.
    devices.set([]);
    await vi.waitFor(() => expect(said()).toEqual([]));
    devices.set([testDevice(1, { role: 'server', name: 'srv' })]);
    await vi.waitFor(async () => expect(await shown()).toEqual(limitsShown));

    await post(
      '/api/agent/observations',
      JSON.stringify([{ ...observation, time: clock.now, entities: [psu] }]),
      'application/json',
    );
    await vi.waitFor(() => expect(said()).toEqual([]));
  });
});
