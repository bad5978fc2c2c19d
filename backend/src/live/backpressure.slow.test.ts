import { Socket as TcpSocket } from 'node:net';
import { type LiveItem, liveItemKey, type Reading } from '@rackhaus/config/contract';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { heard, TestDevices, type TestServer, testDevice } from '../monitoring/testing.ts';
import { type Client, connected, type LiveServer, next, startLiveServer, watch } from './testing.ts';

let live: LiveServer;
let server: TestServer;
const connect: LiveServer['connect'] = (cookie, headers) => live.connect(cookie, headers);
const deliver: LiveServer['deliver'] = (...readings) => live.deliver(...readings);

beforeEach(async () => {
  live = await startLiveServer(new TestDevices([testDevice(1), testDevice(2, { roomId: 2, rackId: 2 })]));
  ({ server } = live);
});
afterEach(() => live.close());

describe('live sockets', () => {
  it('hold nothing back for a client that takes nothing, and give it everything when it can follow again', async () => {
    const ports = Array.from({ length: 3000 }, (_, i) => ({
      id: 1000 + i,
      name: `p${i}`,
      kind: 'network' as const,
      infrastructure: false,
      farDeviceId: null,
    }));
    server.devices.set([testDevice(1, { ports })]);
    const cookie = await server.cookie();
    const [slow, quick] = [connect(cookie), connect(cookie)];
    await Promise.all([connected(slow), connected(quick)]);
    await deliver(heard(1, Date.now()));
    await watch(slow, 'room:1');
    await watch(quick, 'room:1');
    const screen = new Map<string, LiveItem>();
    let fulls = 0;
    slow.on('update', (update) => {
      if (update.full) {
        screen.clear();
        fulls++;
      }
      for (const item of update.items) screen.set(liveItemKey(item), item);
    });

    const tcp = tcpOf(slow);
    tcp.pause();
    const change = (oper: number) => {
      const time = Date.now();
      return deliver(
        heard(1, time),
        ...ports.map(
          ({ name }): Reading => ({ deviceId: 1, kind: 'port', entity: name, time, values: { oper } }),
        ),
      );
    };
    for (let i = 0; i < 40; i++) {
      const seen = next(quick, (item) => item.type === 'port');
      await change(1 + (i % 2));
      await seen;
    }
    tcp.resume();
    await expect.poll(() => fulls, { timeout: 20_000 }).toBeGreaterThan(0);
    await change(1);
    await expect
      .poll(() => [...screen.values()].filter((item) => item.type === 'port' && item.state === 'up').length, {
        timeout: 20_000,
      })
      .toBe(3000);
  }, 60_000);
});

/** The TCP connection under a client, to let it take nothing. */
function tcpOf(client: Client): { pause(): void; resume(): void } {
  const transport: unknown = client.io.engine.transport;
  const ws: unknown = Reflect.get(Object(transport), 'ws');
  const socket: unknown = Reflect.get(Object(ws), '_socket');
  if (!(socket instanceof TcpSocket)) throw new Error('not a WebSocket over TCP');
  return socket;
}
