import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { loadNutTemplate } from '@rackhaus/config/checks';
import { type CheckKind, CheckTask, checkSettings } from '@rackhaus/config/contract';
import { z } from 'zod';
import { Authorities } from './connection.ts';
import type { CheckResult } from './result.ts';
import { runCheck } from './run.ts';

const nut = await loadNutTemplate();

/** Does a check of these settings against this machine. */
export function tryCheck(kind: CheckKind, settings: object, secret: unknown = null): Promise<CheckResult> {
  const task = CheckTask.parse({ kind, settings: checkSettings[kind].parse(settings), secret });
  const parts = {
    address: '127.0.0.1',
    resolve: async (host: string) => host,
    authorities: new Authorities(),
    nut,
    now: Date.now(),
    monotonicMs: () => performance.now(),
  };
  return runCheck(task, parts, new AbortController().signal);
}

/** Values of one entity that a check has read. */
export function valuesOf({ findings }: CheckResult, kind: string, entity = '') {
  return findings.readings.readings(1, 0).find((one) => one.kind === kind && one.entity === entity)?.values;
}

/** A server on this machine that does with each connection what the test says. */
export async function listen(serve: (socket: Socket) => void): Promise<{ server: Server; port: number }> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    serve(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: z.object({ port: z.number() }).parse(server.address()).port };
}
