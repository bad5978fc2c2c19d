import { randomUUID } from 'node:crypto';
import { CaptureReply, OrderList, OrderReply, Problem, StepReply, Worklist } from '@rackhaus/config/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from '../../testing/client.ts';
import { startTestBackend, type TestBackend } from '../../testing/test-backend.ts';
import { accepted, cable, cabling, furnish, OrderClient, type Place } from './testing.ts';

let backend: TestBackend;
let admin: Client;
let technician: Client;
let viewer: Client;
let orders: OrderClient;
let place: Place;

beforeAll(async () => {
  backend = await startTestBackend();
  admin = await backend.administrator();
  technician = await backend.signedIn('technician');
  viewer = await backend.signedIn('viewer');
  orders = new OrderClient(admin);
  place = await furnish(admin);
});
afterAll(() => backend.remove());

const end = (device: string, number: number) => ({ portId: place.port(device, number) });
const adding = (label: string, a: [string, number], b: [string, number], more = {}) => ({
  action: 'add-link',
  kind: 'patch',
  label,
  a: end(...a),
  b: end(...b),
  ...more,
});
const problem = (answer: { json: unknown }) => Problem.parse(answer.json);

describe('an order that is carried out', () => {
  it('is planned, approved and done step by step, each step one change', async () => {
    const old = await cable(admin, 'K-OLD', place.port('SW-1', 1), place.port('SW-3', 1));
    const { order, steps, cords } = await orders.approved('Umpatchen', [
      adding('K-NEW', ['SW-1', 1], ['SW-2', 1], { color: 'blue', lengthM: 2 }),
      { action: 'remove-link', linkId: old },
    ]);
    expect(order).toMatchObject({ state: 'approved', number: expect.stringMatching(/^A-\d{4}$/) });
    expect(cords).toEqual([{ kind: 'patch', medium: null, color: 'blue', lengthM: 2, count: 1 }]);
    // In room 2 there is something to pull only; in room 1 it is pulled first, then plugged from the top.
    expect(steps.map(({ deed, spot }) => `${deed} ${spot.rack?.name} ${spot.position}`)).toEqual([
      'unplug Schrank 1 10',
      'plug Schrank 1 20',
      'plug Schrank 1 10',
      'unplug Schrank 2 10',
    ]);
    expect(steps[0]).toMatchObject({ endLabel: 'K-OLD', otherPortId: place.port('SW-3', 1) });

    const [first, second, third, fourth] = steps;
    const one = StepReply.parse(accepted(await orders.report(order.id, first?.id ?? 0)).json);
    expect(one).toMatchObject({ repeated: false, orderState: 'working', step: { state: 'done' } });
    expect(one.step.changeId).toBe(one.changeId);
    expect((await cabling(admin))['K-OLD']).toEqual([`b ${place.port('SW-3', 1)}/front`]);
    accepted(await orders.report(order.id, second?.id ?? 0, { label: 'K-REAL', lengthM: 3, color: 'red' }));
    expect(await cabling(admin)).toMatchObject({ 'K-REAL': [`b ${place.port('SW-2', 1)}/front`] });
    accepted(await orders.report(order.id, third?.id ?? 0));
    const last = StepReply.parse(accepted(await orders.report(order.id, fourth?.id ?? 0)).json);
    expect(last.orderState).toBe('done');
    const done = await orders.view(order.id);
    expect(done.order).toMatchObject({ state: 'done', finishedAt: expect.any(Number), steps: { done: 4 } });
    expect(await cabling(admin)).toEqual({
      'K-REAL': [`a ${place.port('SW-1', 1)}/front`, `b ${place.port('SW-2', 1)}/front`],
    });
    // What is gone is still shown as it was.
    expect(done.items[1]).toMatchObject({
      cable: { label: 'K-OLD' },
      before: { a: place.port('SW-1', 1), b: place.port('SW-3', 1) },
      after: { a: null, b: null },
    });
    expect(done.items[0]?.cable).toMatchObject({ label: 'K-REAL', lengthM: 3, color: 'red', planned: false });
    const link = done.items[0]?.linkId ?? 0;
    await admin.delete(`/api/inventory/link/${link}`);
  });
});
