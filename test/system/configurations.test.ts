import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BackupList,
  ConfigurationDifference,
  ConfigurationHits,
  ConfigurationText,
  DeviceConfiguration,
  IncidentList,
} from '@rackhaus/config/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startAgent } from '../harness/agent.ts';
import { type Api, createApi, deviceOf } from '../harness/api.ts';
import { type RunningBackend, startOwnBackend } from '../harness/backend.ts';
import { inventoryOfSwitch, roomName, switchName } from '../harness/inventory.ts';
import { freePort, type StartedProcess, until } from '../harness/process.ts';
import { type CommandLine, type RunningSshd, startSshd } from '../harness/sshd.ts';

const Page = z.object({ records: z.array(z.object({ id: z.number() })) });
const Made = z.object({ id: z.number() });

const text = (changed: { time?: string; vlan?: number; secret?: string } = {}) =>
  [
    'Building configuration...',
    '',
    `! Last configuration change at ${changed.time ?? '10:00:00'} CET`,
    'hostname core-1',
    `username admin secret 5 ${changed.secret ?? '$1$abcd$GeheimesSalzUndMehr'}`,
    'snmp-server community NurZumLesen RO',
    ...Array.from(
      { length: 60 },
      (_, index) => `interface Gi1/0/${index + 1}\n description Büro ${index}\n!`,
    ),
    `vlan ${changed.vlan ?? 40}`,
    'end',
  ].join('\n');
const commandLine = (configuration: string): CommandLine => ({
  enable: 'alles zeigen',
  prompt: 'core-1',
  configuration,
  page: 24,
  pager: ' --More-- ',
  banner: '\nNur für Befugte!\n',
});

// A switch with a real sshd in front of it, read by the real agent.
describe('configurations', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rackhaus-configurations-'));
  let sshd: RunningSshd;
  let backend: RunningBackend;
  let agent: StartedProcess;
  let api: Api;
  let deviceId: number;

  const send = async (method: string, path: string, body?: unknown) => {
    const reply = await fetch(`${backend.url}${path}`, {
      method,
      headers: { 'content-type': 'application/json', cookie: api.cookie },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = await reply.text();
    if (!reply.ok) throw new Error(`${path}: ${reply.status} ${answer}`);
    return answer;
  };
  const state = () => api.get(`/api/devices/${deviceId}/configuration`, DeviceConfiguration);
  const settled = (what: string, fits: (state: DeviceConfiguration) => boolean) =>
    until(
      what,
      async () => {
        const now = await state();
        return !now.row.reading && fits(now) ? now : undefined;
      },
      40_000,
    );
  /** Has it read now, and waits for what comes of it. */
  const read = async () => {
    const before = (await state()).row.lastTriedAt ?? 0;
    await send('POST', `/api/devices/${deviceId}/configuration/read`);
    return settled('it was read', ({ row }) => (row.lastTriedAt ?? 0) > before);
  };
  const incidents = async () =>
    (await api.get('/api/incidents?state=open', IncidentList)).incidents.filter(({ title }) =>
      /Konfiguration|SSH/.test(title.de),
    );

  beforeAll(async () => {
    sshd = await startSshd({ commandLine: commandLine(text()) });
    backend = await startOwnBackend(inventoryOfSwitch({ port: await freePort(), intervalSeconds: 60 }));
    api = await createApi(backend);
    deviceId = deviceOf(await api.room(roomName), switchName).id;
    const [monitoring] = Page.parse(JSON.parse(await send('GET', '/api/inventory/monitoring'))).records;
    await send('PATCH', `/api/inventory/monitoring/${monitoring?.id}`, {
      credentialId: null,
      profile: 'cisco-ios',
      ping: true,
    });
    agent = await startAgent(backend, join(folder, 'agent'));
  }, 120_000);

  afterAll(async () => {
    await agent?.stop();
    await backend?.stop();
    await sshd?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('are read by themselves once there is a login, and show no secret', async () => {
    expect((await state()).row.state).toBe('no-login');
    await send('PUT', `/api/devices/${deviceId}/configuration`, {
      active: true,
      loginId: null,
      port: sshd.port,
    });
    const login = { user: sshd.user, password: sshd.password, enable: 'alles zeigen' };
    Made.parse(
      JSON.parse(
        await send('POST', '/api/configuration-logins', {
          name: 'Sicherung',
          login,
          rules: [{ siteId: null, role: 'switch' }],
        }),
      ),
    );
    const first = await settled('the first backup', ({ row }) => row.state === 'ok');
    expect(first.versions).toEqual([expect.objectContaining({ why: 'first', added: 0, removed: 0 })]);
    expect(first.hostKeys).toEqual([{ kind: 'ssh-ed25519', fingerprint: expect.stringMatching(/^SHA256:/) }]);
    const version = first.versions[0]?.id;
    const shown = await api.get(
      `/api/devices/${deviceId}/configuration/versions/${version}`,
      ConfigurationText,
    );
    expect(shown.lines.join('\n')).not.toMatch(/GeheimesSalz|NurZumLesen/);
    expect(shown.lines).toContainEqual(expect.stringMatching(/^snmp-server community ‹••• [0-9a-f]{4}› RO$/));
    expect(await send('GET', `/api/devices/${deviceId}/configuration/versions/${version}/file`)).toContain(
      'community NurZumLesen RO',
    );
    const hits = await api.get('/api/configurations/search?text=vlan%2040', ConfigurationHits);
    expect(hits.hits).toEqual([expect.objectContaining({ deviceId, count: 1 })]);
    expect((await api.get('/api/configurations/search?text=NurZumLesen', ConfigurationHits)).hits).toEqual(
      [],
    );
    expect(await send('GET', '/api/configuration-logins')).not.toContain(sshd.password);
  }, 90_000);

  it('make no version of what changes by itself, and one with an incident of what somebody has changed', async () => {
    sshd.set(commandLine(text({ time: '11:11:11' })));
    expect((await read()).versions).toHaveLength(1);
    sshd.set(commandLine(text({ time: '12:12:12', vlan: 41, secret: '$1$efgh$EinGanzAnderesWort' })));
    const changed = await read();
    expect(changed.versions).toHaveLength(2);
    expect(changed.versions[0]).toMatchObject({ why: 'unexpected', added: 2, removed: 2 });
    const [to, from] = changed.versions.map(({ id }) => id);
    const difference = await api.get(
      `/api/devices/${deviceId}/configuration/difference?from=${from}&to=${to}`,
      ConfigurationDifference,
    );
    const lines = difference.hunks.flatMap((hunk) => hunk.lines).filter(({ kind }) => kind !== 'same');
    expect(lines.map((line) => line.text)).toEqual([
      expect.stringMatching(/^username admin secret 5 ‹••• ....›$/),
      expect.stringMatching(/^username admin secret 5 ‹••• ....›$/),
      'vlan 40',
      'vlan 41',
    ]);
    expect(lines[0]?.text).not.toBe(lines[1]?.text);
    const [incident] = await until('the incident', async () => {
      const open = await incidents();
      return open.length > 0 ? open : undefined;
    });
    expect(incident?.title.de).toContain(switchName);
    expect((await api.get('/api/configurations', BackupList)).devices[0]).toMatchObject({ unreviewed: true });
    await send('POST', `/api/devices/${deviceId}/configuration/review`, { version: to });
    await until('nothing is open', async () => (await incidents()).length === 0);
  }, 90_000);

  it('cause no incident when they change within maintenance', async () => {
    await send('POST', '/api/inventory/maintenance', {
      name: 'Umbau',
      scope: 'device',
      deviceId,
      from: Date.now() - 60_000,
      until: Date.now() + 3_600_000,
    });
    sshd.set(commandLine(text({ vlan: 42 })));
    const changed = await read();
    expect(changed.versions[0]).toMatchObject({ why: 'maintenance', covering: 'Umbau' });
    expect(changed.row.unreviewed).toBe(false);
    expect(await incidents()).toEqual([]);
  }, 60_000);

  it('are not read where another key answers, until a person has confirmed it', async () => {
    const { port } = sshd;
    await sshd.stop();
    sshd = await startSshd({ commandLine: commandLine(text({ vlan: 43 })), port });
    const refused = await read();
    expect(refused.row.state).toBe('host-key');
    expect(refused.versions).toHaveLength(3);
    expect(refused.offeredKeys).toHaveLength(1);
    expect(refused.offeredKeys[0]?.fingerprint).not.toBe(refused.hostKeys[0]?.fingerprint);
    await until('the incident', async () => (await incidents()).length > 0);
    await send('POST', `/api/devices/${deviceId}/configuration/host-keys`, {
      fingerprints: refused.offeredKeys.map(({ fingerprint }) => fingerprint),
    });
    const again = await settled('it was read', ({ row }) => row.state === 'ok');
    expect(again.versions).toHaveLength(4);
    expect(again.hostKeys).toEqual(refused.offeredKeys);
  }, 90_000);
});
