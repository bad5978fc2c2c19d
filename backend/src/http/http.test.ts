import { createServer, request as httpRequest, type Server } from 'node:http';
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { Problem } from '@rackhaus/config/contract';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { AppError } from '../problem.ts';
import { Client } from '../testing/client.ts';
import { createHttpApp } from './app.ts';
import { closeServer, listen } from './listen.ts';
import { defineRoute, type Route } from './route.ts';

// fetch would ask for a full answer otherwise.
const revalidate = { 'cache-control': 'max-age=0' };
const secretText = 'postgres://admin:hunter2@db';

const Thing = z.strictObject({ name: z.string().min(1), size: z.int().optional() });
const routes: Route[] = [
  defineRoute({
    method: 'post',
    path: '/api/things/:id',
    summary: 'Takes a thing.',
    params: z.strictObject({ id: z.string().regex(/^\d+$/, 'must be a number').transform(Number) }),
    query: z.strictObject({ loud: z.enum(['yes', 'no']).default('no') }),
    body: Thing,
    reply: z.strictObject({ id: z.int(), loud: z.boolean(), name: z.string() }),
    handle: ({ params, query, body }) => ({ id: params.id, loud: query.loud === 'yes', name: body.name }),
  }),
  defineRoute({
    method: 'post',
    path: '/api/text',
    summary: 'Takes lines.',
    bodyType: 'text',
    bodyLimit: 1000,
    body: z.string(),
    reply: z.strictObject({ length: z.int() }),
    handle: ({ body }) => ({ length: body.length }),
  }),
  defineRoute({
    method: 'post',
    path: '/api/bytes',
    summary: 'Takes a file.',
    bodyType: 'bytes',
    bodyLimit: 1000,
    body: z.instanceof(Uint8Array),
    reply: z.strictObject({ sum: z.int() }),
    handle: ({ body }) => ({ sum: body.reduce((sum, byte) => sum + byte, 0) }),
  }),
  defineRoute({
    method: 'get',
    path: '/api/broken',
    summary: 'Has a bug.',
    handle: () => {
      throw new Error(`cannot reach ${secretText}`);
    },
  }),
  defineRoute({
    method: 'get',
    path: '/api/undeclared',
    summary: 'Answers what it does not declare.',
    reply: z.strictObject({ name: z.string() }),
    handle: () => Object.assign({ name: 'x' }, { passwordHash: secretText }),
  }),
  defineRoute({
    method: 'get',
    path: '/api/busy',
    summary: 'Is away.',
    handle: () => {
      throw new AppError('unavailable', 'The store does not answer.', undefined, { afterSeconds: 2.5 });
    },
  }),
  defineRoute({
    method: 'get',
    path: '/api/long',
    summary: 'Has much to say.',
    reply: z.strictObject({ text: z.string() }),
    handle: () => ({ text: 'long '.repeat(10_000) }),
  }),
];

let server: Server;
let client: Client;
let logged = '';

beforeEach(async () => {
  logged = '';
  server = createServer(
    createHttpApp({
      routes,
      gate: {
        permissionOf: () => ({ least: 'public' }),
        admit: async () => ({ kind: 'nobody' }),
        allow: () => undefined,
        within: async () => undefined,
      },
      frontend: { folder: '/nowhere', files: new Map(), indexHtml: null },
      publicUrl: 'https://rackhaus.example.de',
      https: true,
      trustProxy: '',
      checkReplies: true,
      log: pino(
        { level: 'debug' },
        {
          write(line: string) {
            logged += line;
          },
        },
      ),
    }),
  );
  client = new Client(await listen(server, 0, '127.0.0.1'));
});
afterEach(() => closeServer(server));

describe('a request', () => {
  it('is validated in all its parts', async () => {
    const answer = await client.post('/api/things/7?loud=yes', { name: 'Schrank 1' });
    expect(answer).toMatchObject({ status: 200, json: { id: 7, loud: true, name: 'Schrank 1' } });
  });

  const json = { 'content-type': 'application/json' };
  it.each([
    ['JSON that is none', '/api/things/7', '{"name":', json, 400, /not valid JSON/],
    ['an unknown key', '/api/things/7', '{"name":"a","nmae":"b"}', json, 400, /nmae: is not known here/],
    ['a wrong type', '/api/things/7', '{"name":7}', json, 400, /name: .*string/],
    ['a wrong parameter', '/api/things/x', '{"name":"a"}', json, 400, /id: must be a number/],
    ['an unknown query', '/api/things/7?laut=ja', '{"name":"a"}', json, 400, /laut: is not known here/],
    ['no body', '/api/things/7', undefined, {}, 400, /needs a body with Content-Type: application\/json/],
    [
      'a form',
      '/api/things/7',
      'name=a',
      { 'content-type': 'application/x-www-form-urlencoded' },
      400,
      /Content-Type/,
    ],
    ['a large body', '/api/things/7', `{"name":"${'a'.repeat(200_000)}"}`, json, 413, /too large/],
    [
      'a strange character set',
      '/api/things/7',
      '{}',
      { 'content-type': 'application/json; charset=ebcdic' },
      400,
      /UTF-8/,
    ],
    ['a strange encoding', '/api/things/7', '{}', { ...json, 'content-encoding': 'lzma' }, 400, /gzip/],
    [
      'broken gzip',
      '/api/text',
      'not gzip',
      { 'content-type': 'text/plain', 'content-encoding': 'gzip' },
      400,
      /./,
    ],
    ['a broken address', '/api/things/%E0%A4%A', '{"name":"a"}', json, 400, /./],
    ['an unknown route', '/api/nothing', '{}', json, 404, /There is no POST \/api\/nothing/],
  ])('with %s gets a clear problem', async (_what, path, body, headers, status, message) => {
    const answer = await client.send('POST', path, body, headers);
    expect(answer.status).toBe(status);
    expect(Problem.parse(answer.json).message).toMatch(message);
    expect(answer.text).not.toMatch(/node_modules|\.ts:|at \w+ \(/);
  });

  it('says which fields are wrong', async () => {
    const answer = await client.post('/api/things/7', { name: '', size: 1.5 });
    expect(Problem.parse(answer.json).fields?.map((field) => field.path)).toEqual(['name', 'size']);
  });

  it('may be compressed, and a small bomb stays small', async () => {
    const headers = { 'content-type': 'text/plain', 'content-encoding': 'gzip' };
    const fine = await client.send('POST', '/api/text', gzipSync('a'.repeat(1000)), headers);
    expect(fine.json).toEqual({ length: 1000 });
    const bomb = await client.send('POST', '/api/text', gzipSync('a'.repeat(50_000_000)), headers);
    expect(bomb).toMatchObject({ status: 413, json: { code: 'too-large' } });
  });
});

describe('an error', () => {
  it('that is not meant for people shows nothing but a number, which the log has too', async () => {
    const answer = await client.get('/api/broken');
    expect(answer).toMatchObject({ status: 500, json: { code: 'internal' } });
    expect(answer.text).not.toMatch(/hunter2|Error|\.ts/);
    const id = answer.headers.get('x-request-id') ?? 'none';
    expect(answer.text).toContain(id);
    expect(logged.split('\n').find((line) => line.includes(id))).toContain('cannot reach');
  });

  it('is what a reply becomes that is not as declared', async () => {
    const answer = await client.get('/api/undeclared');
    expect(answer.status).toBe(500);
    expect(answer.text).not.toContain(secretText);
  });

  it('says when to try again', async () => {
    const answer = await client.get('/api/busy');
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('3');
  });
});

describe('a request from another site', () => {
  const thing = { name: 'a' };
  it.each([
    ['no browser', {}, 200],
    ['our page', { 'sec-fetch-site': 'same-origin' }, 200],
    ['the address bar', { 'sec-fetch-site': 'none' }, 200],
    ['another site', { 'sec-fetch-site': 'cross-site' }, 403],
    ['a neighbour under the same domain', { 'sec-fetch-site': 'same-site' }, 403],
    ['our page over http', { origin: 'SELF' }, 200],
    ['our page behind a proxy', { origin: 'https://rackhaus.example.de' }, 200],
    ['another site over http', { origin: 'http://evil.example' }, 403],
    ['another port', { origin: 'http://127.0.0.1:1' }, 403],
    ['a sandboxed frame', { origin: 'null' }, 403],
  ])('that changes something: %s', async (_who, given, status) => {
    const headers = Object.fromEntries(
      Object.entries(given).map(([key, value]) => [key, value === 'SELF' ? client.url : value]),
    );
    expect((await client.post('/api/things/7', thing, headers)).status).toBe(status);
  });

  it('may read what is public', async () => {
    expect((await client.get('/api/long', { 'sec-fetch-site': 'cross-site' })).status).toBe(200);
  });
});

describe('a reply', () => {
  it('is compressed, private and not sent twice', async () => {
    const first = await client.get('/api/long', { 'accept-encoding': 'gzip' });
    expect(first.headers.get('content-encoding')).toBe('gzip');
    expect(first.headers.get('cache-control')).toBe('private, no-cache');
    const again = await client.get('/api/long', {
      ...revalidate,
      'if-none-match': first.headers.get('etag') ?? '',
    });
    expect(again.status).toBe(304);
  });

  it('tells browsers to be strict, and nothing of what serves it', async () => {
    const { headers } = await client.get('/api/docs');
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
  });
});

it('logs no query, cookie or body', async () => {
  await client.post('/api/things/7?loud=yes', { name: 'geheim-1' }, { cookie: 'rackhaus_session=geheim-2' });
  await client.get('/api/broken?token=geheim-3', { authorization: 'Bearer geheim-4' });
  expect(logged).toContain('/api/things/7');
  expect(logged).not.toContain('geheim');
  expect(logged).not.toContain('loud=yes');
});

it('closes while somebody still waits for an answer', async () => {
  const idle = httpRequest(`${client.url}/api/text`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain', 'content-length': '100' },
  });
  const broken = new Promise((resolve) => idle.once('error', resolve));
  idle.flushHeaders();
  await client.get('/api/docs');
  const started = performance.now();
  await closeServer(server);
  expect(performance.now() - started).toBeLessThan(4000);
  await broken;
});

describe('a body of bytes', () => {
  it.each(['application/octet-stream', 'image/png', 'application/json'])(
    'is taken as it is: %s',
    async (type) => {
      const reply = await client.send('POST', '/api/bytes', new Uint8Array([1, 2, 200]), {
        'content-type': type,
      });
      expect(reply.json).toEqual({ sum: 203 });
    },
  );
  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
    ['zstd', zstdCompressSync],
    ['ZSTD', zstdCompressSync],
  ] as const)('may be packed with %s, and a small bomb stays small', async (encoding, pack) => {
    const send = (bytes: Uint8Array) =>
      client.send('POST', '/api/bytes', Uint8Array.from(bytes), { 'content-encoding': encoding });
    expect((await send(pack(new Uint8Array(1000).fill(1)))).json).toEqual({ sum: 1000 });
    expect(await send(pack(new Uint8Array(1001)))).toMatchObject({ status: 413 });
    expect((await send(pack(new Uint8Array(20_000_000)))).status).toBe(413);
    const cut = pack(new Uint8Array(1000).fill(1)).subarray(0, -3);
    expect(await send(cut)).toMatchObject({
      status: 400,
      json: { message: `The body is not ${encoding.toLowerCase()}, or was damaged on its way.` },
    });
  });
  it('must be there and within its limit', async () => {
    expect((await client.send('POST', '/api/bytes')).status).toBe(400);
    expect((await client.send('POST', '/api/bytes', new Uint8Array(1001))).status).toBe(413);
  });
});
