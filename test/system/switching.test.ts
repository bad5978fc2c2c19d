import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AuditPage, DeviceSwitching, Switching } from '@rackhaus/config/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startAgent } from '../harness/agent.ts';
import { type Api, createApi, deviceOf } from '../harness/api.ts';
import { type RunningBackend, startOwnBackend } from '../harness/backend.ts';
import { inventoryOfSwitch, roomName, switchName } from '../harness/inventory.ts';
import { type StartedProcess, until } from '../harness/process.ts';
import { SwitchedPdu } from '../harness/switched-pdu.ts';

const Page = z.object({ records: z.array(z.object({ id: z.number() })) });
const Users = z.object({ users: z.array(z.object({ id: z.number(), name: z.string() })) });
const Session = z.object({ userId: z.number() });
const write = { version: '2c', community: 'schalten' };

// A PDU on the wire, switched by the real agent on the order of the real backend.
describe('outlets', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rackhaus-switching-'));
  const pdu = new SwitchedPdu({
    units: 2,
    outlets: 4,
    readCommunity: 'public',
    writeCommunity: write.community,
  });
  let backend: RunningBackend;
  let agent: StartedProcess;
  let api: Api;
  let deviceId: number;
  let adminId: number;

  const send = async (method: string, path: string, body?: unknown) => {
    const reply = await fetch(`${backend.url}${path}`, {
      method,
      headers: { 'content-type': 'application/json', cookie: api.cookie },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await reply.text();
    const json: unknown = text === '' ? null : JSON.parse(text);
    return { status: reply.status, json };
  };
  const state = () => api.get(`/api/devices/${deviceId}/switching`, DeviceSwitching);
  const order = (change: object = {}) =>
    send('POST', `/api/devices/${deviceId}/switching`, {
      id: randomUUID(),
      outlet: '2',
      command: 'off',
      confirm: '2',
      reason: 'Probe',
      ...change,
    });
  const done = async (change: object = {}) => Switching.parse((await order(change)).json);
  const setCredentials = (credentials: object | null) =>
    send('PUT', `/api/devices/${deviceId}/switching/credentials`, { credentials });

  beforeAll(async () => {
    const { port } = await pdu.responder.listen();
    backend = await startOwnBackend(inventoryOfSwitch({ port, intervalSeconds: 1 }));
    api = await createApi(backend);
    deviceId = deviceOf(await api.room(roomName), switchName).id;
    const [monitoring] = Page.parse((await send('GET', '/api/inventory/monitoring')).json).records;
    await send('PATCH', `/api/inventory/monitoring/${monitoring?.id}`, { profile: 'apc-pdu' });
    agent = await startAgent(backend, join(folder, 'agent'));
    adminId = Session.parse((await send('GET', '/api/session')).json).userId;
    expect(Users.parse((await send('GET', '/api/users')).json).users.length).toBeGreaterThan(0);
    await until('its outlets are read', async () =>
      (await state()).outlets.length === 8 && (await state()).commands.length === 3 ? true : undefined,
    );
  }, 120_000);

  afterAll(async () => {
    await agent?.stop();
    await backend?.stop();
    await pdu.responder.close();
    rmSync(folder, { recursive: true, force: true });
  });

  beforeEach(() => {
    pdu.written.length = 0;
    pdu.status = 0;
    pdu.responder.faults = {};
    pdu.gone.clear();
    pdu.on.fill(true);
  });

  it('are not switched without the right, not even by administrators', async () => {
    await setCredentials(write);
    expect(await order()).toMatchObject({ status: 403, json: { reason: 'no-switching-right' } });
    expect((await state()).obstacles).toEqual(['right']);
    expect(pdu.written).toEqual([]);
    expect((await send('PUT', `/api/users/${adminId}/switching`, { maySwitch: true })).status).toBe(204);
  });

  it('are not switched without credentials of their own', async () => {
    await setCredentials(null);
    expect((await state()).obstacles).toEqual(['credentials']);
    expect(await order()).toMatchObject({ status: 409, json: { reason: 'credentials' } });
    expect(pdu.written).toEqual([]);
    await setCredentials(write);
    expect(JSON.stringify(await state())).not.toContain(write.community);
  });

  it('are switched off, on, and off and on, and say what they are then', async () => {
    expect(await done()).toMatchObject({ state: 'done', before: 'on', after: 'off', reason: 'Probe' });
    expect(await done({ command: 'on', confirm: '' })).toMatchObject({
      state: 'done',
      before: 'off',
      after: 'on',
    });
    expect(await done({ command: 'cycle' })).toMatchObject({ state: 'done' });
    expect(pdu.written).toEqual([
      { outlet: 2, value: 2 },
      { outlet: 2, value: 1 },
      { outlet: 2, value: 3 },
    ]);
    const actions = (await api.get('/api/audit?limit=50', AuditPage)).entries.map(({ action }) => action);
    expect(actions).toContain('outlet.ordered');
    expect(actions).toContain('outlet.switched');
  }, 60_000);

  it('ask to be confirmed where it is not known what hangs on them, and are not switched twice by one order', async () => {
    expect(await order({ confirm: '3' })).toMatchObject({ status: 400, json: { reason: 'confirm-outlet' } });
    const id = randomUUID();
    expect(await done({ id })).toMatchObject({ state: 'done' });
    expect(await order({ id })).toMatchObject({ status: 409, json: { reason: 'repeated' } });
    expect(pdu.written).toHaveLength(1);
    await send('PUT', `/api/devices/${deviceId}/switching/lock`, { outlet: '1', locked: true, note: 'Kern' });
    expect(await order({ outlet: '1', confirm: '1' })).toMatchObject({
      status: 409,
      json: { reason: 'locked' },
    });
    expect(pdu.written).toHaveLength(1);
  }, 60_000);

  it('are not switched where the device does not take the credentials or refuses', async () => {
    await setCredentials({ version: '2c', community: 'falsch' });
    expect(await done()).toMatchObject({ state: 'not-sent', why: 'wrong-credentials' });
    await setCredentials({ version: '2c', community: 'public' });
    expect(await done()).toMatchObject({ state: 'refused', why: 'not-writable', after: 'on' });
    expect(pdu.written).toEqual([]);
    await setCredentials(write);
    pdu.status = 10;
    expect(await done()).toMatchObject({ state: 'refused', why: 'wrong-value', after: 'on' });
  }, 60_000);

  it('say that nobody knows where the device did not answer, and do not try again', async () => {
    pdu.status = 5;
    pdu.responder.faults = { swallowedSets: true };
    expect(await done()).toMatchObject({ state: 'unknown', why: 'no-answer', after: 'on' });
    expect(pdu.written).toHaveLength(1);
    // Answered or not: what it says afterwards tells.
    pdu.status = 0;
    expect(await done()).toMatchObject({ state: 'done', after: 'off' });
    expect(pdu.written).toHaveLength(2);
  }, 60_000);

  it('are not switched twice when the agent ends in the middle, and not at all while it is away', async () => {
    pdu.responder.faults = { swallowedSets: true };
    pdu.status = 5;
    const ordered = order();
    await until('it was written', async () => (pdu.written.length > 0 ? true : undefined));
    await agent.stop('SIGKILL');
    agent = await startAgent(backend, join(folder, 'agent'));
    expect(Switching.parse((await ordered).json)).toMatchObject({ state: 'unknown', why: 'agent-silent' });
    expect(pdu.written).toHaveLength(1);
    await agent.stop();
    pdu.written.length = 0;
    // So many orders within a minute are not taken from one person.
    const refused = await until(
      'an order to be taken again',
      async () => {
        const reply = await order();
        return reply.status === 429 ? undefined : reply;
      },
      70_000,
    );
    expect(refused).toSatisfy(
      (reply: { status: number; json: unknown }) =>
        reply.status === 409 || reply.status === 404 || Switching.parse(reply.json).why === 'agent-away',
    );
    expect(pdu.written).toEqual([]);
  }, 180_000);

  it('are not switched where a unit has left the chain since they were chosen', async () => {
    agent = await startAgent(backend, join(folder, 'agent'));
    const shown = (unit: string) =>
      until(`outlet 2 to be one of ${unit}`, async () => {
        const { outlets, obstacles } = await state();
        const outlet = outlets.find(({ name }) => name === '2');
        return obstacles.length === 0 && outlet?.identity?.unit?.includes(unit) ? outlet : undefined;
      });
    // So many orders within a minute are not taken from one person.
    const switched = (seen: unknown) =>
      until(
        'an order to be taken',
        async () => {
          const { status, json } = await order({ seen });
          return status === 429 ? undefined : Switching.parse(json);
        },
        70_000,
      );
    const chosen = await shown('SN-1');
    pdu.gone.add(1);
    const refused = await switched(chosen.identity);
    expect(refused).toMatchObject({ state: 'not-sent', why: 'other-outlet' });
    expect(refused.detail).toMatch(/SN-1.*SN-2/);
    expect(pdu.written).toEqual([]);
    // The list has learnt it by that, and who chooses anew gets what they see.
    expect(await switched((await shown('SN-2')).identity)).toMatchObject({ state: 'done', after: 'off' });
    expect(pdu.on.map((on, at) => (on ? null : at)).filter((at) => at !== null)).toEqual([5]);
    expect(pdu.written).toHaveLength(1);
  }, 240_000);
});
