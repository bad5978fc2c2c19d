import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AgentEnrolmentToken, AgentList } from '@rackhaus/config/contract';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { type RunningBackend, signIn, startBackend } from '../harness/backend.ts';
import { root, until } from '../harness/process.ts';

/** What becomes of one request on its way through. */
type Way = 'before' | 'unanswered' | 'after' | null;

const Kept = z.looseObject({
  own: z.object({ key: z.string() }).nullable(),
  next: z.string().nullable(),
  joining: z.object({ key: z.string() }).nullable(),
});

let backend: RunningBackend;
let cookie: string;
let between: Server;
let address: string;
/** Ends the agent at a request: before the server gets it, before the agent gets the answer, or after that. */
let kill: { path: string; at: Exclude<Way, null>; done: boolean } | null = null;
let agent: ChildProcess | null = null;

beforeAll(async () => {
  backend = await startBackend();
  cookie = await signIn(backend);
  between = createServer((incoming, outgoing) => {
    const path = incoming.url ?? '';
    const way: Way = kill !== null && !kill.done && path.startsWith(kill.path) ? kill.at : null;
    if (way !== null && kill !== null) kill.done = true;
    if (way === 'before') {
      agent?.kill('SIGKILL');
      outgoing.destroy();
      return;
    }
    const on = request(
      `${backend.url}${path}`,
      { method: incoming.method ?? 'GET', headers: incoming.headers },
      (reply: IncomingMessage) => {
        if (way === 'unanswered') {
          agent?.kill('SIGKILL');
          outgoing.destroy();
          reply.resume();
          return;
        }
        outgoing.writeHead(reply.statusCode ?? 500, reply.headers);
        reply.pipe(outgoing);
        if (way === 'after') reply.once('end', () => setImmediate(() => agent?.kill('SIGKILL')));
      },
    );
    on.on('error', () => outgoing.destroy());
    outgoing.on('close', () => on.destroy());
    incoming.pipe(on);
  });
  await new Promise<void>((resolve) => between.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(between.address() as AddressInfo).port}`;
}, 60_000);

afterEach(async () => {
  kill = null;
  await end();
  agent = null;
});
afterAll(async () => {
  between.closeAllConnections();
  between.close();
  await backend.stop();
});

async function send(method: string, path: string, body?: unknown): Promise<Response> {
  const headers = { cookie, ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
  const reply = await fetch(`${backend.url}${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${await reply.text()}`);
  return reply;
}
const made = async (name: string) =>
  AgentEnrolmentToken.parse(await (await send('POST', '/api/agents', { name })).json());
const facts = async (id: number) =>
  AgentList.parse(await (await send('GET', '/api/agents')).json()).agents.find((one) => one.id === id)?.key;
const folder = () => mkdtempSync(join(tmpdir(), 'rackhaus-enrolment-'));
const kept = (dataDir: string) =>
  Kept.parse(JSON.parse(readFileSync(join(dataDir, 'agent-key.json'), 'utf8')));
const statusOf = async (key: string) =>
  (await fetch(`${backend.url}/api/agent/assignment`, { headers: { authorization: `Bearer ${key}` } }))
    .status;

/** Starts the agent; resolves when it is ready, or has ended. */
function start(dataDir: string, ...args: string[]): Promise<{ ready: boolean; printed: string }> {
  const child = spawn(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      join(root, 'agents/src/main.ts'),
      ...['--server', address, '--data', dataDir],
      ...args,
    ],
    { cwd: root, env: { ...process.env, TRAP_PORT: '0' }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  agent = child;
  let printed = '';
  return new Promise((resolve) => {
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        printed += chunk.toString('utf8');
        if (/^ready agent/m.test(printed)) resolve({ ready: true, printed });
      });
    child.once('close', () => resolve({ ready: false, printed }));
  });
}
async function end(): Promise<void> {
  if (agent === null || agent.exitCode !== null || agent.signalCode !== null) return;
  const gone = once(agent, 'exit');
  agent.kill('SIGTERM');
  await gone;
}

it.each(['before', 'unanswered', 'after'] as const)(
  'joins once, also when it is killed %s the answer to its token',
  async (at) => {
    const { id, token } = await made(`joins ${at}`);
    const dataDir = folder();
    kill = { path: '/api/agent/enrol', at, done: false };
    expect((await start(dataDir, '--token', token)).ready).toBe(false);
    const first = kept(dataDir);
    expect(statSync(join(dataDir, 'agent-key.json')).mode & 0o777).toBe(0o600);
    expect((await start(dataDir, '--token', token)).ready).toBe(true);
    // The key that it made before it was killed.
    expect([first.own?.key, first.joining?.key]).toContain(kept(dataDir).own?.key);
    expect(await facts(id)).toMatchObject({ enrolUntil: null, misused: null, since: expect.any(Number) });
    await end();
    // The same command again, and none at all: it has its own key.
    expect((await start(dataDir, '--token', token)).ready).toBe(true);
    await end();
    expect((await start(dataDir)).ready).toBe(true);
  },
  60_000,
);

it('is told what to do when its token is used up, unknown, or it has none', async () => {
  const { token } = await made('used up');
  expect((await start(folder(), '--token', token)).ready).toBe(true);
  await end();
  const again = await start(folder(), '--token', token);
  expect(again).toMatchObject({ ready: false, printed: expect.stringContaining('used already') });
  expect(again.printed).not.toContain(token);
  const unknown = await start(folder(), '--token', `rhe_${'x'.repeat(43)}`);
  expect(unknown.printed).toContain('does not know this token');
  expect((await start(folder())).printed).toContain('--token or --token-file is missing');
}, 60_000);

it.each([
  ['/api/agent/key', 'before'],
  ['/api/agent/key', 'unanswered'],
  ['/api/agent/key', 'after'],
] as const)(
  'has a key that holds, also when it is killed at %s %s',
  async (path, at) => {
    const { id, token } = await made(`renews ${path} ${at}`);
    const dataDir = folder();
    await start(dataDir, '--token', token);
    const old = kept(dataDir).own?.key ?? '';
    const gone = once(agent ?? process, 'exit');
    kill = { path, at, done: false };
    await send('POST', `/api/agents/${id}/renew-key`);
    await gone;
    // Until the new one was used the old one holds.
    expect(await statusOf(old)).toBe(200);
    expect((await start(dataDir, '--token', token)).ready).toBe(true);
    await until('the new key is in use', async () =>
      (await statusOf(old)) === 401 && (await facts(id))?.renewing === false ? true : undefined,
    );
    const { own, next } = kept(dataDir);
    expect(own?.key).not.toBe(old);
    expect(next).toBeNull();
    expect(await statusOf(own?.key ?? '')).toBe(200);
    expect(await facts(id)).toMatchObject({ misused: null });
  },
  60_000,
);

it('is stopped at once when it is revoked, and comes back', async () => {
  const { id, token } = await made('revoked');
  const dataDir = folder();
  await start(dataDir, '--token', token);
  const key = kept(dataDir).own?.key ?? '';
  const version = z
    .object({ version: z.string() })
    .parse(
      await (
        await fetch(`${backend.url}/api/agent/assignment`, { headers: { authorization: `Bearer ${key}` } })
      ).json(),
    ).version;
  const open = fetch(`${backend.url}/api/agent/assignment?known=${version}`, {
    headers: { authorization: `Bearer ${key}` },
  });
  const startedAt = performance.now();
  await send('DELETE', `/api/agents/${id}`);
  const answer = await open;
  // A question that was open is answered, with nothing.
  if (answer.status === 200) expect(await answer.json()).toMatchObject({ devices: [] });
  else expect(answer.status).toBe(401);
  expect(performance.now() - startedAt).toBeLessThan(5000);
  expect(await statusOf(key)).toBe(401);
  await send('POST', `/api/agents/${id}/restore`);
  expect(await statusOf(key)).not.toBe(401);
}, 60_000);

it('keeps going with a key of the form of before, given in a file', async () => {
  const key = readFileSync(backend.agentTokenFile, 'utf8').trim();
  const file = join(folder(), 'token');
  writeFileSync(file, `${key}\n`, { mode: 0o600 });
  expect((await start(folder(), '--token-file', file)).ready).toBe(true);
}, 60_000);
