import { randomUUID } from 'node:crypto';
import { CaptureReply, OrderList, OrderReply, Problem, StepReply, Worklist } from '@rackhaus/config/contract';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from '../../testing/client.ts';
import { startTestBackend, type TestBackend } from '../../testing/test-backend.ts';
import { accepted, cable, cabling, furnish, OrderClient, type Place, tidyUp } from './testing.ts';

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
afterEach(() => tidyUp(admin));

const end = (device: string, number: number) => ({ portId: place.port(device, number) });
const adding = (label: string | null, a: [string, number], b: [string, number], more = {}) => ({
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
  });
});

/** Two cables, of which one is moved; with every step's id. */
async function moving(prefix: string, from: [string, number], to: [string, number], far: [string, number]) {
  const linkId = await cable(admin, `${prefix}-1`, place.port(...from), place.port(...far));
  const view = await orders.approved(`${prefix} umstecken`, [
    { action: 'move-link', linkId, a: { portId: place.port(...to) } },
  ]);
  const [unplug, plug] = view.steps;
  return { linkId, orderId: view.order.id, unplug: unplug?.id ?? 0, plug: plug?.id ?? 0 };
}
const at = (device: string, number: number) => `${place.port(device, number)}/front`;

describe('a report', () => {
  it('is taken once, however often and however close together it is sent', async () => {
    const { orderId, unplug, plug } = await moving('ONCE', ['SW-1', 2], ['SW-1', 3], ['SW-2', 2]);
    const key = randomUUID();
    const replies = await Promise.all([1, 2, 3, 4].map(() => orders.report(orderId, unplug, { key })));
    const parsed = replies.map((each) => StepReply.parse(accepted(each).json));
    expect(parsed.filter(({ repeated }) => !repeated)).toHaveLength(1);
    expect(new Set(parsed.map(({ changeId }) => changeId)).size).toBe(1);
    // Of another person, or of a phone that lost its key: the step is done already.
    const again = StepReply.parse(accepted(await orders.report(orderId, unplug)).json);
    expect(again).toMatchObject({ repeated: true, changeId: parsed[0]?.changeId });
    // A key is for one report only.
    expect(problem(await orders.report(orderId, plug, { key }))).toMatchObject({ code: 'invalid' });
    const reopen = randomUUID();
    const back = await Promise.all(
      [1, 2, 3].map(() => orders.report(orderId, unplug, { key: reopen, outcome: 'reopen' })),
    );
    expect(back.map((each) => StepReply.parse(accepted(each).json).repeated).sort()).toEqual([
      false,
      true,
      true,
    ]);
    expect((await cabling(admin))['ONCE-1']).toEqual([`a ${at('SW-1', 2)}`, `b ${at('SW-2', 2)}`]);
    accepted(await orders.deed(orderId, 'cancel'));
  });

  it('is refused when the documentation has moved on, and names what is in the way; force writes it', async () => {
    const { orderId, unplug, plug } = await moving('WAY', ['SW-1', 4], ['SW-1', 5], ['SW-2', 4]);
    const other = await cable(technician, 'WAY-2', place.port('SW-1', 5), place.port('SW-2', 5));
    accepted(await orders.report(orderId, unplug));
    const before = await cabling(admin);
    const refused = await orders.report(orderId, plug);
    expect(refused.status).toBe(409);
    expect(problem(refused)).toMatchObject({
      reason: 'conflict',
      blocking: [{ kind: 'link', id: other, name: 'WAY-2' }],
    });
    expect(await cabling(admin)).toEqual(before);
    expect(StepReply.parse(accepted(await orders.report(orderId, plug, { force: true })).json)).toMatchObject(
      {
        orderState: 'done',
      },
    );
    expect(await cabling(admin)).toMatchObject({
      'WAY-1': [`a ${at('SW-1', 5)}`, `b ${at('SW-2', 4)}`],
      // It hangs open where it was in the way.
      'WAY-2': [`b ${at('SW-2', 5)}`],
    });
  });

  it('is refused when its cable is gone or is somewhere else', async () => {
    const { orderId, unplug, plug, linkId } = await moving('GONE', ['SW-1', 4], ['SW-1', 5], ['SW-2', 4]);
    const ends = await admin.get(`/api/inventory/link-end?filter=linkId:is:${linkId}`);
    const a = (ends.json as { records: { id: number; side: string }[] }).records.find((e) => e.side === 'a');
    await admin.patch(`/api/inventory/link-end/${a?.id}`, { portId: place.port('SW-1', 6) });
    expect(problem(await orders.report(orderId, unplug))).toMatchObject({
      reason: 'conflict',
      blocking: [{ kind: 'link', id: linkId, name: 'GONE-1' }],
    });
    await admin.delete(`/api/inventory/link/${linkId}`);
    for (const step of [unplug, plug])
      expect(problem(await orders.report(orderId, step))).toMatchObject({
        reason: 'conflict',
        blocking: [{ kind: 'link', id: linkId, name: 'GONE-1' }],
      });
    accepted(await orders.report(orderId, plug, { outcome: 'impossible', reason: 'weg' }));
    accepted(await orders.deed(orderId, 'finish'));
    expect((await orders.view(orderId)).steps.map(({ state }) => state)).toEqual(['skipped', 'impossible']);
  });

  it('says why a step was not possible, with photos that belong to the order', async () => {
    const { orderId, unplug } = await moving('NOT', ['SW-1', 4], ['SW-1', 5], ['SW-2', 4]);
    const bare = await orders.report(orderId, unplug, { outcome: 'impossible' });
    expect(problem(bare)).toMatchObject({ code: 'invalid', fields: [{ path: 'reason' }] });
    const photo = await technician.send(
      'POST',
      '/api/documents',
      new TextEncoder().encode('a note, as good as a photo'),
      { 'content-type': 'text/plain', 'x-file-name': 'foto.txt' },
    );
    const document = (photo.json as { id: number }).id;
    const said = { outcome: 'impossible' as const, reason: 'Schrank zu', documentIds: [document] };
    accepted(await orders.report(orderId, unplug, said));
    expect((await orders.view(orderId)).steps[0]).toMatchObject({
      state: 'impossible',
      reason: 'Schrank zu',
    });
    const kept = await admin.get(`/api/inventory/attachment?filter=subjectId:is:${orderId}`);
    expect(kept.json).toMatchObject({ total: 1, records: [{ subjectKind: 'order', documentId: document }] });
    // It was possible after all.
    accepted(await orders.report(orderId, unplug));
    await orders.carryOut(orderId);
    expect(await cabling(admin)).toMatchObject({ 'NOT-1': [`a ${at('SW-1', 5)}`, `b ${at('SW-2', 4)}`] });
  });
});

describe('taking back', () => {
  it('of a step by the history is what reopening it is', async () => {
    const { orderId, unplug, plug } = await moving('BACK', ['SW-1', 4], ['SW-1', 5], ['SW-2', 4]);
    const before = await cabling(admin);
    const stepOf = async (id: number) => {
      const { order, steps } = await orders.view(orderId);
      const step = steps.find((each) => each.id === id);
      return { order: [order.state, order.startedAt, order.finishedAt], step: { ...step, version: 0 } };
    };
    const untouched = await stepOf(unplug);
    const done = StepReply.parse(accepted(await orders.report(orderId, unplug)).json);
    accepted(await technician.post(`/api/changes/${done.changeId}/undo`, {}));
    expect(await stepOf(unplug)).toEqual(untouched);
    expect(await cabling(admin)).toEqual(before);
    accepted(await orders.report(orderId, unplug));
    accepted(await orders.report(orderId, unplug, { outcome: 'reopen' }));
    expect(await stepOf(unplug)).toEqual(untouched);
    expect(await cabling(admin)).toEqual(before);

    // The first step can still be taken back by the history when the order is done, and the order is open again.
    const first = StepReply.parse(accepted(await orders.report(orderId, unplug)).json);
    const last = StepReply.parse(accepted(await orders.report(orderId, plug)).json);
    expect(last.orderState).toBe('done');
    accepted(await technician.post(`/api/changes/${last.changeId}/undo`, {}));
    accepted(await technician.post(`/api/changes/${first.changeId}/undo`, {}));
    expect((await orders.view(orderId)).order.state).toBe('approved');
    expect(await cabling(admin)).toEqual(before);
    accepted(await orders.deed(orderId, 'cancel'));
  });

  it('of the first end of a new cable leaves the second; of both, no cable', async () => {
    const { order, steps } = await orders.approved('Neu', [adding('N-1', ['SW-1', 1], ['SW-2', 1])]);
    const [first, second] = steps.map(({ id }) => id);
    const report = (step: number | undefined, more = {}) => orders.report(order.id, step ?? 0, more);
    const undo = { outcome: 'reopen' as const };
    for (const way of [
      [first, second],
      [second, first],
    ]) {
      accepted(await report(first));
      accepted(await report(second));
      const whole = await cabling(admin);
      accepted(await report(way[0], undo));
      expect((await cabling(admin))['N-1']).toHaveLength(1);
      accepted(await report(way[0]));
      expect(await cabling(admin)).toEqual(whole);
      accepted(await report(way[0], undo));
      accepted(await report(way[1], undo));
      expect(await cabling(admin)).toEqual({});
      expect((await orders.view(order.id)).order.state).toBe('approved');
    }
    expect((await orders.carryOut(order.id)).order.state).toBe('done');
    expect(await cabling(admin)).toEqual({ 'N-1': [`a ${at('SW-1', 1)}`, `b ${at('SW-2', 1)}`] });
  });

  it('of a whole order by a draft restores the cables exactly', async () => {
    const moved = await cable(admin, 'R-MOVE', place.port('SW-1', 1), place.port('SW-3', 1));
    const removed = await cable(admin, 'R-GONE', place.port('SW-1', 2), place.port('SW-3', 2));
    const kept = await cable(admin, 'R-KEPT', place.port('SW-1', 3), place.port('SW-3', 3));
    await admin.patch(`/api/inventory/link/${removed}`, {
      color: 'green',
      lengthM: 12.5,
      notes: 'durch den Keller',
      route: 'Trasse 3',
      medium: 'cat6a',
    });
    await admin.post('/api/inventory/cable-test', { linkId: removed, testedOn: '2026-03-01', passed: true });
    const state = async () => {
      const links = await admin.get('/api/inventory/link?size=100&sort=id');
      const tests = await admin.get('/api/inventory/cable-test');
      const plain = (list: unknown) =>
        (list as { records: Record<string, unknown>[] }).records.map(({ version: _, ...rest }) => rest);
      return { links: plain(links.json), tests: plain(tests.json), cabling: await cabling(admin) };
    };
    const before = await state();
    const { order } = await orders.approved('Umbau', [
      { action: 'move-link', linkId: moved, a: end('SW-1', 2), b: end('SW-2', 1) },
      { action: 'remove-link', linkId: removed },
      { action: 'remove-link', linkId: kept, keep: true },
      adding('R-NEW', ['SW-1', 3], ['SW-3', 3]),
    ]);
    const view = await orders.carryOut(order.id);
    expect(view.order.state).toBe('done');
    expect(await state()).not.toEqual(before);
    const { id } = OrderReply.parse(accepted(await orders.deed(order.id, 'reverse')).json);
    const draft = await orders.view(id);
    expect(draft.order).toMatchObject({ state: 'draft', reverses: { id: order.id } });
    expect(draft.remarks).toEqual([]);
    accepted(await orders.deed(id, 'submit'));
    accepted(await orders.deed(id, 'approve'));
    expect((await orders.carryOut(id)).order.state).toBe('done');
    expect(await state()).toEqual(before);
  });
});

describe('devices', () => {
  it('move with their cables, which are to be checked then; and back', async () => {
    const link = await cable(admin, 'D-1', place.port('SW-1', 1), place.port('SW-2', 1));
    const to = { roomId: null, rackId: place.racks[1], position: 20 };
    const view = await orders.approved('Umzug', [
      { action: 'move-device', deviceId: place.devices[0], to },
      adding('D-2', ['SW-1', 2], ['SW-3', 2]),
    ]);
    expect(view.steps.map(({ deed, spot }) => `${deed} ${spot.rack?.name} ${spot.position}`)).toEqual([
      'move-device Schrank 1 10',
      'plug Schrank 2 20',
      'plug Schrank 2 10',
    ]);
    expect(view.steps[0]).toMatchObject({
      toSpot: { rack: { name: 'Schrank 2' }, position: 20 },
      cables: [{ portId: place.port('SW-1', 1), cable: { id: link } }],
    });
    const done = await orders.carryOut(view.order.id);
    expect(done.steps[0]).toMatchObject({ spot: { rack: { name: 'Schrank 1' } } });
    expect(done.items[0]?.device).toMatchObject({
      from: { rack: { name: 'Schrank 1' }, position: 10 },
      to: { rack: { name: 'Schrank 2' }, position: 20 },
    });
    expect((await admin.get(`/api/inventory/link/${link}`)).json).toMatchObject({
      record: { toCheck: true },
    });
    const { id } = OrderReply.parse(accepted(await orders.deed(view.order.id, 'reverse')).json);
    accepted(await orders.deed(id, 'submit'));
    accepted(await orders.deed(id, 'approve'));
    await orders.carryOut(id);
    expect((await admin.get(`/api/inventory/device/${place.devices[0]}`)).json).toMatchObject({
      record: { rackId: place.racks[0], position: 10 },
    });
  });

  it('are swapped, and keep their cables', async () => {
    await cable(admin, 'S-1', place.port('SW-1', 1), place.port('SW-2', 1));
    const { order } = await orders.approved('Tausch', [
      { action: 'swap-device', deviceId: place.devices[0], typeId: place.types[1], serial: 'NEU-1' },
    ]);
    await orders.carryOut(order.id);
    expect((await admin.get(`/api/inventory/device/${place.devices[0]}`)).json).toMatchObject({
      record: { typeId: place.types[1], serial: 'NEU-1' },
    });
    const { id } = OrderReply.parse(accepted(await orders.deed(order.id, 'reverse')).json);
    accepted(await orders.deed(id, 'submit'));
    accepted(await orders.deed(id, 'approve'));
    await orders.carryOut(id);
    expect((await admin.get(`/api/inventory/device/${place.devices[0]}`)).json).toMatchObject({
      record: { typeId: place.types[0], serial: null, rackId: place.racks[0], position: 10 },
    });
    expect((await cabling(admin))['S-1']).toEqual([`a ${at('SW-1', 1)}`, `b ${at('SW-2', 1)}`]);
  });

  it('go with their cords, are refused a place that is taken, and come back', async () => {
    await cable(admin, 'X-1', place.port('SW-1', 1), place.port('SW-2', 1));
    const before = await cabling(admin);
    const { order, items, steps } = await orders.approved('Abbau', [
      { action: 'remove-device', deviceId: place.devices[0] },
    ]);
    expect(items.map(({ change }) => change.action)).toEqual(['remove-link', 'remove-device']);
    expect(steps.map(({ deed }) => deed)).toEqual(['unplug', 'unplug', 'remove-device']);
    await orders.carryOut(order.id);
    expect(await cabling(admin)).toEqual({});
    const there = await orders.create('Platz', [
      {
        action: 'move-device',
        deviceId: place.devices[2],
        to: { roomId: null, rackId: place.racks[0], position: 20 },
      },
    ]);
    expect((await orders.view(there)).remarks).toMatchObject([
      { level: 'refuse', code: 'place-taken', values: { by: 'SW-2' } },
    ]);
    expect(problem(await orders.deed(there, 'submit'))).toMatchObject({ reason: 'remarks' });
    accepted(await admin.delete(`/api/orders/${there}`));
    const { id } = OrderReply.parse(accepted(await orders.deed(order.id, 'reverse')).json);
    accepted(await orders.deed(id, 'submit'));
    accepted(await orders.deed(id, 'approve'));
    await orders.carryOut(id);
    expect(await cabling(admin)).toEqual(before);
  });
});

describe('remarks', () => {
  it('say that a channel becomes too long, and which ends do not go together', async () => {
    const id = await orders.create('Lang', [
      adding('L-1', ['SW-1', 1], ['SW-2', 1], { lengthM: 120 }),
      adding('L-2', ['SW-1', 2], ['SW-2', 2], { kind: 'power' }),
      adding(null, ['SW-1', 3], ['SW-2', 3], { lengthM: 3 }),
      adding(null, ['SW-1', 4], ['SW-2', 4]),
    ]);
    const { remarks, items } = await orders.view(id);
    expect(remarks.map(({ level, code, itemId }) => [level, code, itemId])).toEqual([
      ['refuse', 'kinds-differ', items[1]?.id],
      ['warn', 'channel-too-long', items[0]?.id],
    ]);
    // Cables that nobody named get the next labels of their scheme.
    const labels = items.map(({ change }) => (change.action === 'add-link' ? change.label : null));
    expect(labels[2]).toMatch(/\d/);
    expect(new Set(labels).size).toBe(4);
  });
});

describe('who may do what', () => {
  it('follows role and state', async () => {
    const own = new OrderClient(technician);
    const id = await own.create('Rechte', [adding('P-1', ['SW-1', 1], ['SW-2', 1])]);
    const looking = new OrderClient(viewer);
    expect((await looking.view(id)).may).toEqual([]);
    expect((await viewer.post('/api/orders', { title: 'x' })).status).toBe(403);
    expect((await looking.deed(id, 'submit')).status).toBe(403);
    expect((await own.view(id)).may).toEqual(['edit', 'submit', 'assign', 'cancel', 'delete']);
    accepted(await own.deed(id, 'submit'));
    expect((await own.deed(id, 'approve')).status).toBe(403);
    expect(
      (await technician.post(`/api/orders/${id}/items`, { changes: [{ action: 'remove-link', linkId: 1 }] }))
        .status,
    ).toBe(409);
    accepted(await orders.deed(id, 'reject', { decision: 'Erst im Januar' }));
    expect((await own.view(id)).order).toMatchObject({ state: 'rejected', decision: 'Erst im Januar' });
    accepted(await own.deed(id, 'withdraw'));
    accepted(await own.deed(id, 'submit'));
    accepted(await orders.deed(id, 'approve'));
    const step = (await own.view(id)).steps[0]?.id ?? 0;
    expect((await looking.report(id, step)).status).toBe(403);
    expect((await viewer.get('/api/worklist')).status).toBe(200);
    accepted(await own.report(id, step));
    expect(problem(await own.deed(id, 'withdraw'))).toMatchObject({ reason: 'state' });
    // Nobody gets an approval by taking back that it was taken back.
    accepted(await own.report(id, step, { outcome: 'reopen' }));
    const undone = OrderReply.parse(accepted(await own.deed(id, 'withdraw')).json);
    expect(problem(await technician.post(`/api/changes/${undone.changeId}/undo`, {}))).toMatchObject({
      reason: 'approve-again',
    });
    accepted(await own.deed(id, 'cancel'));
    accepted(await technician.delete(`/api/orders/${id}`));
    expect((await technician.get(`/api/orders/${id}`)).status).toBe(404);
  });

  it('needs no approval where the administrator says so', async () => {
    const { status } = await technician.send('PUT', '/api/orders/settings', '{"approval":false}');
    expect(status).toBe(403);
    accepted(await admin.send('PUT', '/api/orders/settings', '{"approval":false}'));
    const own = new OrderClient(technician);
    const id = await own.create('Ohne', [adding('P-2', ['SW-1', 1], ['SW-2', 1])]);
    accepted(await own.deed(id, 'submit'));
    expect((await own.view(id)).order.state).toBe('approved');
    accepted(await own.deed(id, 'cancel'));
    accepted(await admin.send('PUT', '/api/orders/settings', '{"approval":true}'));
    expect((await viewer.get('/api/orders/settings')).json).toEqual({ approval: true });
  });

  it('keeps two who plan at once from overwriting each other', async () => {
    const id = await orders.create('Zwei', [adding('P-3', ['SW-1', 1], ['SW-2', 1])]);
    const { headers } = await technician.get(`/api/orders/${id}`);
    const seen = { 'if-match': headers.get('etag') ?? '' };
    accepted(await technician.send('PATCH', `/api/orders/${id}`, '{"title":"Drei"}', seen));
    const stale = await admin.send('PATCH', `/api/orders/${id}`, '{"title":"Vier"}', seen);
    expect(stale.status).toBe(409);
    expect(problem(stale)).toMatchObject({ reason: 'stale', current: { title: 'Drei' } });
    accepted(await admin.delete(`/api/orders/${id}`));
  });
});

describe('lists', () => {
  it('find orders by state, text and who has them', async () => {
    const id = await orders.create('Suche 100 %', []);
    const me = (await technician.get('/api/session')).json as { userId: number };
    const list = async (query: string, client = admin) =>
      OrderList.parse(accepted(await client.get(`/api/orders?${query}`)).json);
    expect((await list('q=suche')).orders.map((order) => order.id)).toEqual([id]);
    expect((await list('q=100%20%25')).total).toBe(1);
    expect((await list('q=suche&state=approved,done')).total).toBe(0);
    accepted(await admin.patch(`/api/orders/${id}`, { assigneeId: me.userId }));
    expect((await list('mine=true', technician)).orders.map((order) => order.id)).toEqual([id]);
    expect((await list('mine=true')).total).toBe(0);
    expect((await list('size=1&page=2')).orders).toHaveLength(1);
    expect((await list('q=suche')).orders[0]).toMatchObject({ state: 'draft', steps: { total: 0 } });
    accepted(await admin.delete(`/api/orders/${id}`));
  });

  it('give a phone all that it needs', async () => {
    const { order } = await orders.approved('Heute', [adding('W-1', ['SW-1', 7], ['SW-3', 7])]);
    const work = Worklist.parse(accepted(await viewer.get('/api/worklist')).json);
    const own = work.orders.find(({ id }) => id === order.id);
    expect(own?.steps).toHaveLength(2);
    expect(work.ports.map(({ id }) => id)).toEqual(
      expect.arrayContaining([place.port('SW-1', 7), place.port('SW-3', 7)]),
    );
    const later = Date.now() + 86_400_000;
    accepted(await admin.patch(`/api/orders/${order.id}`, { scheduledFrom: later }));
    const today = Worklist.parse(accepted(await viewer.get(`/api/worklist?until=${Date.now()}`)).json);
    expect(today.orders.map(({ id }) => id)).not.toContain(order.id);
    accepted(await orders.deed(order.id, 'cancel'));
  });
});

describe('a capture', () => {
  const capture = (more: Record<string, unknown>) =>
    technician.post('/api/captures', { key: randomUUID(), at: Date.now(), what: 'connected', ...more });
  const at8 = (device: string) => ({ portId: place.port(device, 8) });

  it('documents what was put in, once, completes what hung open, and takes out what was replaced', async () => {
    const key = randomUUID();
    const body = { key, label: 'C-1', a: at8('SW-1'), b: null };
    const [one, two] = await Promise.all([capture(body), capture(body)]);
    const replies = [one, two].map((each) => CaptureReply.parse(accepted(each).json));
    expect(replies.map(({ repeated }) => repeated).sort()).toEqual([false, true]);
    expect(await cabling(admin)).toEqual({ 'C-1': [`a ${at('SW-1', 8)}`] });
    const whole = await capture({ a: at8('SW-1'), b: at8('SW-2') });
    expect(CaptureReply.parse(accepted(whole).json)).toMatchObject({
      linkId: replies[0]?.linkId,
      label: 'C-1',
    });
    // Said again by somebody else: nothing changes.
    const same = CaptureReply.parse(accepted(await capture({ a: at8('SW-2'), b: at8('SW-1') })).json);
    expect(same).toMatchObject({ linkId: replies[0]?.linkId, changeId: null, repeated: false });
    const other = { label: 'C-2', a: at8('SW-1'), b: at8('SW-3') };
    expect(problem(await capture(other))).toMatchObject({
      reason: 'conflict',
      blocking: [{ kind: 'link', name: 'C-1' }],
    });
    accepted(await capture({ ...other, replace: true }));
    expect(await cabling(admin)).toEqual({ 'C-2': [`a ${at('SW-1', 8)}`, `b ${at('SW-3', 8)}`] });
  });

  it('documents what was pulled out', async () => {
    await cable(admin, 'C-2', place.port('SW-1', 8), place.port('SW-3', 8));
    const out = { what: 'disconnected', b: null };
    accepted(await capture({ ...out, a: at8('SW-1') }));
    expect(await cabling(admin)).toEqual({ 'C-2': [`b ${at('SW-3', 8)}`] });
    expect(problem(await capture({ ...out, label: 'C-9', a: at8('SW-3') }))).toMatchObject({
      reason: 'conflict',
    });
    accepted(await capture({ ...out, a: at8('SW-3') }));
    expect(await cabling(admin)).toEqual({});
    expect(CaptureReply.parse(accepted(await capture({ ...out, a: at8('SW-3') })).json)).toMatchObject({
      linkId: null,
      changeId: null,
    });
  });
});
