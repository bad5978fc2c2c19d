import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadAlertRules } from '@rackhaus/config/alert-rules';
import { type Reading, RulePreviewRequest } from '@rackhaus/config/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type MeasurementStore, openStore } from '../measurements/index.ts';
import { writeReadings } from '../measurements/testing.ts';
import { testDevice } from '../monitoring/testing.ts';
import { type Previewed, preview } from './preview.ts';
import { RuleBook } from './rule-book.ts';

const minute = 60_000;
const hour = 60 * minute;
const now = Math.floor(Date.now() / hour) * hour;
const rules = await loadAlertRules();
const book = new RuleBook(rules);
const ruleOf = (id: string) => {
  const rule = book.rule(id);
  if (!rule) throw new Error(`no rule ${id}`);
  return rule;
};

let folder: string;
let store: MeasurementStore;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rackhaus-preview-'));
  store = await openStore({ store: 'embedded', file: join(folder, 'samples.db') }, { log: () => undefined });
  await writeReadings(store, [...warmAfternoons(), ...busyHours()]);
});
afterAll(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

/** Three days at 22 °C; on each, two hours at 28 °C. */
function warmAfternoons(): Reading[] {
  return Array.from({ length: 3 * 24 * 60 }, (_, n): Reading => {
    const time = now - n * minute;
    const temperature = n % 1440 >= 600 && n % 1440 < 720 ? 28 : 22;
    return { deviceId: 1, kind: 'sensor', entity: 'Raum', time, values: { temperature } };
  });
}

/** Busy for 8 minutes each hour of a day, and once for 30. */
function busyHours(): Reading[] {
  return Array.from({ length: 24 * 60 }, (_, n): Reading => {
    const busy = n % 60 < 8 || (n >= 300 && n < 330);
    return {
      deviceId: 2,
      kind: 'device',
      entity: '',
      time: now - n * minute,
      values: { cpu: busy ? 0.99 : 0.2 },
    };
  });
}

const devices: Previewed[] = [
  { device: testDevice(1, { role: 'sensor' }), entities: [{ kind: 'sensor', entity: 'Raum' }] },
  { device: testDevice(2, { role: 'server' }), entities: [{ kind: 'device', entity: '' }] },
];
const look = (id: string, request: object) =>
  preview({
    rule: ruleOf(id),
    request: RulePreviewRequest.parse(request),
    book,
    devices,
    store,
    now,
    elapsed: () => performance.now(),
  });

describe('preview', () => {
  it('counts how often it would have fired, with other numbers and with those of now', async () => {
    const found = await look('room-warm', { days: 7, limit: 29 });
    expect(found).toMatchObject({ times: 0, timesNow: 3, entities: 1, leftOut: 0 });
    const lower = await look('room-warm', { days: 7, limit: 25 });
    expect(lower.times).toBe(3);
    expect(lower.firings).toMatchObject([{ worst: 28 }, { worst: 28 }, { worst: 28, deviceName: 'sw1' }]);
    for (const { from, until } of lower.firings) expect((until ?? 0) - from).toBeGreaterThanOrEqual(2 * hour);
  });

  it('knows what lasts from what comes and goes', async () => {
    expect((await look('cpu-busy', { days: 2 })).times).toBe(1);
    expect((await look('cpu-busy', { days: 2, forSeconds: 0 })).times).toBeGreaterThan(20);
  });

  it('looks only at what it is for', async () => {
    expect(await look('room-warm', { scope: 'site', siteId: 9, limit: 20 })).toMatchObject({ entities: 0 });
    expect(await look('room-warm', { scope: 'entity', deviceId: 1, entity: 'Raum' })).toMatchObject({
      entities: 1,
      timesNow: 3,
    });
  });
});
