import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ClientToServerEvents, ServerToClientEvents, WatchRequest } from '@rackhaus/config/contract';
import { Server } from 'socket.io';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LiveConnection } from './connection.svelte.ts';

/** A real socket.io server that answers `watch` as the backend does, and remembers what it was asked. */
class Backend {
  readonly asked: WatchRequest[] = [];
  readonly given: string[] = [];
  readonly http = createServer();
  readonly io: Server<ClientToServerEvents, ServerToClientEvents>;
  refuse = false;
  number = 0;

  constructor() {
    this.io = new Server(this.http, { serveClient: false });
    this.io.use((_socket, next) => next(this.refuse ? new Error('unauthenticated') : undefined));
    this.io.on('connection', (socket) => {
      socket.on('watch', (request, reply) => {
        this.asked.push(request);
        void socket.join(request.view);
        reply({ ok: true, update: this.update(request.view, request.since === null) });
      });
      socket.on('unwatch', (view) => {
        this.given.push(view);
      });
    });
  }
  async start(port = 0): Promise<string> {
    await new Promise<void>((resolve) => this.http.listen(port, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.http.address() as AddressInfo).port}`;
  }
  update(view: string, full: boolean) {
    this.number++;
    const items = [
      {
        type: 'device' as const,
        id: 1,
        state: 'ok' as const,
        since: null,
        conditions: [],
        headline: {},
        lastSeen: this.number,
      },
    ];
    return { view, position: { epoch: 'a', number: this.number }, full, serverTime: 1000, items };
  }
  async stop(): Promise<void> {
    await this.io.close();
  }
}

let backend: Backend;
let url: string;
let live: LiveConnection;
let refused: number;

beforeEach(async () => {
  backend = new Backend();
  url = await backend.start();
  refused = 0;
  live = new LiveConnection({ url, onRefused: () => refused++ });
});
afterEach(async () => {
  live.stop();
  await backend.stop();
});

describe('the live connection', () => {
  it('asks once for a view, however many watch it, and gives it up when nobody does', async () => {
    const first = live.watch('room:1');
    const second = live.watch('room:1');
    live.start();
    await vi.waitFor(() => expect(live.store('room:1').devices.size).toBe(1));
    expect(backend.asked).toEqual([{ view: 'room:1', since: null }]);
    expect(live.state).toBe('live');
    first();
    first();
    second();
    await vi.waitFor(() => expect(backend.given).toEqual(['room:1']), { timeout: 6000 });
  }, 10_000);

  it('takes changes, and ignores what it does not watch or understand', async () => {
    live.watch('room:1');
    live.start();
    await vi.waitFor(() => expect(live.store('room:1').arrived).toBe(true));
    const complaint = vi.spyOn(console, 'error').mockImplementation(() => {});
    const broken = { ...backend.update('room:1', false), items: [{ type: 'elephant' }] };
    backend.io.emit('update', broken as never);
    backend.io.emit('update', backend.update('room:2', true));
    const next = backend.update('room:1', false);
    backend.io.emit('update', next);
    await vi.waitFor(() => expect(live.store('room:1').devices.get(1)?.lastSeen).toBe(next.position.number));
    expect(complaint).toHaveBeenCalledOnce();
    complaint.mockRestore();
  });

  it('says since when it is cut off, and catches up from where it was', async () => {
    live.watch('room:1');
    live.start();
    await vi.waitFor(() => expect(live.state).toBe('live'));
    const port = Number(new URL(url).port);
    const before = Date.now();
    await backend.stop();
    await vi.waitFor(() => expect(live.state).toBe('stale'));
    expect(live.staleSince).toBeLessThanOrEqual(Date.now());
    expect(live.staleSince).toBeGreaterThan(before - 5000);
    backend = new Backend();
    await backend.start(port);
    await vi.waitFor(() => expect(live.state).toBe('live'), { timeout: 8000 });
    await vi.waitFor(() => expect(backend.asked[0]?.since).toEqual({ epoch: 'a', number: 1 }));
    expect(live.staleSince).toBeNull();
  }, 15_000);

  it('reports a refusal instead of trying for ever', async () => {
    backend.refuse = true;
    live.watch('overview');
    live.start();
    await vi.waitFor(() => expect(refused).toBe(1));
    expect(live.state).toBe('connecting');
    backend.refuse = false;
    live.retry();
    await vi.waitFor(() => expect(live.store('overview').arrived).toBe(true));
  });

  it('counts by the clock of the backend', async () => {
    live.watch('overview');
    live.start();
    await vi.waitFor(() => expect(live.state).toBe('live'));
    expect(live.serverNow()).toBeLessThan(60_000);
  });
});
