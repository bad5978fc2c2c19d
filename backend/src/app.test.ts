import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { get } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { startTestBackend, type TestBackend } from './testing/test-backend.ts';

let backend: TestBackend;
beforeEach(async () => {
  backend = await startTestBackend();
});
afterEach(() => backend.remove());

it('closes within seconds while agents wait and screens are connected, and may be closed twice', async () => {
  const token = (await readFile(join(backend.settings.dataDir, 'local-agent.token'), 'utf8')).trim();
  const headers = { authorization: `Bearer ${token}` };
  const first = await backend.client().get('/api/agent/assignment', headers);
  const { version } = JSON.parse(first.text);
  const waiting = get(`${backend.url}/api/agent/assignment?known=${version}`, { headers });
  const ended = new Promise((resolve) => waiting.once('close', resolve));
  waiting.on('error', () => undefined); // the connection is broken off, which is what this is about

  const admin = await backend.administrator();
  const socket = new WebSocket(`${backend.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
  const socketEnded = once(socket, 'close');
  await once(socket, 'open');
  expect(admin.cookie).toBeDefined();

  const started = performance.now();
  await backend.close();
  await backend.close();
  expect(performance.now() - started).toBeLessThan(4000);
  await Promise.all([ended, socketEnded]);
});

it('closes again what it had opened when it cannot start', async () => {
  const port = new URL(backend.url).port;
  await expect(startTestBackend({ PORT: port })).rejects.toThrow(/is in use/);
  expect((await backend.client().get('/api/health')).json).toEqual({ status: 'ok' });
});

it('describes all of its API without a loose end', async () => {
  const Operation = z.object({
    operationId: z.string().regex(/^[a-z]+[A-Za-z]+$/),
    summary: z.string().regex(/\.$/),
    parameters: z.array(z.object({ name: z.string(), in: z.enum(['path', 'query', 'header']) })),
    responses: z.record(z.string(), z.object({ description: z.string() })),
  });
  const answer = await backend.client().get('/api/openapi.json');
  const { openapi, paths } = z
    .object({ openapi: z.literal('3.1.0'), paths: z.record(z.string(), z.record(z.string(), Operation)) })
    .parse(answer.json);
  expect(openapi).toBe('3.1.0');
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.values(methods).map((operation) => ({ path, operation })),
  );
  expect(operations.length).toBeGreaterThan(20);
  const ids = operations.map(({ operation }) => operation.operationId);
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  for (const { path, operation } of operations) {
    const declared = operation.parameters
      .filter((parameter) => parameter.in === 'path')
      .map(({ name }) => name);
    expect(declared, path).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
  }
  // References within a schema would point to the wrong place, once it is part of the whole.
  const references = [...answer.text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, target]) => target);
  expect(new Set(references)).toEqual(new Set(['#/components/schemas/Problem']));
});
