import { join } from 'node:path';
import {
  showVictoria,
  startInflux,
  startVictoria,
  type TestServer,
} from '@rackhaus/backend/measurements-testing';
import type { LiveItem, SeriesReply } from '@rackhaus/config/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAgent } from '../harness/agent.ts';
import { type Api, createApi, deviceOf } from '../harness/api.ts';
import { type RunningBackend, restartBackend, startOwnBackend } from '../harness/backend.ts';
import { inventoryOfSwitch, roomName, switchName } from '../harness/inventory.ts';
import { type Watching, watch } from '../harness/live.ts';
import { createNamespace, joinToHere, type Namespace } from '../harness/namespace.ts';
import { freePort, type StartedProcess, until } from '../harness/process.ts';
import { startSnmpd } from '../harness/snmpd.ts';

// A host with snmpd whose ports are named as the switch's of the inventory: gi1 and gi2 are joined to each other.
let namespace: Namespace;
let snmpd: StartedProcess;
let inventory: string;

beforeAll(async () => {
  namespace = createNamespace('poll');
  namespace.ip('link', 'add', 'gi1', 'type', 'veth', 'peer', 'name', 'gi2');
  for (const port of ['gi1', 'gi2']) namespace.ip('link', 'set', port, 'up');
  const address = joinToHere(namespace, 'gi8');
  snmpd = await startSnmpd({ port: 1161, address, namespace, asSwitch: true });
  inventory = inventoryOfSwitch({ address, port: 1161, intervalSeconds: 1 });
});

afterAll(async () => {
  await snmpd?.stop();
  namespace?.remove();
});

describe.each(['embedded', 'influx', 'victoria'])('a real snmpd, polled into the %s store', (store) => {
  let server: TestServer | undefined;
  let backend: RunningBackend;
  let agent: StartedProcess;
  let api: Api;
  let view: Watching;
  let env: NodeJS.ProcessEnv;
  let deviceId: number;
  let portIds: ReadonlyMap<string, number>;
  const startedAt = Date.now();

  beforeAll(async () => {
    if (store === 'influx') server = await startInflux();
    if (store === 'victoria') server = await startVictoria();
    env = {
      PORT: String(await freePort()),
      STORE: store,
      ...(server ? { [store === 'influx' ? 'INFLUX_URL' : 'VICTORIA_URL']: server.url } : {}),
    };
    backend = await startOwnBackend(inventory, env);
    api = await createApi(backend);
    const device = deviceOf(await api.room(roomName), switchName);
    deviceId = device.id;
    portIds = new Map(device.ports.map((port) => [port.name, port.id]));
    agent = await startAgent(backend, join(backend.dataDir, 'agent'));
    view = await watch(backend.url, api.cookie, `device:${deviceId}`);
  });

  afterAll(async () => {
    view?.close();
    await agent?.stop();
    await backend?.stop();
    await server?.close();
  });

  const reading = (kind: string, entity = '') => {
    const item = view.items.get(`reading/${deviceId}/${kind}/${entity}`);
    return item?.type === 'reading' ? item : undefined;
  };
  const portState = (name: string) => {
    const item = view.items.get(`port/${portIds.get(name)}`);
    return item?.type === 'port' ? item.state : undefined;
  };
  const throughput = (from: number, to: number) =>
    api.series({ device: deviceId, kind: 'port', entity: 'gi1', metrics: 'rx,oper', from, to });

  it('shows readings on a screen that watches the device', async () => {
    await until('a reading of gi1', () => reading('port', 'gi1'));
    await until('gi1 to be up', () => (portState('gi1') === 'up' ? true : undefined));
    expect(reading('port', 'gi1')?.values).toMatchObject({ oper: 1, admin: 1, speed: 10_000_000_000 });
    expect(reading('device')?.values).toMatchObject({ reachable: 1 });
    const device = await until('the device to be well', () => {
      const item = view.items.get(`device/${deviceId}`);
      return item?.type === 'device' && item.state === 'ok' ? item : undefined;
    });
    expect(device.conditions).toEqual([]);
  });

  it('keeps them as series without a gap', async () => {
    const series = await until('six seconds of readings', async () => {
      const reply = await throughput(startedAt, Date.now());
      return filled(reply, 1).length >= 6 ? reply : undefined;
    });
    expect(series.series.map(({ metric, unit }) => [metric, unit])).toEqual([
      ['rx', 'bit/s'],
      ['oper', ''],
    ]);
    expect(filled(series, 1)).not.toContain(null);
    expect(new Set(filled(series, 1))).toEqual(new Set([1]));
  });

  it('shows that a port went down, and that it is back', async () => {
    // snmpd keeps its interface table for a few seconds.
    namespace.ip('link', 'set', 'gi2', 'down');
    await until('gi1 to be down', () => (portState('gi1') === 'down' ? true : undefined), 30_000);
    namespace.ip('link', 'set', 'gi2', 'up');
    await until('gi1 to be up', () => (portState('gi1') === 'up' ? true : undefined), 30_000);
  });

  it('knows what the device says of itself', async () => {
    const observed = await until('its identity', async () => {
      const reply = await fetch(`${backend.url}/api/devices/${deviceId}`, {
        headers: { cookie: api.cookie },
      });
      const text = await reply.text();
      return /"os":"linux/i.test(text) ? text : undefined;
    });
    expect(observed).toContain('gi8');
  });

  it('has the same state and the same series after a restart, before anything new arrives', async () => {
    await agent.stop();
    // What was written last is shown by VictoriaMetrics after a second or two.
    if (server && store === 'victoria') await showVictoria(server.url);
    const to = Date.now();
    // A series that is new (the throughput begins with the second poll) is found by VictoriaMetrics after ten seconds at most.
    const before = await until('the throughput', async () => {
      const reply = await throughput(startedAt, to);
      return filled(reply, 0).length > 0 ? reply : undefined;
    });
    const last = readings(view.items);
    view.close();
    await backend.stop();
    backend = await restartBackend(backend, env);
    view = await watch(backend.url, api.cookie, `device:${deviceId}`);
    expect(readings(view.items)).toEqual(last);
    expect(await throughput(startedAt, to)).toEqual(before);
  });
});

/** From the first bucket with a value to the last. */
function filled(reply: SeriesReply, index: number): (number | null)[] {
  const mean = reply.series[index]?.mean ?? [];
  const first = mean.findIndex((value) => value !== null);
  return first === -1 ? [] : mean.slice(first, mean.findLastIndex((value) => value !== null) + 1);
}

function readings(items: ReadonlyMap<string, LiveItem>): Map<string, LiveItem> {
  return new Map([...items].filter(([, item]) => item.type === 'reading'));
}
