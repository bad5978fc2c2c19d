import { join } from 'node:path';
import { CreateReply, CredentialTestReply, DeviceView } from '@rackhaus/config/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startAgent } from '../harness/agent.ts';
import { type RunningBackend, signIn, startOwnBackend } from '../harness/backend.ts';
import { inventoryOfSwitch } from '../harness/inventory.ts';
import { freePort, type StartedProcess, until } from '../harness/process.ts';
import { startSnmpd } from '../harness/snmpd.ts';

const v3User = { name: 'rackhaus', authKey: 'test-auth-key', privKey: 'test-priv-key' };

describe('credentials, tried from the form by the real agent on a real snmpd', () => {
  let backend: RunningBackend;
  let agent: StartedProcess;
  let snmpd: StartedProcess;
  let port: number;
  let cookie: string;
  beforeAll(async () => {
    port = await freePort();
    snmpd = await startSnmpd({ port, asSwitch: true, v3User });
    backend = await startOwnBackend(inventoryOfSwitch({ port, intervalSeconds: 5 }));
    cookie = await signIn(backend);
    agent = await startAgent(backend, join(backend.dataDir, 'agent'));
  });
  afterAll(async () => {
    await agent?.stop();
    await snmpd?.stop();
    await backend?.stop();
  });

  async function post<T>(path: string, body: unknown, reply: z.ZodType<T>): Promise<T> {
    const answer = await fetch(`${backend.url}${path}`, {
      method: 'POST',
      headers: { cookie, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
    return reply.parse(JSON.parse(text));
  }
  const get = async <T>(path: string, reply: z.ZodType<T>) =>
    reply.parse(await (await fetch(`${backend.url}${path}`, { headers: { cookie } })).json());
  const test = (secret: unknown, address = '127.0.0.1') =>
    post('/api/credentials/test', { address, port, secret }, CredentialTestReply);
  const v3 = (authKey: string) => ({
    version: '3',
    user: v3User.name,
    auth: { protocol: 'sha256', key: authKey },
    priv: { protocol: 'aes', key: v3User.privKey },
  });

  it('says what answers', async () => {
    const answer = await test({ version: '2c', community: 'public' });
    expect(answer).toMatchObject({
      outcome: 'answers',
      message: expect.stringMatching(/^Answers as .+ in \d+ ms\.$/),
    });
    expect(await test(v3(v3User.authKey))).toMatchObject({ outcome: 'answers' });
  });

  it('says what is wrong', async () => {
    const startedAt = performance.now();
    expect(await test({ version: '2c', community: 'wrong' })).toMatchObject({ outcome: 'silent' });
    expect(performance.now() - startedAt).toBeLessThan(4000);
    expect(await test(v3('another-key'))).toMatchObject({ outcome: 'wrong-key' });
    expect(await test({ version: '2c', community: 'x' }, 'no-such-host.invalid')).toMatchObject({
      outcome: 'unknown-host',
    });
  });

  it('a device with an address and credentials is polled within seconds of being saved', async () => {
    const secret = { version: '2c', community: 'public' };
    const credential = await post('/api/credentials', { name: 'for the test', secret }, CreateReply);
    const types = await get(
      '/api/inventory/device-type?size=1',
      z.object({ records: z.array(z.looseObject({ id: z.int() })) }),
    );
    const device = await post(
      '/api/inventory/device',
      { name: 'Neues Gerät', typeId: types.records[0]?.id },
      CreateReply,
    );
    const monitoring = {
      deviceId: device.id,
      address: '127.0.0.1',
      snmpPort: port,
      credentialId: credential.id,
    };
    const savedAt = performance.now();
    await post('/api/inventory/monitoring', monitoring, CreateReply);
    await until('the device has said what it is', async () => {
      const view = await get(`/api/devices/${device.id}`, DeviceView);
      return view.observed ?? undefined;
    });
    expect(performance.now() - savedAt).toBeLessThan(10_000);
  });
});
