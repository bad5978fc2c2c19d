import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AcceptedFound,
  AcceptPlan,
  CredentialList,
  DevicePolling,
  type DiscoveryRun,
  DiscoveryRuns,
  FoundReply,
  ScanMade,
} from '@rackhaus/config/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startAgent } from '../harness/agent.ts';
import { type RunningBackend, restartBackend, signIn, startOwnBackend } from '../harness/backend.ts';
import { startFoundDevices } from '../harness/found-devices.ts';
import { inventoryOfSwitch } from '../harness/inventory.ts';
import { watch } from '../harness/live.ts';
import { freePort, type StartedProcess, until } from '../harness/process.ts';
import { startSnmpd } from '../harness/snmpd.ts';

// Forty devices that nobody has documented, on a network of the loopback interface, and a real agent that looks through it.
const count = 40;

describe('looking through a network', () => {
  const processes: StartedProcess[] = [];
  const net = `127.${100 + (process.pid % 100)}.7`;
  let backend: RunningBackend;
  let devices: StartedProcess;
  let port: number;
  let httpPort: number;
  let cookie: string;

  const call = async <T>(
    method: string,
    path: string,
    shape: z.ZodType<T> | null,
    body?: unknown,
  ): Promise<T | null> => {
    const reply = await fetch(`${backend.url}${path}`, {
      method,
      headers: { cookie, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${await reply.text()}`);
    return shape === null ? null : shape.parse(await reply.json());
  };
  const get = async <T>(path: string, shape: z.ZodType<T>): Promise<T> => {
    const reply = await call('GET', path, shape);
    if (reply === null) throw new Error(`${path} gave nothing`);
    return reply;
  };
  const made = async (path: string, body?: unknown): Promise<number> =>
    (await call('POST', path, ScanMade, body))?.id ?? 0;
  const run = async (id: number): Promise<DiscoveryRun> => {
    const { runs } = await get('/api/discovery/runs', DiscoveryRuns);
    const found = runs.find((each) => each.id === id);
    if (found === undefined) throw new Error(`there is no run ${id}`);
    return found;
  };
  const ended = (id: number) =>
    until(
      `run ${id} to end`,
      async () => {
        const now = await run(id);
        return now.state === 'waiting' || now.state === 'running' ? undefined : now;
      },
      60_000,
    );
  const found = (state: 'new' | 'known' | 'ignored', more = '') =>
    get(`/api/discovery/found?state=${state}&size=100${more}`, FoundReply);
  const scan = (name: string, more: object = {}) => ({
    name,
    networks: [`${net}.0/24`],
    snmpPort: port,
    perSecond: 100,
    ...more,
  });

  beforeAll(async () => {
    port = await freePort();
    httpPort = await freePort();
    devices = await startFoundDevices({
      addresses: Array.from({ length: count }, (_, at) => `${net}.${10 + at}`),
      port,
    });
    processes.push(devices);
    backend = await startOwnBackend(
      inventoryOfSwitch({ address: '127.0.0.1', port: 1, intervalSeconds: 60 }),
      {
        PORT: String(httpPort),
      },
    );
    cookie = await signIn(backend);
    processes.push(await startAgent(backend, mkdtempSync(join(tmpdir(), 'rackhaus-discovery-agent-'))));
  }, 90_000);

  afterAll(async () => {
    for (const process of processes.reverse()) await process.stop();
    await backend?.stop();
  });

  it('finds and recognises every device, shows how far it is, and proposes what each would be', async () => {
    const { credentials } = await get('/api/credentials', CredentialList);
    const credentialIds = credentials.map(({ id }) => id);
    const screen = await watch(backend.url, cookie, 'discovery');
    const id = await made('/api/discovery/scans', scan('Keller', { credentialIds }));
    const runId = await made(`/api/discovery/scans/${id}/run`);
    await until('the screen to show it', () => {
      const item = screen.items.get('discovery');
      return item?.type === 'discovery' &&
        item.runs.some(({ state, progress }) => state === 'running' && progress.done > 0)
        ? item
        : undefined;
    });
    expect(await ended(runId)).toMatchObject({
      state: 'done',
      progress: { done: 254, total: 254, found: count, recognised: count },
      startedBy: 'admin',
    });
    screen.close();
    const { found: list, counts } = await found('new');
    expect(counts.new).toBe(count);
    expect(list[0]).toMatchObject({
      address: `${net}.10`,
      identity: { name: 'unknown-1', serial: 'SN000000' },
      recognised: true,
      proposal: { name: 'unknown-1', role: 'switch' },
    });
    expect(list.filter(({ identity }) => identity?.model === null)).toEqual([]);
  });

  it('makes devices of them that are polled then, and takes that back', async () => {
    const { found: list } = await found('new');
    const [first] = list;
    if (first === undefined) throw new Error('nothing was found');
    const accepted = await call('POST', '/api/discovery/found/accept', AcceptedFound, {
      devices: [{ id: first.id, name: 'sw-keller', typeId: null }],
    });
    expect(accepted).toMatchObject({ devices: [{ name: 'sw-keller' }] });
    const [device] = accepted?.devices ?? [];
    const { polled } = await until('it to be polled', async () => {
      const reply = await get(`/api/devices/${device?.deviceId}/polling`, DevicePolling);
      return reply.polled?.values != null && reply.polled.values > 0 ? reply : undefined;
    });
    expect(polled).toMatchObject({ silent: false });
    expect((await found('known')).found).toMatchObject([
      { id: first.id, known: { name: 'sw-keller', by: 'address' } },
    ]);
    await call('POST', `/api/changes/${accepted?.changeId}/undo`, null);
    await until('it to be new again', async () =>
      (await found('new')).counts.new === count ? true : undefined,
    );
    const plan = await get('/api/discovery/plan', AcceptPlan);
    const all = await call('POST', '/api/discovery/found/accept', AcceptedFound, { all: {} });
    expect(plan).toEqual({ devices: count, types: all?.types.length, left: [] });
    expect(all?.devices).toHaveLength(count);
    expect(all?.left).toEqual([]);
    expect((await found('new')).counts).toEqual({ new: 0, known: count, ignored: 0 });
    await call('POST', `/api/changes/${all?.changeId}/undo`, null);
    await until('all to be new again', async () =>
      (await found('new')).counts.new === count ? true : undefined,
    );
  });

  it('goes on over a restart of the server, and loses nothing', async () => {
    await call('POST', '/api/discovery/found/forget', null, {
      ids: (await found('new')).found.map(({ id }) => id),
    });
    const { credentials } = await get('/api/credentials', CredentialList);
    const credentialIds = credentials.map(({ id }) => id);
    const id = await made('/api/discovery/scans', scan('Langsam', { credentialIds, perSecond: 25 }));
    const runId = await made(`/api/discovery/scans/${id}/run`);
    await until('something to be found', async () =>
      (await run(runId)).progress.found > 3 ? true : undefined,
    );
    await backend.stop();
    backend = await restartBackend(backend, { PORT: String(httpPort) });
    expect(await ended(runId)).toMatchObject({
      state: 'done',
      progress: { found: count, recognised: count },
    });
    expect((await found('new')).counts.new).toBe(count);
  });

  it('ends at once when it is cancelled, and marks what has gone', async () => {
    const slow = await made('/api/discovery/scans', scan('Endlos', { perSecond: 5 }));
    const cancelled = await made(`/api/discovery/scans/${slow}/run`);
    await until('it to run', async () => ((await run(cancelled)).state === 'running' ? true : undefined));
    await call('POST', `/api/discovery/runs/${cancelled}/cancel`, null);
    const { progress } = await run(cancelled);
    // Another one can begin: the agent is free.
    await devices.stop();
    const { credentials } = await get('/api/credentials', CredentialList);
    const again = await made(
      '/api/discovery/scans',
      scan('Danach', { credentialIds: credentials.map(({ id }) => id), perSecond: 200 }),
    );
    expect(await ended(await made(`/api/discovery/scans/${again}/run`))).toMatchObject({
      state: 'done',
      progress: { found: 0 },
    });
    expect(await run(cancelled)).toMatchObject({ state: 'cancelled', progress });
    expect((await found('new', '&show=gone')).total).toBe(count);
  });

  it('recognises a device by its user of SNMPv3, after a community and a user that are not its own', async () => {
    const own = await freePort();
    const v3User = { name: 'rackhaus', authKey: 'test-auth-key', privKey: 'test-priv-key' };
    const address = `${net.replace(/7$/, '8')}.1`;
    processes.push(await startSnmpd({ port: own, address, asSwitch: true, v3User }));
    const user = (name: string, authKey: string) => ({
      version: '3',
      user: name,
      auth: { protocol: 'sha256', key: authKey },
      priv: { protocol: 'aes', key: v3User.privKey },
    });
    const credentialIds: number[] = [];
    for (const [name, secret] of [
      ['Fremd', { version: '2c', community: 'not-this-one' }],
      ['Falsch', user('nobody', 'wrong-auth-key')],
      ['Richtig', user(v3User.name, v3User.authKey)],
    ] as const) {
      const credential = await call('POST', '/api/credentials', z.object({ id: z.int() }), { name, secret });
      if (credential !== null) credentialIds.push(credential.id);
    }
    const id = await made(
      '/api/discovery/scans',
      scan('Verschlüsselt', { networks: [`${address}/32`], snmpPort: own, credentialIds }),
    );
    expect(await ended(await made(`/api/discovery/scans/${id}/run`))).toMatchObject({
      state: 'done',
      progress: { found: 1, recognised: 1 },
    });
    const { found: list } = await found('new', `&search=${address}`);
    expect(list).toMatchObject([{ address, credential: { name: 'Richtig' }, recognised: true }]);
    const ids = list.map(({ id: one }) => one);
    await call('POST', '/api/discovery/found/ignore', null, { ids, reason: 'gehört dem Wartungsdienst' });
    expect((await found('ignored', `&search=${address}`)).found).toMatchObject([
      { ignored: { reason: 'gehört dem Wartungsdienst', until: null, by: 'admin' } },
    ]);
    await call('POST', '/api/discovery/found/reopen', null, { ids });
    expect((await found('new', `&search=${address}`)).total).toBe(1);
    expect((await found('ignored')).total).toBe(0);
  });

  it('refuses networks that may not be polled, naming them', async () => {
    const reply = await fetch(`${backend.url}/api/discovery/scans`, {
      method: 'POST',
      headers: { cookie, 'content-type': 'application/json' },
      body: JSON.stringify(scan('Fremd', { networks: [`${net}.0/24`, '192.0.2.0/24'] })),
    });
    expect(reply.status).toBe(400);
    expect(await reply.json()).toMatchObject({
      reason: 'network-not-allowed',
      network: '192.0.2.0/24',
      fields: [{ path: 'networks.1' }],
    });
  });
});
