import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningBackend, signIn, startBackend } from '../../harness/backend.ts';
import { type Call, Caller, leakIn, type Reply } from './call.ts';
import { Known } from './known.ts';
import { type FuzzedRoute, fuzzedRoutes } from './routes.ts';
import { Somebody } from './session.ts';

// Every route, with what nobody would send: the server says no, and goes on. FUZZ_SECONDS and FUZZ_SEED make it longer and another one.

const seconds = Number(process.env.FUZZ_SECONDS ?? 75);
const seed = Number(process.env.FUZZ_SEED ?? 20_261_123);
/** The dearest call takes the server 2 s alone, and others wait behind it on a busy machine; one that takes this long hangs. */
const timeoutMs = 60_000;
const atOnce = 6;
/** The server takes heads of 16 KiB; the other headers need some of it. */
const longestHead = 15_000;
/** On a busy machine it takes longer, rather than to leave routes out. */
const leastRounds = 2;

/** Not called here, and why. */
const leftOut: Readonly<Record<string, string>> = {};
/** Called in one of so many rounds: what takes away what the other calls need. */
const seldom = (route: FuzzedRoute) =>
  route.name === 'delete /api/session' ? 10 : route.method === 'DELETE' ? 3 : 1;

let backend: RunningBackend;
let caller: Caller;
beforeAll(async () => {
  backend = await startBackend({ SIMULATOR_URL: 'http://127.0.0.1:1', SIMULATOR_TOKEN: 'simulator token' });
  caller = new Caller(backend.url);
});
afterAll(async () => {
  caller?.close();
  await backend?.stop();
});

it(
  'answers whatever is sent, never with an error of its own, and says nothing of how it is built',
  async () => {
    const keeper = await signIn(backend);
    const get = (path: string, cookie: string) =>
      caller.send({ method: 'GET', path, headers: { cookie }, body: undefined }, '127.0.0.1', timeoutMs);
    const known = new Known();
    const routes = fuzzedRoutes(JSON.parse((await get('/api/openapi.json', keeper)).text), known).filter(
      ({ name }) => leftOut[name] === undefined,
    );
    for (const route of routes.filter(({ name }) => /^get \/api\/[^{]*$/.test(name))) {
      const reply = await get(route.name.slice('get '.length), keeper);
      if (reply.status === 200) learn(known, route, reply);
    }
    const token = (await readFile(backend.agentTokenFile, 'utf8')).trim();
    const people = [
      'administrator',
      'administrator',
      'administrator',
      'technician',
      'viewer',
      'nobody',
      'agent',
    ];
    const somebodies = new Map(
      ['administrator', 'technician', 'viewer'].map((role) => [role, new Somebody(role, caller, keeper)]),
    );

    const problems: string[] = [];
    const counts = new Map<number, number>();
    const succeeded = new Set<string>();
    /** Looks like a leak and was kept because we sent it, e.g. as the name of a service. */
    const sentBefore = new Set<string>();
    let calls = 0;
    let slowest = { name: '', ms: 0 };

    async function fuzz(route: FuzzedRoute, number: number): Promise<void> {
      const [call] = fc.sample(route.calls(), { seed: seed + number, numRuns: 1 });
      if (call === undefined || spares(call)) return;
      const who =
        route.access === 'agent' && number % 8 !== 0 ? 'agent' : (people[number % people.length] ?? '');
      const somebody = somebodies.get(who);
      const headers = {
        ...call.headers,
        ...(who === 'agent' ? { authorization: `Bearer ${token}` } : await somebody?.headers()),
      };
      const from = `127.0.${1 + (number % 3)}.${1 + (number % 200)}`;
      const told = `${who}: ${call.method} ${call.path.slice(0, 300)} ${bodyText(call).slice(0, 600)} (seed ${seed + number})`;
      const looksLikeOne = leakIn(sentText(call));
      if (looksLikeOne !== null) sentBefore.add(looksLikeOne);
      const started = performance.now();
      let reply: Reply;
      try {
        reply = await caller.send({ ...call, headers }, from, timeoutMs);
      } catch (error) {
        // The server ends a connection over which too long a head comes, and does not wait for the rest of it.
        const cutOff = call.path.length > longestHead && /ECONNRESET|EPIPE/.test(String(error));
        if (!cutOff) problems.push(`${String(error)}: ${told}`);
        return;
      }
      calls++;
      const ms = performance.now() - started;
      if (ms > slowest.ms) slowest = { name: route.name, ms };
      counts.set(reply.status, (counts.get(reply.status) ?? 0) + 1);
      const leak = leakIn(reply.text);
      if (reply.status >= 500 && reply.status !== 503) problems.push(`${reply.status}: ${told}`);
      else if (leak !== null && !sentBefore.has(leak)) problems.push(`says "${leak}": ${told}`);
      if (reply.status === 401 && route.access !== 'public') somebody?.forget();
      if (route.name === 'delete /api/session') somebody?.forget();
      if (reply.status < 400) {
        succeeded.add(route.name);
        if (route.access !== 'public' && who === 'nobody') problems.push(`let in without a session: ${told}`);
        learn(known, route, reply);
      }
    }

    /** The accounts that the rest needs stay as they are. */
    const spares = (call: Call) => /^\/api\/users\/0*1\b/.test(call.path);

    const until = performance.now() + seconds * 1000;
    let number = 0;
    const upcoming = (function* () {
      for (let round = 0; ; round++)
        for (const route of routes) if (round % seldom(route) === 0) yield [route, number++] as const;
    })();
    await Promise.all(
      Array.from({ length: atOnce }, async () => {
        while ((performance.now() < until || number < leastRounds * routes.length) && problems.length < 20) {
          const next = upcoming.next().value;
          if (next !== undefined) await fuzz(...next);
        }
      }),
    );

    const health = await get('/api/health', keeper);
    const log = (await readFile(backend.logFile, 'utf8'))
      .split('\n')
      .filter((line) => /"level":[56]0/.test(line) && !/"status":503,.*"msg":"request"/.test(line));
    const never = routes.filter(({ name }) => !succeeded.has(name)).map(({ name }) => name);
    process.stdout.write(
      `${calls} calls of ${routes.length} routes, ${JSON.stringify(Object.fromEntries(counts))}, slowest ${Math.round(slowest.ms)} ms ${slowest.name}\n` +
        `${never.length} routes never with success${process.env.FUZZ_SECONDS === undefined ? '' : `: ${never.join(', ')}`}\n`,
    );
    expect(problems, [...problems, ...log.slice(0, 30)].join('\n')).toEqual([]);
    expect(log, 'errors in the log').toEqual([]);
    expect(health.status).toBe(200);
    // Were everything refused, nothing would have been tried.
    expect(calls).toBeGreaterThan(routes.length);
    expect(counts.get(429) ?? 0).toBeLessThan(calls / 5);
    expect(succeeded.size).toBeGreaterThan(routes.length / 4);
  },
  (seconds + 300) * 1000,
);

function learn(known: Known, route: FuzzedRoute, reply: Reply): void {
  if (!/^application\/json/.test(String(reply.headers['content-type']))) return;
  known.learn(JSON.parse(reply.text), route.owner);
}

/** What a reply may repeat. */
function sentText(call: Call): string {
  return `${bodyText(call)} ${call.path.replace(/(%[0-9a-f]{2})+/gi, (codes) => Buffer.from(codes.replaceAll('%', ''), 'hex').toString('utf8'))}`;
}

function bodyText(call: Call): string {
  return call.body === undefined ? '' : Buffer.from(call.body).toString('utf8');
}
