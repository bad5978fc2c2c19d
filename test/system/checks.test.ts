import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CheckList, CheckTryReply, type CheckView, CreateReply, DeviceView } from '@rackhaus/config/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startAgent } from '../harness/agent.ts';
import { type Api, createApi, deviceOf } from '../harness/api.ts';
import { type RunningBackend, startOwnBackend } from '../harness/backend.ts';
import { inventoryOfSwitch, roomName, switchName } from '../harness/inventory.ts';
import { freePort, type StartedProcess, until } from '../harness/process.ts';
import { type RunningUpsd, startUpsd } from '../harness/upsd.ts';

const Address = z.object({ port: z.number() });
const Page = z.object({ records: z.array(z.object({ id: z.number() })) });
const onLine = {
  'ups.status': 'OL CHRG',
  'ups.mfr': 'Musterwerk',
  'ups.model': 'Kraft 1500',
  'ups.serial': 'K15-0815',
  'battery.charge': '87',
  'battery.runtime': '1540',
  'battery.charge.low': '20',
  'input.voltage': '231.4',
  'ups.load': '34',
  'ups.temperature': '28.5',
};

/** A web server with a certificate of its own, valid for so many days from now. */
async function website(
  folder: string,
  days: number,
): Promise<{ server: Server; url: string; fingerprint: string; key: string; certificate: string }> {
  const [key, csr, cert] = [`key${days}`, `csr${days}`, `cert${days}`].map((name) => join(folder, name));
  const openssl = (...args: (string | undefined)[]) =>
    execFileSync(
      'openssl',
      args.filter((arg) => arg !== undefined),
      { stdio: 'pipe' },
    ).toString();
  const names = ['-subj', '/CN=archiv.example', '-keyout', key, '-out', csr];
  openssl('req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', ...names);
  openssl('x509', '-req', '-days', String(days), '-in', csr, '-signkey', key, '-out', cert);
  const fingerprint = openssl('x509', '-in', cert, '-noout', '-fingerprint', '-sha256').split('=')[1] ?? '';
  const server = createServer(
    { key: readFileSync(key ?? ''), cert: readFileSync(cert ?? '') },
    (request, response) => {
      const { authorization } = request.headers;
      response.writeHead(
        authorization === `Basic ${Buffer.from('amt:geheim').toString('base64')}` ? 200 : 401,
      );
      response.end('Willkommen im Archiv');
    },
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    server,
    url: `https://127.0.0.1:${Address.parse(server.address()).port}/`,
    fingerprint: fingerprint.trim(),
    key: key ?? '',
    certificate: cert ?? '',
  };
}

// A device that answers nothing by SNMP: all that is known of it comes from checks by the real agent.
describe('checks', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rackhaus-checks-'));
  let backend: RunningBackend;
  let agent: StartedProcess;
  let api: Api;
  let ups: RunningUpsd;
  let good: Awaited<ReturnType<typeof website>>;
  let expired: Awaited<ReturnType<typeof website>>;
  let deviceId: number;

  const send = async (method: string, path: string, body: unknown) => {
    const reply = await fetch(`${backend.url}${path}`, {
      method,
      headers: { 'content-type': 'application/json', cookie: api.cookie },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await reply.text();
    if (!reply.ok) throw new Error(`${path}: ${reply.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  };
  const make = async (values: object): Promise<number> =>
    CreateReply.parse(await send('POST', '/api/checks', { deviceId, intervalSeconds: 5, ...values })).id;
  const tryOut = async (values: object) =>
    CheckTryReply.parse(await send('POST', '/api/checks/try', { deviceId, ...values }));
  const settled = (id: number, fits: (check: CheckView) => boolean) =>
    until(
      `check ${id}`,
      async () => {
        const { checks } = await api.get(`/api/devices/${deviceId}/checks`, CheckList);
        return checks.find((check) => check.id === id && fits(check));
      },
      30_000,
    );

  beforeAll(async () => {
    [good, expired] = [await website(folder, 400), await website(folder, -1)];
    ups = await startUpsd(onLine);
    backend = await startOwnBackend(inventoryOfSwitch({ port: await freePort(), intervalSeconds: 60 }));
    api = await createApi(backend);
    deviceId = deviceOf(await api.room(roomName), switchName).id;
    const [monitoring] = Page.parse(
      await (
        await fetch(`${backend.url}/api/inventory/monitoring`, { headers: { cookie: api.cookie } })
      ).json(),
    ).records;
    await send('PATCH', `/api/inventory/monitoring/${monitoring?.id}`, { credentialId: null });
    agent = await startAgent(backend, join(folder, 'agent'));
  }, 120_000);

  afterAll(async () => {
    await agent?.stop();
    await backend?.stop();
    await ups?.stop();
    good?.server.close();
    expired?.server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('tells a pinned certificate from one that nobody vouches for and from one that has expired', async () => {
    const settings = { url: good.url, contains: 'Archiv' };
    const secret = { kind: 'password', user: 'amt', password: 'geheim' };
    const untrusted = await tryOut({ kind: 'http', settings, secret });
    expect(untrusted.outcome).toBe('certificate-untrusted');
    const pinned = { ...settings, trust: 'pinned', fingerprint: good.fingerprint };
    expect(untrusted.certificate?.fingerprint).toBe(good.fingerprint.replaceAll(':', '').toLowerCase());
    expect(await tryOut({ kind: 'http', settings: pinned, secret })).toMatchObject({ outcome: 'ok' });
    expect(
      await tryOut({ kind: 'http', settings: pinned, secret: { ...secret, password: 'falsch' } }),
    ).toMatchObject({ outcome: 'wrong-password' });
    expect(
      await tryOut({ kind: 'http', settings: { ...pinned, contains: 'Rathaus' }, secret }),
    ).toMatchObject({ outcome: 'text-missing', detail: 'Rathaus' });
    expect(await tryOut({ kind: 'http', settings: { ...settings, url: expired.url }, secret })).toMatchObject(
      { outcome: 'certificate-expired', detail: /^\d{4}-\d\d-\d\d$/ },
    );
    expect(
      await tryOut({ kind: 'tcp', settings: { host: '127.0.0.1', port: await freePort() } }),
    ).toMatchObject({ outcome: 'refused' });
  });

  it('shows how a page stands, and does not send its password to another server', async () => {
    const settings = { url: good.url, trust: 'pinned', fingerprint: good.fingerprint, contains: 'Archiv' };
    const secret = { kind: 'password', user: 'amt', password: 'geheim' };
    const id = await make({ name: 'Archiv', kind: 'http', settings, secret });
    const check = await settled(id, ({ state }) => state === 'ok');
    expect(check).toMatchObject({ outcome: 'ok', secret: 'password', responseTime: expect.any(Number) });
    expect((check.certificate ?? 0) / 86_400).toBeCloseTo(400, 0);
    expect(JSON.stringify(check)).not.toContain('geheim');
    await expect(
      send('PATCH', `/api/checks/${id}`, { settings: { ...settings, url: 'https://127.0.0.1:1/' } }),
    ).rejects.toThrow(/secret-needed/);
    await send('PATCH', `/api/checks/${id}`, { settings: { ...settings, contains: 'Rathaus' } });
    expect(await settled(id, ({ state }) => state === 'fails')).toMatchObject({
      outcome: 'text-missing',
      detail: 'Rathaus',
    });
  });

  it('reads a UPS of upsd: what it is, how full it is, and that it is on battery', async () => {
    const settings = { host: '127.0.0.1', port: ups.port };
    const wrong = { kind: 'password', user: ups.user, password: 'falsch' };
    expect(await tryOut({ kind: 'nut', settings, secret: wrong })).toMatchObject({
      outcome: 'wrong-password',
    });
    expect(await tryOut({ kind: 'nut', settings: { ...settings, ups: 'usv-9' } })).toMatchObject({
      outcome: 'no-ups',
    });
    const secret = { kind: 'password', user: ups.user, password: ups.password };
    const id = await make({ name: 'USV', kind: 'nut', settings, secret });
    await settled(id, ({ state }) => state === 'ok');
    const view = await until('what the UPS says of itself', async () => {
      const found = await api.get(`/api/devices/${deviceId}`, DeviceView);
      return found.observed?.serial === 'K15-0815' ? found : undefined;
    });
    expect(view.observed).toMatchObject({ vendor: 'Musterwerk', model: 'Kraft 1500' });
    expect(view.entities).toContainEqual(
      expect.objectContaining({ kind: 'ups', words: expect.objectContaining({ source: 'OL CHRG' }) }),
    );
    const from = Date.now() - 600_000;
    const charge = await api.series({
      device: deviceId,
      kind: 'ups',
      metrics: 'charge',
      from,
      to: Date.now(),
    });
    expect(JSON.stringify(charge)).toContain('0.87');
    ups.set({ ...onLine, 'ups.status': 'OB DISCHRG LB', 'battery.charge': '12' });
    await until(
      'the UPS to be on battery',
      async () => {
        const found = await api.get(`/api/devices/${deviceId}`, DeviceView);
        const said = found.entities.find(({ kind }) => kind === 'ups');
        return said?.words?.source === 'OB DISCHRG LB' ? true : undefined;
      },
      30_000,
    );
  });

  it('reads a UPS over TLS where upsd can do it, and nowhere else where that is asked for', async () => {
    const secure = await startUpsd(onLine, good);
    try {
      const tls = { host: '127.0.0.1', port: secure.port, encryption: 'required' };
      const secret = { kind: 'password', user: secure.user, password: secure.password };
      const strange = await tryOut({ kind: 'nut', settings: tls, secret });
      expect(strange).toMatchObject({ outcome: 'certificate-untrusted' });
      const shown = good.fingerprint.replaceAll(':', '').toLowerCase();
      expect(strange.certificate?.fingerprint).toBe(shown);
      const pinned = { ...tls, trust: 'pinned', fingerprint: good.fingerprint };
      expect(await tryOut({ kind: 'nut', settings: pinned, secret })).toMatchObject({ outcome: 'ok' });
      const wrong = { ...secret, password: 'falsch' };
      expect(await tryOut({ kind: 'nut', settings: pinned, secret: wrong })).toMatchObject({
        outcome: 'wrong-password',
      });
      const other = { ...pinned, fingerprint: expired.fingerprint };
      expect(await tryOut({ kind: 'nut', settings: other, secret })).toMatchObject({
        outcome: 'certificate-changed',
        detail: shown,
      });
      const offered = { ...pinned, encryption: 'offered' };
      expect(await tryOut({ kind: 'nut', settings: offered })).toMatchObject({
        outcome: 'ok',
        certificate: { fingerprint: shown },
      });
    } finally {
      await secure.stop();
    }
    // One that has no certificate refuses: then nothing is told to it, no password either.
    const plain = { host: '127.0.0.1', port: ups.port, encryption: 'required' };
    const refused = { kind: 'password', user: ups.user, password: ups.password };
    expect(await tryOut({ kind: 'nut', settings: plain, secret: refused })).toMatchObject({
      outcome: 'no-tls',
      detail: /FEATURE-NOT-CONFIGURED/,
    });
    expect(
      await tryOut({ kind: 'nut', settings: { ...plain, encryption: 'offered' }, secret: refused }),
    ).toMatchObject({ outcome: 'ok', certificate: null });
  });

  it('keeps a check that is deleted for undo, with its password', async () => {
    const { checks } = await api.get(`/api/devices/${deviceId}/checks`, CheckList);
    const check = checks.find(({ name }) => name === 'USV');
    const removed = z
      .object({ changeId: z.number() })
      .parse(await send('DELETE', `/api/inventory/check/${check?.id}`, undefined));
    await send('POST', `/api/changes/${removed.changeId}/undo`, {});
    expect(await settled(check?.id ?? 0, ({ state }) => state === 'ok')).toMatchObject({
      secret: 'password',
    });
  });
});
