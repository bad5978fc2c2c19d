import { loadProfiles } from '@rackhaus/config/profiles';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DevicePoller } from '../../src/poll/device-poller.ts';
import { smallTown } from './fixture.ts';
import { history } from './history.ts';
import { Simulation } from './simulation.ts';

const town = smallTown('127.77.252');
const simulation = new Simulation({ town, now: Date.now, runAgent: null });
beforeAll(() => simulation.start());
afterAll(() => simulation.stop());

/** `<device> <kind> <entity> <metric>` to value, as the agent's poller reads them on its second poll. */
async function polled(): Promise<ReadonlyMap<string, number>> {
  const profiles = await loadProfiles();
  const values = new Map<string, number>();
  const polls = [...town.devices.values()].map(async (device, at) => {
    const { monitoring, credentials } = device;
    if (!monitoring || credentials === null) return;
    const poller = new DevicePoller({
      device: {
        id: at + 1,
        name: device.name,
        address: monitoring.address,
        snmp: { port: monitoring.port, credentials },
        profile: null,
        intervalSeconds: 5,
        ping: false,
        tcp: [],
      },
      profiles,
      now: Date.now,
    });
    const { signal } = new AbortController();
    await poller.poll(signal);
    const second = await poller.poll(signal);
    expect(second.problem).toBeNull();
    for (const reading of second.readings)
      for (const [name, value] of Object.entries(reading.values))
        values.set(`${device.name} ${reading.kind} ${reading.entity} ${name}`, value);
    poller.close();
  });
  await Promise.all(polls);
  return values;
}

it('history names what the poller names, and joins on to its values', async () => {
  const now = Date.now();
  const live = await polled();
  const missing: string[] = [];
  for (const reading of history(town, { from: now - 60_000, to: now, stepMs: 60_000 }, now))
    for (const [name, past] of Object.entries(reading.values)) {
      const key = `${reading.device} ${reading.kind} ${reading.entity} ${name}`;
      const present = live.get(key);
      if (present === undefined) missing.push(key);
      else if (/temperature|humidity|fill|charge|voltage|memory/i.test(name))
        expect(Math.abs(present - past), key).toBeLessThan(Math.max(0.06, Math.abs(past) * 0.08));
    }
  // Rates of ports may be missing where both polls fell into one tick of the uptime.
  expect(missing.filter((key) => !/ port .* (rx|tx)$/.test(key))).toEqual([]);
});
