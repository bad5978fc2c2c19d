import { execFile } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readingsOf } from '@rackhaus/backend/measurements';
import {
  startTestServer,
  TestDevices,
  type TestServer,
  testDevice,
} from '@rackhaus/backend/monitoring-testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLldpd } from '../harness/lldpd.ts';
import { createNamespace, joinByCable, joinToHere, type Namespace } from '../harness/namespace.ts';
import { freePort, type StartedProcess, startNode, until } from '../harness/process.ts';
import { startSnmpd } from '../harness/snmpd.ts';

const run = promisify(execFile);

// Two hosts with lldpd and snmpd, joined by a cable; the left one is polled, and seldom: what is known sooner was asked for.
describe('a device that is read out of turn', () => {
  const namespaces: Namespace[] = [];
  const processes: StartedProcess[] = [];
  let left: Namespace;
  let right: Namespace;
  let server: TestServer;
  let trapsTo: string;

  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rackhaus-poll-now-'));
    left = createNamespace('now-left');
    right = createNamespace('now-right');
    namespaces.push(left, right);
    joinByCable(left, 'uplink', right, 'eth7');
    // RFC 5737: an address for documentation.
    right.ip('address', 'add', '192.0.2.2/30', 'dev', 'eth7');
    const address = joinToHere(left, 'mgmt');
    for (const [namespace, side] of [
      [left, 'left'],
      [right, 'right'],
    ] as const) {
      const agentxSocket = join(folder, side);
      processes.push(
        await startSnmpd({ port: 1161, namespace, agentxSocket, ...(side === 'left' && { address }) }),
      );
      processes.push(await startLldpd({ namespace, agentxSocket, description: `host on the ${side}` }));
    }
    const device = testDevice(1, { name: 'left' });
    const monitoring = device.monitoring && { ...device.monitoring, address, snmpPort: 1161 };
    server = await startTestServer({
      devices: new TestDevices([
        { ...device, monitoring: monitoring && { ...monitoring, intervalSeconds: 300, ping: false } },
        testDevice(2, { monitoring: monitoring && { ...monitoring, snmpPort: 1, ping: false } }),
        testDevice(3, { monitoring: null }),
      ]),
    });
    const { token } = await server.agent('local');
    const tokenFile = join(folder, 'token');
    writeFileSync(tokenFile, token);
    const trapPort = await freePort();
    trapsTo = `${address.replace(/\.2$/, '.1')}:${trapPort}`;
    processes.push(
      await startNode(
        'agent',
        'agents/src/main.ts',
        ['--server', server.url, '--token-file', tokenFile, '--data', join(folder, 'agent')],
        { ready: /^ready agent/, env: { TRAP_PORT: String(trapPort) } },
      ),
    );
    await until(
      'the left host to be known',
      async () => (await server.monitoring.observations.of(1)) ?? undefined,
    );
  }, 60_000);

  afterAll(async () => {
    for (const process of processes.reverse()) await process.stop();
    await server?.close();
    for (const namespace of namespaces) namespace.remove();
  });

  const readNow = async () => {
    const startedAt = performance.now();
    const times = await server.monitoring.pollNow([1]);
    return { time: times.get(1) ?? null, ms: performance.now() - startedAt };
  };
  const uplink = async () =>
    readingsOf(await server.store.latest()).find(
      ({ deviceId, kind, entity, values }) =>
        deviceId === 1 && kind === 'port' && entity === 'uplink' && values.oper !== undefined,
    )?.values.oper;

  it('tells its neighbours, with chassis and management address', async () => {
    await until('the neighbour to be heard of', async () => {
      await server.monitoring.pollNow([1]);
      const observation = await server.monitoring.observations.of(1);
      return observation?.neighbours.some(({ managementAddress }) => managementAddress !== null) || undefined;
    });
    const observation = await server.monitoring.observations.of(1);
    expect(observation?.neighbours).toMatchObject([
      {
        localPort: 'uplink',
        remotePort: 'eth7',
        protocol: 'lldp',
        portDescription: 'eth7',
        chassis: expect.stringMatching(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/),
        managementAddress: '192.0.2.2',
      },
    ]);
  }, 60_000);

  it('has delivered everything when it is answered, within about a second', async () => {
    const asked = Date.now();
    const { time, ms } = await readNow();
    expect(time).toBeGreaterThanOrEqual(asked);
    expect(ms).toBeLessThan(2000);
    console.info(`read out of turn in ${Math.round(ms)} ms`);
    const sightings = await server.monitoring.sightings.of(1);
    expect(sightings?.time).toBeGreaterThanOrEqual(asked);
    // It has spoken with this side of its management port.
    expect(sightings?.addresses.map(({ address }) => address)).toContain(trapsTo.split(':')[0]);
  });

  /** Until snmpd itself says so: it keeps its table of interfaces for some seconds. */
  const snmpdSays = async (state: 'up' | 'down') => {
    const observation = await server.monitoring.observations.of(1);
    const index = observation?.ports.find(({ name }) => name === 'uplink')?.ifIndex;
    const [ip = 'ip', ...inside] = left.prefix;
    const get = [
      'snmpget',
      '-Oqve',
      '-v2c',
      '-c',
      'public',
      '127.0.0.1:1161',
      `1.3.6.1.2.1.2.2.1.8.${index}`,
    ];
    await until(`snmpd to say ${state}`, async () => {
      const { stdout } = await run(ip, [...inside, ...get], { env: { ...process.env, MIBS: '' } });
      return (stdout.trim() === '1') === (state === 'up') || undefined;
    });
  };

  it('says that a port has lost its link', async () => {
    expect(await uplink()).toBe(1);
    right.ip('link', 'set', 'eth7', 'down');
    await snmpdSays('down');
    expect(await uplink()).toBe(1);
    await readNow();
    expect(await uplink()).not.toBe(1);
  }, 30_000);

  it('is read at once because of a trap', async () => {
    right.ip('link', 'set', 'eth7', 'up');
    await snmpdSays('up');
    expect(await uplink()).not.toBe(1);
    const [ip = 'ip', ...inside] = left.prefix;
    const trap = ['snmptrap', '-v2c', '-c', 'public', trapsTo, '', '1.3.6.1.6.3.1.1.5.4'];
    const startedAt = performance.now();
    await run(ip, [...inside, ...trap], { env: { ...process.env, MIBS: '' } });
    await until('the link to be up', async () => ((await uplink()) === 1 ? true : undefined));
    const ms = performance.now() - startedAt;
    console.info(`from trap to store in ${Math.round(ms)} ms`);
    expect(ms).toBeLessThan(2000);
  }, 30_000);

  it('a device that is silent or not polled has no time', async () => {
    expect([...(await server.monitoring.pollNow([2, 3]))]).toEqual([
      [2, null],
      [3, null],
    ]);
  }, 30_000);
});
