import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  agentHeaders,
  formatLines,
  IncidentDetail,
  IncidentList,
  type Reading,
} from '@rackhaus/config/contract';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { furnish, type Place } from '../cabling/orders/testing.ts';
import type { Client } from '../testing/client.ts';
import { startTestBackend, type TestBackend } from '../testing/test-backend.ts';

let backend: TestBackend;
let admin: Client;
let technician: Client;
let place: Place;
let sequence = 0;
beforeEach(async () => {
  backend = await startTestBackend();
  admin = await backend.administrator();
  technician = await backend.signedIn('technician');
  place = await furnish(admin);
  for (const [index, deviceId] of place.devices.entries()) {
    const made = await admin.post('/api/inventory/monitoring', { deviceId, address: `10.0.0.${index + 1}` });
    expect(made.status, made.text).toBe(200);
  }
});
afterEach(() => backend.remove());

/** What the agent reads of a device: it answers, and its fan is well or not. */
async function reads(deviceId: number, fan: 'ok' | 'critical'): Promise<void> {
  const time = backend.clock.now;
  const readings: Reading[] = [
    { deviceId, kind: 'device', entity: '', time, values: { reachable: 1 } },
    { deviceId, kind: 'fan', entity: '1', time, values: { state: fan === 'ok' ? 0 : 2 } },
  ];
  const token = (await readFile(join(backend.settings.dataDir, 'local-agent.token'), 'utf8')).trim();
  const reply = await backend.client().send('POST', '/api/agent/readings', formatLines(readings), {
    authorization: `Bearer ${token}`,
    'content-type': 'text/plain; charset=utf-8',
    [agentHeaders.outbox]: 'box',
    [agentHeaders.sequence]: String(++sequence),
  });
  expect(reply.status, reply.text).toBe(204);
}

const list = async (query = '') =>
  IncidentList.parse((await technician.get(`/api/incidents${query}`)).json).incidents;
const detail = async (id: number) =>
  IncidentDetail.parse((await technician.get(`/api/incidents/${id}`)).json);
/** The story without what on-call adds to it: nobody is on call here. */
const story = async (id: number) =>
  (await detail(id)).events.flatMap(({ kind }) => (kind === 'nobody' ? [] : [kind]));
const opens = () =>
  vi.waitFor(async () => {
    const [incident] = await list();
    if (incident?.state !== 'open') throw new Error('nothing is open yet');
    return incident;
  });

it('tells the story of a fault, from the reading to the end, on its page', async () => {
  const [deviceId] = place.devices;
  const cable = await admin.post('/api/cables', {
    cables: [
      {
        label: 'K-0231',
        a: { portId: place.port('SW-1', 1) },
        b: { portId: place.port('SW-2', 1) },
      },
    ],
  });
  expect(cable.status, cable.text).toBe(200);
  await reads(deviceId, 'critical');
  const incident = await opens();
  expect(incident).toMatchObject({
    severity: 'critical',
    title: { de: 'SW-1: Lüfter 1 ausgefallen' },
    cause: { kind: 'device', name: 'SW-1', deviceId },
    place: 'Raum 1, Schrank 1, HE 10',
  });

  const page = await detail(incident.id);
  expect(await story(incident.id)).toEqual(['began', 'opened']);
  expect(page.members).toMatchObject([{ role: 'cause', condition: { rule: 'fan-failed' } }]);
  expect(page.changes.map(({ what }) => what).join()).toContain('Kabel K-0231 eingesteckt');
  expect(page.affected.rooms).toEqual([]);

  const at = `/api/incidents/${incident.id}`;
  expect((await technician.post(`${at}/note`, { text: 'Ersatz bestellt' })).status).toBe(204);
  expect((await technician.post(`${at}/acknowledge`, {})).status).toBe(204);
  expect((await technician.post(`${at}/acknowledge`, {})).status).toBe(204);
  expect((await technician.post(`${at}/snooze`, { until: backend.clock.now - 1 })).status).toBe(400);
  expect((await technician.post(`${at}/snooze`, { until: backend.clock.now + 60_000 })).status).toBe(204);
  expect((await technician.post(`${at}/snooze`, { until: null })).status).toBe(204);
  expect(await list()).toMatchObject([{ state: 'acknowledged', snoozedUntil: null }]);
  expect((await technician.post(`${at}/unacknowledge`, {})).status).toBe(204);
  expect((await technician.post(`${at}/resolve`, { text: 'getauscht' })).status).toBe(204);
  expect(await list()).toEqual([]);
  expect(await list('?state=resolved&severity=critical&search=Lüfter')).toMatchObject([{ id: incident.id }]);
  expect(await list(`?state=all&deviceId=${place.devices[1]}`)).toEqual([]);
  expect(await story(incident.id)).toEqual([
    'began',
    'opened',
    'note',
    'acknowledged',
    'snoozed',
    'woken',
    'unacknowledged',
    'resolved',
  ]);
});

it('opens what was ended by hand again when the next reading says so, and ends it when one says that it is well', async () => {
  const [deviceId] = place.devices;
  await reads(deviceId, 'critical');
  const { id } = await opens();
  await technician.post(`/api/incidents/${id}/resolve`, {});
  backend.clock.now += 5000;
  await reads(deviceId, 'critical');
  expect((await opens()).id).toBe(id);
  backend.clock.now += 5000;
  await reads(deviceId, 'ok');
  await vi.waitFor(
    async () => {
      backend.clock.now += 5000;
      await reads(deviceId, 'ok');
      expect(await list()).toEqual([]);
    },
    { timeout: 20_000, interval: 500 },
  );
});

it('goes on after a restart with what was open, and an old reading changes nothing', async () => {
  const [deviceId] = place.devices;
  await reads(deviceId, 'critical');
  const { id } = await opens();
  const { now } = backend.clock;
  backend = await backend.restart();
  backend.clock.now = now + 5000;
  technician = await backend.administrator();
  expect(await list()).toMatchObject([{ id, state: 'open' }]);
  await reads(deviceId, 'critical');
  // What was read before that comes late, from the agent's outbox.
  backend.clock.now = now - 60_000;
  await reads(deviceId, 'ok');
  backend.clock.now = now + 6000;
  await reads(deviceId, 'critical');
  expect(await story(id)).toEqual(['began', 'opened']);
});

it('lets viewers read and nothing else, and says what is not there', async () => {
  const viewer = await backend.signedIn('viewer');
  expect((await viewer.get('/api/incidents')).status).toBe(200);
  expect((await viewer.get('/api/incidents/99')).status).toBe(404);
  for (const act of ['acknowledge', 'unacknowledge', 'snooze', 'note', 'resolve'])
    expect((await viewer.post(`/api/incidents/99/${act}`, {})).status, act).toBe(403);
  expect((await technician.post('/api/incidents/99/acknowledge', {})).json).toMatchObject({
    code: 'not-found',
  });
  expect((await technician.post('/api/incidents/99/note', { text: '' })).status).toBe(400);
  expect((await backend.client().get('/api/incidents')).status).toBe(401);
});
