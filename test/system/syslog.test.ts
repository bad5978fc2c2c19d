import { spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { IncidentDetail, IncidentList, SyslogPage, SyslogState } from '@rackhaus/config/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAgent } from '../harness/agent.ts';
import { type Api, createApi, deviceOf } from '../harness/api.ts';
import { type RunningBackend, restartBackend, startOwnBackend } from '../harness/backend.ts';
import { inventoryOfSwitch, roomName, switchName } from '../harness/inventory.ts';
import { freePort, type StartedProcess, until } from '../harness/process.ts';

const deviceAddress = '127.0.9.1';
const unpolled = 'kamera-1';

describe('messages of devices', () => {
  let backend: RunningBackend;
  let agent: StartedProcess;
  let api: Api;
  let port: number;
  let deviceId: number;
  let env: NodeJS.ProcessEnv;
  let backendEnv: NodeJS.ProcessEnv;

  beforeAll(async () => {
    const inventory = inventoryOfSwitch({ address: deviceAddress, port: 1, intervalSeconds: 60 }, [unpolled]);
    backendEnv = { PORT: String(await freePort()) };
    backend = await startOwnBackend(inventory, backendEnv);
    api = await createApi(backend);
    deviceId = deviceOf(await api.room(roomName), switchName).id;
    port = await freePort();
    env = { SYSLOG_PORT: String(port), TRAP_PORT: '0' };
    agent = await startAgent(backend, join(backend.dataDir, 'agent'), env);
    await until('the agent to say where it listens', async () => {
      const { agents } = await api.get('/api/syslog/state', SyslogState);
      return agents.some(({ udp, tcp }) => udp === port && tcp === port) || undefined;
    });
  });

  afterAll(async () => {
    await agent?.stop();
    await backend?.stop();
  });

  const find = async (query: string) => (await api.get(`/api/syslog?${query}`, SyslogPage)).messages;
  const found = (text: string, count = 1) =>
    until(`${count} of "${text}"`, async () => {
      const messages = await find(new URLSearchParams({ text }).toString());
      return messages.length >= count ? messages : undefined;
    });
  const open = async () =>
    (await api.get('/api/incidents', IncidentList)).incidents.filter(({ state }) => state !== 'resolved');
  const sendUdp = async (lines: readonly string[], from: string) => {
    const socket = createSocket('udp4');
    socket.bind(0, from);
    await once(socket, 'listening');
    for (const line of lines)
      await new Promise<void>((resolve, reject) =>
        socket.send(line, port, '127.0.0.1', (error) => (error ? reject(error) : resolve())),
      );
    socket.close();
  };

  it('are found at the device that sent them by UDP', async () => {
    await sendUdp(
      ['<187>45: *Mar  1 00:00:01: %LINK-3-UPDOWN: Interface gi3, changed state to down'],
      deviceAddress,
    );
    const [message] = await found('LINK-3-UPDOWN');
    expect(message).toMatchObject({
      device: { id: deviceId, name: switchName },
      severity: 3,
      mnemonic: 'LINK-3-UPDOWN',
      from: deviceAddress,
      text: 'Interface gi3, changed state to down',
    });
    expect(await find(`device=${deviceId}&severity=3`)).toHaveLength(1);
    expect(await find(`device=${deviceId}&severity=2`)).toHaveLength(0);
  });

  it('are taken by TCP, with lengths and with line ends', async () => {
    const socket = connect({ port, host: '127.0.0.1', localAddress: deviceAddress });
    await once(socket, 'connect');
    const counted = '<38>1 2026-11-23T09:29:59Z sw app - ID1 - gezählte Nachricht';
    socket.end(
      `${Buffer.byteLength(counted)} ${counted}<38>Nov 23 09:29:59 sw app: Nachricht in einer Zeile\n`,
    );
    const messages = await found('Nachricht', 2);
    expect(messages.every(({ device }) => device?.id === deviceId)).toBe(true);
  });

  it('are taken from logger, and kept as unknown where no device has the address', async ({ skip }) => {
    if (spawnSync('logger', ['--version']).status !== 0) skip('logger is not installed');
    const args = [
      '--udp',
      '--server',
      '127.0.0.1',
      '--port',
      String(port),
      '--rfc5424',
      '-t',
      'probe',
      'Gruß aus Münster',
    ];
    expect(spawnSync('logger', args).status).toBe(0);
    const [message] = await found('"Gruß aus Münster"');
    expect(message).toMatchObject({ app: 'probe', device: null });
    expect(await find('of=unknown')).toHaveLength(1);
  });

  it('survive kill -9 of the agent, and are there once', async () => {
    const lines = Array.from(
      { length: 300 },
      (_, index) => `<13>Nov 23 09:29:59 sw zaehler: Ausdauer Nummer${index}`,
    );
    await sendUdp(lines.slice(0, 150), deviceAddress);
    await found('Nummer149');
    await agent.stop('SIGKILL');
    agent = await startAgent(backend, join(backend.dataDir, 'agent'), env);
    // It is ready with what it was told before; the port is bound in the same moment.
    await until('the port to be bound', async () => {
      const socket = connect({ port, host: '127.0.0.1', localAddress: deviceAddress });
      const isOpen = await once(socket, 'connect').then(
        () => true,
        () => undefined,
      );
      socket.destroy();
      return isOpen;
    });
    await sendUdp(lines.slice(150), deviceAddress);
    await found('Nummer299');
    const all = await find('text=Ausdauer&limit=500');
    expect(all).toHaveLength(300);
    expect(new Set(all.map(({ text }) => text)).size).toBe(300);
  });

  it('are a line of the incident that polling has made, when they are critical, however many', async () => {
    // Nothing answers SNMP there: that has been found by now, or is about to be.
    await sendUdp(
      Array.from({ length: 20 }, () => '<9>Nov 23 09:29:59 sw fan: Lüfter 2 ausgefallen'),
      deviceAddress,
    );
    await found('ausgefallen', 20);
    const event = await until('the message in the incident', async () => {
      for (const { id } of await open()) {
        const { events } = await api.get(`/api/incidents/${id}`, IncidentDetail);
        const said = events.filter(({ kind }) => kind === 'said');
        if (said.length > 0) return said;
      }
      return undefined;
    });
    expect(event).toMatchObject([
      { text: 'Lüfter 2 ausgefallen', device: { id: deviceId, name: switchName } },
    ]);
    expect((await open()).filter(({ cause }) => cause.deviceId === deviceId)).toHaveLength(1);
  });

  it('are an incident at once where nobody polls, and the same one after kill -9 of the server', async () => {
    const incidents = async () =>
      (await open()).filter(({ title }) => title.de === `${unpolled} meldet: Objektiv ausgefallen`);
    await sendUdp([`<10>Nov 23 09:29:59 ${unpolled} lens: Objektiv ausgefallen`], '127.0.0.1');
    const [before] = await until('the incident', async () => {
      const found = await incidents();
      return found.length > 0 ? found : undefined;
    });
    expect(before).toMatchObject({ state: 'open', severity: 'critical', cause: { kind: 'device' } });
    const story = async () =>
      (await api.get(`/api/incidents/${before?.id}`, IncidentDetail)).events
        .map(({ kind }) => kind)
        // Nobody is on call here.
        .filter((kind) => kind !== 'nobody');
    expect(await story()).toEqual(['began', 'opened']);
    await backend.stop('SIGKILL');
    backend = await restartBackend(backend, backendEnv);
    await sendUdp([`<10>Nov 23 09:29:59 ${unpolled} lens: Objektiv ausgefallen`], '127.0.0.1');
    await found('Objektiv', 2);
    expect(await incidents()).toMatchObject([{ id: before?.id, state: 'open' }]);
    expect(await story()).toEqual(['began', 'opened']);
  });
});
