import { MaintenanceList } from '@rackhaus/config/contract';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { furnish, type Place } from '../../cabling/orders/testing.ts';
import type { Client } from '../../testing/client.ts';
import { startTestBackend, type TestBackend } from '../../testing/test-backend.ts';

const hour = 3_600_000;
let backend: TestBackend;
let admin: Client;
let place: Place;
beforeEach(async () => {
  backend = await startTestBackend();
  admin = await backend.administrator();
  place = await furnish(admin);
});
afterEach(() => backend.remove());

const list = async (client: Client) =>
  MaintenanceList.parse((await client.get('/api/maintenance')).json).windows;
const made = z.looseObject({ id: z.int() });

it('shows a window with its next time to whoever may read', async () => {
  const from = backend.clock.now + hour;
  const window = { name: 'Firmware', scope: 'device', deviceId: place.devices[0], from, until: from + hour };
  const technician = await backend.signedIn('technician');
  const reply = await technician.post('/api/inventory/maintenance', window);
  expect(reply.status, reply.text).toBe(200);
  const viewer = await backend.signedIn('viewer');
  expect(await list(viewer)).toMatchObject([
    {
      name: 'Firmware',
      target: 'SW-1',
      targetId: place.devices[0],
      active: false,
      next: { from, until: from + hour },
      holds: [],
    },
  ]);
  expect((await viewer.post('/api/inventory/maintenance', window)).status).toBe(403);
  expect((await backend.client().get('/api/maintenance')).status).toBe(401);
  backend.clock.now = from;
  expect(await list(viewer)).toMatchObject([{ active: true }]);
  backend.clock.now = from + hour;
  expect(await list(viewer)).toMatchObject([{ active: false, next: null }]);
});

it('refuses a window that is on nothing, and says which field is missing', async () => {
  const from = backend.clock.now;
  const window = { name: 'x', scope: 'room', deviceId: place.devices[0], from, until: from + hour };
  expect((await admin.post('/api/inventory/maintenance', window)).json).toMatchObject({
    code: 'invalid',
    fields: [{ path: 'roomId' }],
  });
  const kept = await admin.post('/api/inventory/maintenance', { ...window, roomId: place.rooms[0] });
  const { id } = made.parse(kept.json);
  expect((await admin.get(`/api/inventory/maintenance/${id}`)).json).toMatchObject({
    record: { roomId: place.rooms[0], deviceId: null },
  });
});

it('makes windows of an approved order, moves them with it, and ends them with it', async () => {
  const from = backend.clock.now + hour;
  const order = made.parse((await admin.post('/api/orders', { title: 'Neue Verbindung' })).json);
  const scheduled = { scheduledFrom: from, scheduledUntil: from + hour };
  expect((await admin.patch(`/api/orders/${order.id}`, scheduled)).status).toBe(200);
  const item = await admin.post(`/api/orders/${order.id}/items`, {
    changes: [
      {
        action: 'add-link',
        kind: 'patch',
        label: 'K-1',
        a: { portId: place.port('SW-1', 1) },
        b: { portId: place.port('SW-2', 1) },
      },
    ],
  });
  expect(item.status, item.text).toBe(200);
  expect(await list(admin)).toEqual([]);
  for (const deed of ['submit', 'approve']) await admin.post(`/api/orders/${order.id}/${deed}`, {});
  await vi.waitFor(async () =>
    expect(await list(admin)).toMatchObject([
      { target: 'SW-1', orderId: order.id, from, until: from + hour },
      { target: 'SW-2', orderId: order.id, from, until: from + hour },
    ]),
  );
  const moved = await admin.patch(`/api/orders/${order.id}`, { scheduledUntil: from + 2 * hour });
  expect(moved.status, moved.text).toBe(200);
  await vi.waitFor(async () =>
    expect((await list(admin)).map(({ until }) => until)).toEqual([from + 2 * hour, from + 2 * hour]),
  );
  await admin.post(`/api/orders/${order.id}/cancel`, {});
  await vi.waitFor(async () => expect(await list(admin)).toEqual([]));
});
