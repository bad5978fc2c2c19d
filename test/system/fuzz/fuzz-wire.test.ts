import { readFile } from 'node:fs/promises';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { CreatedFeed } from '@rackhaus/config/contract';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { type RunningBackend, signIn, startBackend } from '../../harness/backend.ts';
import { until } from '../../harness/process.ts';
import { type Call, Caller, leakIn } from './call.ts';
import { hostileText, hostileValue, jsonText } from './hostile.ts';

// What is not JSON over HTTP: line protocol, the packets of sockets, and cookies and keys that somebody has made up.

const Description = z.object({
  paths: z.record(z.string(), z.record(z.string(), z.object({ 'x-access': z.string() }))),
});

const seed = Number(process.env.FUZZ_SEED ?? 20_261_123);
let backend: RunningBackend;
let caller: Caller;
let cookie: string;
let token: string;
/** Of a program that writes by itself. */
let feed: string;

beforeAll(async () => {
  backend = await startBackend();
  caller = new Caller(backend.url);
  cookie = await signIn(backend);
  token = (await readFile(backend.agentTokenFile, 'utf8')).trim();
  const made = await send({
    method: 'POST',
    path: '/api/feeds',
    headers: { cookie, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Telegraf' }),
  });
  feed = CreatedFeed.parse(JSON.parse(made.text)).token;
});
afterAll(async () => {
  caller?.close();
  await backend?.stop();
});

const send = (call: Call) => caller.send(call, '127.0.0.1', 20_000);
const get = (path: string, headers: Record<string, string>) =>
  send({ method: 'GET', path, headers, body: undefined });

/** Still the same process, still serving who may be served. */
async function stillWell(): Promise<void> {
  expect(backend.child.exitCode).toBeNull();
  expect((await get('/api/structure', { cookie })).status).toBe(200);
  const log = await readFile(backend.logFile, 'utf8');
  expect(log.split('\n').filter((line) => /request failed|"level":60/.test(line))).toEqual([]);
}

const word = fc.oneof(
  fc.constantFrom(
    'device',
    'sw-1',
    'in',
    'a\\ b',
    'a\\,b',
    'a\\=b',
    '"',
    '\\',
    '1i',
    '1u',
    't',
    'NaN',
    '1e999',
    '-',
    '',
    ' ',
  ),
  hostileText.map((text) => text.slice(0, 20_000)),
);
const line = fc.oneof(
  fc.tuple(word, word, word, word, word).map(([a, b, c, d, e]) => `${a},${b}=${c} ${d}=${e}`),
  fc
    .tuple(word, fc.double(), fc.integer({ min: -1, max: Number.MAX_SAFE_INTEGER }))
    .map(([name, value, time]) => `device,device=1 ${name}=${value} ${time}`),
  fc.constantFrom(
    '#',
    ',',
    '=',
    ' ',
    '\r',
    'a',
    'a b',
    'a b=',
    'a b="',
    'a b=1 x',
    'a b=1 99999999999999999999',
    `m ${'f=1,'.repeat(9000)}`,
    `m${',t=1'.repeat(9000)} f=1`,
  ),
  hostileText,
);
const packet = fc.array(line, { maxLength: 40 }).map((lines) => Buffer.from(lines.join('\n')));
const encodings: readonly [name: string, pack: (body: Buffer) => Uint8Array][] = [
  ['identity', (body) => body],
  ['gzip', (body) => gzipSync(body)],
  ['zstd', (body) => zstdCompressSync(body)],
  ['gzip', (body) => gzipSync(body).subarray(0, -5)],
  ['zstd', (body) => body],
  ['gzip', () => gzipSync(Buffer.alloc(200_000_000, 'x'))],
];

it('takes or refuses any line protocol, packed or broken', { timeout: 120_000 }, async () => {
  const wrong: string[] = [];
  const paths = [
    '/api/agent/readings',
    '/write?db=x',
    '/write',
    '/api/v2/write?bucket=x&org=y',
    '/api/v2/write',
  ];
  const auths = [
    ...Array<string>(12).fill(`Token ${feed}`),
    `Basic ${Buffer.from(`x:${feed}`).toString('base64')}`,
    `Bearer ${feed}`,
    `Token ${feed}x`,
    'Bearer',
  ];
  const statuses = new Map<number, number>();
  let number = 0;
  const bodies = fc.sample(fc.tuple(packet, fc.nat(), fc.nat()), { seed, numRuns: 300 });
  const bomb = encodings.length - 1;
  for (const [body, a, b] of bodies) {
    const path = paths[number++ % paths.length] ?? '';
    // The bomb costs the sender the most: once a path is enough.
    const [encoding, pack] = encodings[number <= paths.length ? bomb : b % bomb] ??
      encodings[0] ?? ['', (x: Buffer) => x];
    const reply = await send({
      method: 'POST',
      path,
      headers: {
        authorization: path === paths[0] ? `Bearer ${token}` : (auths[a % auths.length] ?? ''),
        'content-type': 'text/plain',
        'content-encoding': encoding,
        'x-rackhaus-batch': `${number}`,
      },
      body: pack(body),
    });
    statuses.set(reply.status, (statuses.get(reply.status) ?? 0) + 1);
    const leak = leakIn(reply.text);
    // InfluxDB's clients know 503, and come back.
    const later = reply.status === 503 && reply.text.includes('Please wait');
    if ((reply.status >= 500 && !later) || leak !== null)
      wrong.push(
        `${path} ${encoding} ${reply.status} ${leak} ${reply.text.slice(0, 200)}: ${body.toString().slice(0, 300)}`,
      );
  }
  expect(wrong).toEqual([]);
  expect(statuses.get(204), JSON.stringify([...statuses])).toBeGreaterThan(5);
  expect(statuses.get(413)).toBeGreaterThan(1);
  await stillWell();
});

it('outlives any packet of a socket', { timeout: 120_000 }, async () => {
  const texts = fc.sample(
    fc.oneof(
      fc.constantFrom(
        '',
        '0',
        '1',
        '2',
        '3',
        '4',
        '5',
        '6',
        '40',
        '41',
        '42',
        '43',
        '44',
        '45',
        '42[',
        '42["watch"',
        '42["watch"]',
        '42["watch",null]',
        '42["disconnect"]',
        '42["connection",{}]',
        '42["__proto__",{}]',
        '451-["watch",{"_placeholder":true,"num":0}]',
        '4599999999999-["watch"]',
        '42999999999999999999["watch",{}]',
        '40/admin,',
        '40/../,{}',
        '42/x,["watch",{}]',
        '\u001e\u001e\u001e',
        '420["watch",{"view":"overview","since":null}]',
        '430[{"ok":true}]',
      ),
      hostileValue.map((value) => `42["watch",${jsonText(value)}]`.slice(0, 4000)),
      hostileValue.map((value) => `421[${jsonText(value)}]`.slice(0, 4000)),
      fc
        .tuple(hostileText, hostileText)
        .map(([view, since]) =>
          `42${jsonText(['watch', { view: view.slice(0, 500), since }])}`.slice(0, 4000),
        ),
      hostileText.map((text) => text.slice(0, 8000)),
    ),
    { seed, numRuns: 200 },
  );
  const headers = (who: string) => (who === '' ? {} : { cookie: who });
  for (const [index, text] of texts.entries()) {
    const who = index % 3 === 0 ? '' : cookie;
    const opened = await get(`/socket.io/?EIO=4&transport=polling&t=${index}`, headers(who));
    const sid = /"sid":"([^"]+)"/.exec(opened.text)?.[1];
    if (sid === undefined) continue;
    const path = `/socket.io/?EIO=4&transport=polling&sid=${sid}`;
    for (const body of ['40', text]) {
      const reply = await send({
        method: 'POST',
        path,
        headers: { ...headers(who), 'content-type': 'text/plain;charset=UTF-8' },
        body,
      });
      expect(reply.status, text.slice(0, 200)).toBeLessThan(500);
      expect(leakIn(reply.text)).toBeNull();
    }
    // Says good-bye, so that the next ones have room.
    await send({ method: 'POST', path, headers: headers(who), body: '1' });
  }
  for (const query of [
    '',
    '?EIO=3',
    '?EIO=4',
    '?EIO=4&transport=x',
    '?EIO=4&transport=polling&sid=__proto__',
    '?EIO=4&transport=websocket&sid=%00',
  ])
    expect((await get(`/socket.io/${query}`, { cookie })).status).toBeLessThan(500);
  await stillWell();
});

it('lets nobody in with a cookie or key that it has not given', { timeout: 120_000 }, async () => {
  const { paths: described } = Description.parse(
    JSON.parse((await get('/api/openapi.json', { cookie })).text),
  );
  const paths = Object.entries(described).flatMap(([path, methods]) =>
    methods.get !== undefined && methods.get['x-access'] !== 'public' ? [path.replace(/\{\w+\}/g, '1')] : [],
  );
  expect(paths.length).toBeGreaterThan(50);
  const [name = '', value = ''] = cookie.split('=');
  const flipped = `${value.startsWith('a') ? 'b' : 'a'}${value.slice(1)}`;
  const made = [
    `${name}=`,
    `${name}=${value.slice(0, -1)}`,
    `${name}=${value}x`,
    `${name}=${flipped}`,
    `${name}=${value.toUpperCase()}${value.toLowerCase()}`,
    `${name}=${'A'.repeat(value.length)}`,
    `${name}=eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIiwicm9sZSI6ImFkbWluaXN0cmF0b3IifQ.`,
    `${name}=${token}`,
    `${name}=1; ${name}=2`,
    `x${name}=${value}`,
    `${name}=' OR '1'='1`,
    `${name}=%00`,
    'userId=1; role=administrator',
    `${name}=${'x'.repeat(9000)}`,
  ];
  const keys = [
    '',
    'Bearer',
    `Bearer ${token.slice(0, -1)}`,
    `Bearer ${token}x`,
    `Bearer ${value}`,
    `bearer  ${token.slice(1)}`,
    `Basic ${token}`,
    'Bearer null',
    'Bearer eyJhbGciOiJub25lIn0.e30.',
  ];
  const wrong: string[] = [];
  for (const [index, path] of paths.entries()) {
    for (const bad of [made[index % made.length], made[(index * 5 + 1) % made.length]]) {
      const reply = await get(path, { cookie: bad ?? '' });
      if (reply.status !== 401 || leakIn(reply.text) !== null)
        wrong.push(`${path} with ${bad}: ${reply.status}`);
    }
    const key = keys[index % keys.length] ?? '';
    const reply = await get(path, { authorization: key });
    if (reply.status !== 401) wrong.push(`${path} with ${key}: ${reply.status}`);
  }
  expect(wrong).toEqual([]);
  await stillWell();
});

it('is there for the next one', async () => {
  await until('health', async () =>
    (await get('/api/health', { cookie })).status === 200 ? true : undefined,
  );
});
