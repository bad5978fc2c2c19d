import { join } from 'node:path';
import { AlertLink, IncidentDetail, type IncidentSummary } from '@rackhaus/config/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startAgent } from '../harness/agent.ts';
import { type Api, createApi } from '../harness/api.ts';
import { type RunningBackend, restartBackend, startOwnBackend } from '../harness/backend.ts';
import { type FaultyDevice, startFaultyDevice } from '../harness/faulty-device.ts';
import { inventoryOfDevices, roomName } from '../harness/inventory.ts';
import { type Watching, watch } from '../harness/live.ts';
import { type Office, openOffice } from '../harness/orders.ts';
import { freePort, type StartedProcess, until } from '../harness/process.ts';
import { type Heard, type Receiver, startReceiver } from '../harness/receiver.ts';
import { addNtfy, tellMe } from '../harness/telling.ts';

/** What an ntfy server is sent. Source: docs.ntfy.sh, "Publish as JSON". */
const Published = z.object({
  topic: z.string(),
  title: z.string(),
  message: z.string(),
  priority: z.int(),
  click: z.string().optional(),
  actions: z
    .array(z.object({ action: z.literal('http'), method: z.literal('POST'), url: z.string() }))
    .default([]),
});

describe('from a fault to whoever is to know of it', () => {
  let device: FaultyDevice;
  let phone: Receiver;
  let away: Receiver;
  let env: NodeJS.ProcessEnv;
  let backend: RunningBackend;
  let agent: StartedProcess;
  let office: Office;
  let api: Api;
  let overview: Watching;
  let incidentId: number;

  beforeAll(async () => {
    device = await startFaultyDevice({ name: 'nas-1', kind: 'nas', host: '127.92.1.1' });
    [phone, away] = [await startReceiver(), await startReceiver()];
    away.setTaking(false);
    const port = await freePort();
    env = { PORT: String(port), PUBLIC_URL: `http://127.0.0.1:${port}` };
    backend = await startOwnBackend(inventoryOfDevices([{ ...device, intervalSeconds: 1 }]), env);
    office = await openOffice(backend);
    api = await createApi(backend);
    await addNtfy(office, phone.url, 'phone');
    await tellMe(office);
    overview = await watch(backend.url, api.cookie, 'overview');
    agent = await startAgent(backend, join(backend.dataDir, 'agent'));
    await until('the device to be well', () => {
      const item = overview.items.get('overview');
      return (item?.type === 'overview' && item.well === 1) || undefined;
    });
  });

  afterAll(async () => {
    overview?.close();
    await agent?.stop();
    await backend?.stop();
    await phone?.close();
    await away?.close();
    await device?.close();
  });

  /** Those that wait for somebody or are being worked on, of the device. */
  const incidents = (): readonly IncidentSummary[] => {
    const item = overview.items.get('incidents');
    return item?.type === 'incidents' ? item.incidents.filter(({ cause }) => cause.name === device.name) : [];
  };
  const detail = () => api.get(`/api/incidents/${incidentId}`, IncidentDetail);
  const aboutDevice = ({ heard }: Receiver) =>
    heard
      .map((each: Heard) => ({ ...each, published: Published.parse(JSON.parse(each.body.toString())) }))
      .filter(({ published }) => published.title.includes(device.name));
  const toldOn = (receiver: Receiver, count: number, timeoutMs = 30_000) =>
    until(
      `message ${count} about ${device.name}`,
      () => aboutDevice(receiver).filter(({ taken }) => taken)[count - 1]?.published,
      timeoutMs,
    );

  it('makes one incident of a device that dies, and sends one message with what and where', async () => {
    device.setAlive(false);
    const { title, message, priority } = await toldOn(phone, 1);
    expect(title).toContain(device.name);
    expect(message).toContain(roomName);
    expect(priority).toBe(5);
    // The message may be there before the screen has heard.
    await until('it to be open on screens', () => incidents()[0]?.state === 'open' || undefined);
    expect(incidents()).toMatchObject([{ state: 'open', severity: 'critical', cause: { kind: 'device' } }]);
    incidentId = incidents()[0]?.id ?? 0;
    expect(aboutDevice(phone)).toHaveLength(1);
  });

  it('is acknowledged by the button in the message, by nobody who has to sign in', async () => {
    const { actions } = await toldOn(phone, 1);
    const reply = await fetch(actions[0]?.url ?? '', { method: 'POST' });
    expect(reply.status).toBe(200);
    AlertLink.parse(await reply.json());
    await until('it to be taken on screens', () => incidents()[0]?.state === 'acknowledged' || undefined);
    expect((await detail()).incident.acknowledgedBy).toBe(`${backend.user} (Link)`);
  });

  it('sends the end of it to whom the beginning was sent', async () => {
    device.setAlive(true);
    await until('its end', async () => (await detail()).incident.resolvedAt ?? undefined, 60_000);
    const said = await until(
      'the message of the end',
      () => aboutDevice(phone).find(({ published }) => published.title.startsWith('Vorbei'))?.published,
    );
    expect(said.actions).toEqual([]);
    await until('it to be gone from screens', () => incidents().length === 0 || undefined);
  }, 90_000);

  it('delivers once, with the same key, what waited for a dead channel when the server was killed', async () => {
    await addNtfy(office, away.url, 'away');
    device.setFaulty(true);
    const [first] = await until('an attempt', () =>
      aboutDevice(away).length > 0 ? aboutDevice(away) : undefined,
    );
    overview.close();
    await backend.stop('SIGKILL');
    away.setTaking(true);
    backend = await restartBackend(backend, env);
    overview = await watch(backend.url, api.cookie, 'overview');
    await toldOn(away, 1, 40_000);
    // Nothing is under way any more that could come twice: it is written down as sent.
    const incident = await until('it on screens', () => incidents()[0]);
    incidentId = incident.id;
    await until('it to be written down as sent', async () => {
      const { told } = await detail();
      return told.every(({ state }) => state === 'sent') || undefined;
    });
    const came = aboutDevice(away);
    expect(came.filter(({ taken }) => taken)).toHaveLength(1);
    const keys = new Set(came.map(({ headers }) => headers['idempotency-key']));
    expect([...keys]).toEqual([first?.headers['idempotency-key']]);
    const told = aboutDevice(phone).filter(({ published }) => published.actions.length > 0);
    expect(new Set(told.map(({ headers }) => headers['idempotency-key'])).size).toBe(2);
  }, 90_000);
});
