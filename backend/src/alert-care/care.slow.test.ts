import {
  AlertPath,
  AlertReview,
  DrillList,
  IncidentList,
  StatusPage,
  UserList,
} from '@rackhaus/config/contract';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { furnish, type Place } from '../cabling/orders/testing.ts';
import type { Client } from '../testing/client.ts';
import { startTestBackend, type TestBackend } from '../testing/test-backend.ts';

const Made = z.looseObject({ id: z.int() });
let backend: TestBackend;
let admin: Client;
let place: Place;
beforeEach(async () => {
  backend = await startTestBackend();
  admin = await backend.administrator();
  place = await furnish(admin);
});
afterEach(() => backend.remove());

const drills = async (client = admin) => DrillList.parse((await client.get('/api/drills')).json).drills;
const incidents = async (state: string) =>
  IncidentList.parse((await admin.get(`/api/incidents?state=${state}`)).json).incidents;

it('opens each route to whom it is meant for', async () => {
  const people: Record<string, Client> = {
    nobody: backend.client(),
    viewer: await backend.signedIn('viewer'),
    technician: await backend.signedIn('technician'),
    administrator: admin,
  };
  const drill = { name: 'x', scenario: 'device', deviceId: 0 };
  const calls: Record<string, readonly [(client: Client) => Promise<{ status: number }>, readonly number[]]> =
    {
      path: [(c) => c.get('/api/alert-path'), [401, 200, 200, 200]],
      review: [(c) => c.get('/api/alert-review?weeks=2'), [401, 200, 200, 200]],
      drills: [(c) => c.get('/api/drills'), [401, 200, 200, 200]],
      status: [(c) => c.get('/api/status'), [401, 200, 200, 200]],
      // Refused for what it says, and not for who says it.
      'new drill': [(c) => c.post('/api/drills', drill), [401, 403, 403, 400]],
      'end of drill': [(c) => c.post('/api/drills/99/end', { result: null }), [401, 403, 403, 404]],
      message: [(c) => c.post('/api/status/messages', {}), [401, 403, 403, 400]],
      'changed message': [(c) => c.patch('/api/status/messages/99', { ended: true }), [401, 403, 403, 404]],
      'message gone': [(c) => c.delete('/api/status/messages/99'), [401, 403, 403, 404]],
    };
  for (const [name, [call, expected]] of Object.entries(calls)) {
    const got: number[] = [];
    for (const client of Object.values(people)) got.push((await call(client)).status);
    expect(got, name).toEqual(expected);
  }
});

describe('a drill', () => {
  const drill = () => ({ name: 'Quartal 4', scenario: 'power', deviceId: place.devices[0] });

  it('opens an incident that says so, one at a time, and closes it', async () => {
    const { id } = Made.parse((await admin.post('/api/drills', drill())).json);
    const [played] = await vi.waitFor(async () => {
      const open = (await incidents('open')).filter(({ state }) => state === 'open');
      expect(open).toHaveLength(1);
      return open;
    });
    expect(played).toMatchObject({
      drill: true,
      severity: 'critical',
      title: { de: 'Übung: SW-1 ohne Strom', en: 'Drill: SW-1 has no power' },
    });
    expect((await admin.post('/api/drills', drill())).json).toMatchObject({
      code: 'conflict',
      reason: 'drill-going-on',
    });
    await vi.waitFor(async () =>
      expect(await drills()).toMatchObject([
        { id, incidentId: played?.id, device: 'SW-1', startedBy: 'Admin', endedAt: null, openedSeconds: 0 },
      ]),
    );
    await admin.post(`/api/incidents/${played?.id}/acknowledge`, {});
    expect((await admin.post(`/api/drills/${id}/end`, { result: 'Alle erreicht.' })).status).toBe(204);
    await vi.waitFor(async () =>
      expect((await incidents('resolved')).map((incident) => incident.id)).toEqual([played?.id]),
    );
    expect(await drills()).toMatchObject([
      { result: 'Alle erreicht.', acknowledgedBy: 'Admin', acknowledgedSeconds: 0 },
    ]);
    // Alerting is judged by real faults.
    const review = AlertReview.parse((await admin.get('/api/alert-review')).json);
    expect([review.weeks.length, review.rules]).toEqual([12, []]);
  });

  it('goes on after a restart, and ends when it has lasted an hour', async () => {
    await admin.post('/api/drills', drill());
    await vi.waitFor(async () => expect(await incidents('open')).toHaveLength(1));
    backend = await backend.restart();
    admin = await backend.administrator();
    await vi.waitFor(async () => expect(await incidents('open')).toHaveLength(1));
    expect(await drills()).toMatchObject([{ endedAt: null }]);
    backend.clock.now += 3_600_000;
    expect((await admin.post('/api/drills', drill())).status).toBe(200);
    expect(await drills()).toMatchObject([{ endedAt: null }, { endedAt: backend.clock.now }]);
  });
});

describe('the status page', () => {
  const page = async (client: Client) => StatusPage.parse((await client.get('/api/status')).json);

  it('says what administrators write, and is seen without signing in where that is allowed', async () => {
    const service = Made.parse((await admin.post('/api/inventory/service', { name: 'Telefonie' })).json);
    const since = backend.clock.now;
    const message = {
      serviceId: service.id,
      state: 'disturbed',
      title: 'Telefonie gestört',
      text: '',
      since,
    };
    const { id } = Made.parse((await admin.post('/api/status/messages', message)).json);
    expect((await page(admin)).services).toEqual([
      {
        id: service.id,
        name: 'Telefonie',
        state: 'disturbed',
        messages: [{ id, title: 'Telefonie gestört', text: '', since, updatedAt: since }],
      },
    ]);
    expect((await backend.client().get('/api/status')).status).toBe(401);
    const { settings } = z
      .object({ settings: z.record(z.string(), z.unknown()) })
      .parse((await admin.get('/api/alert-settings')).json);
    const set = await admin.send(
      'PUT',
      '/api/alert-settings',
      JSON.stringify({ settings: { ...settings, publicStatus: true } }),
    );
    expect(set.status, set.text).toBe(200);
    expect((await page(backend.client())).services[0]?.state).toBe('disturbed');
    await admin.patch(`/api/status/messages/${id}`, { ended: true });
    const after = await page(backend.client());
    expect(after).toMatchObject({
      services: [{ state: 'ok', messages: [] }],
      past: [{ id, service: 'Telefonie', endedAt: backend.clock.now }],
    });
    expect((await admin.post('/api/status/messages', { ...message, serviceId: 99 })).json).toMatchObject({
      code: 'invalid',
      fields: [{ path: 'serviceId' }],
    });
  });

  it('announces what is to come without calling it disturbed', async () => {
    const service = Made.parse((await admin.post('/api/inventory/service', { name: 'Mail' })).json);
    await admin.post('/api/status/messages', {
      serviceId: service.id,
      state: 'maintenance',
      title: 'Samstag nicht da',
      text: '',
      since: backend.clock.now + 1000,
    });
    expect((await page(admin)).services[0]).toMatchObject({ state: 'ok', messages: [{}] });
    backend.clock.now += 1000;
    expect((await page(admin)).services[0]).toMatchObject({ state: 'maintenance' });
  });
});

it('knows what the ways of telling depend on once it is said where the server stands', async () => {
  const channel = await admin.post('/api/channels', {
    userId: null,
    name: 'Chat',
    settings: { kind: 'ntfy', server: 'https://ntfy.example', topic: 'it' },
  });
  expect(channel.status, channel.text).toBe(200);
  const view = async () => AlertPath.parse((await admin.get('/api/alert-path')).json);
  expect((await view()).channels).toMatchObject([{ name: 'Chat', needs: [], unknown: [{}] }]);
  const [deviceId] = place.devices;
  const set = await admin.send(
    'PUT',
    '/api/agent-places',
    JSON.stringify({ places: [{ agentId: 0, deviceId }] }),
  );
  expect(set.status, set.text).toBe(200);
  const path = await view();
  expect(path.serverDeviceId).toBe(deviceId);
  expect(path.channels[0]?.needs).toEqual([
    { deviceId, name: 'SW-1', why: { de: 'Darauf läuft Rackhaus.', en: 'Rackhaus runs on it.' } },
  ]);
  expect(path.silent).toEqual([]);

  // Of somebody whose only way depends on it, it says so.
  const [person] = UserList.parse((await admin.get('/api/users')).json).users;
  const own = await admin.post('/api/channels', {
    userId: person?.id,
    name: 'Telefon',
    settings: { kind: 'ntfy', server: 'https://ntfy.example', topic: 'own' },
  });
  expect(own.status, own.text).toBe(200);
  expect((await view()).silent).toMatchObject([
    { deviceId, name: 'SW-1', people: [person?.name], all: true },
  ]);
});
