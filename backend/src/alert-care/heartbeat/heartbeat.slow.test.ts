import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AlertSettings } from '@rackhaus/config/contract';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { OwnCondition } from '../../alerting/parts.ts';
import { defaultSettings } from '../../on-call/settings/settings.ts';
import { outgoingToLoopback } from '../../outgoing/testing.ts';
import { Heartbeat } from './heartbeat.ts';

let server: Server;
let status = 200;
let beats = 0;
let url = '';
beforeEach(async () => {
  status = 200;
  beats = 0;
  server = createServer((_, reply) => {
    beats++;
    reply.writeHead(status).end('ok');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/beat`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

function heartbeat(given: { unwell?: string | null; everySeconds?: number }) {
  let settings: AlertSettings = {
    ...defaultSettings,
    heartbeat: { url, everySeconds: given.everySeconds ?? 1 },
  };
  const listeners = new Set<() => void>();
  const reported: (readonly OwnCondition[])[] = [];
  const made = new Heartbeat({
    outside: outgoingToLoopback(),
    settings: {
      read: () => Promise.resolve(settings),
      onChange(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    unwell: () => Promise.resolve(given.unwell ?? null),
    incidents: { report: (_, conditions) => reported.push(conditions) },
    now: () => 5,
    onError: (_, error) => {
      throw error;
    },
  });
  return {
    made,
    reported,
    set(next: Partial<AlertSettings>) {
      settings = { ...settings, ...next };
      for (const listener of listeners) listener();
    },
  };
}

it('calls the address while all is well, and says when it did', async () => {
  const { made, set } = heartbeat({ everySeconds: 60 });
  made.start();
  await vi.waitFor(() => expect(made.state).toEqual({ lastAt: 5, error: null }));
  expect(beats).toBe(1);
  set({ heartbeat: null });
  await vi.waitFor(() => expect(made.state).toBeNull());
  await made.stop();
});

it('is silent when something is wrong here', async () => {
  const { made, reported } = heartbeat({ unwell: 'database' });
  made.start();
  await vi.waitFor(() => expect(made.state).toEqual({ lastAt: null, error: 'database' }));
  expect(beats).toBe(0);
  expect(reported.at(-1)).toEqual([]);
  await made.stop();
});

it('reports that it does not arrive, after several times', async () => {
  status = 500;
  const { made, reported } = heartbeat({ everySeconds: 0 });
  made.start();
  await vi.waitFor(() => expect(reported).toHaveLength(3), { timeout: 5000 });
  expect(reported.map((each) => each.length)).toEqual([0, 0, 1]);
  expect(made.state).toEqual({ lastAt: null, error: 'HTTP 500' });
  status = 200;
  await vi.waitFor(() => expect(reported.at(-1)).toEqual([]), { timeout: 5000 });
  await made.stop();
});
