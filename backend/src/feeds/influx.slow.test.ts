import { gzipSync, zstdCompressSync } from 'node:zlib';
import { CreatedFeed, FeedList } from '@rackhaus/config/contract';
import { InfluxDB } from 'influx';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from '../testing/client.ts';
import { startTestBackend, type TestBackend } from '../testing/test-backend.ts';

let backend: TestBackend;
let admin: Client;
beforeAll(async () => {
  backend = await startTestBackend();
  admin = await backend.administrator();
}, 60_000);
afterAll(() => backend?.remove());

async function newFeed(name: string) {
  return CreatedFeed.parse((await admin.post('/api/feeds', { name })).json);
}
const sourcesOf = async (feedId: number) =>
  FeedList.parse((await admin.get('/api/feeds')).json).sources.filter((source) => source.feedId === feedId);

function write(token: string, lines: string, path = '/api/v2/write?org=x&bucket=y&precision=ms') {
  return backend.client().send('POST', path, lines, { authorization: `Token ${token}` });
}

describe('the addresses of InfluxDB', () => {
  it('take tokens in every way in which clients send them, and no others', async () => {
    const { token } = await newFeed('Token');
    const send = (path: string, headers: Record<string, string>) =>
      backend.client().send('POST', path, `cpu,host=t v=1 ${backend.clock.now}`, headers);
    const basic = `Basic ${Buffer.from(`anybody:${token}`).toString('base64')}`;
    for (const [path, headers] of [
      ['/write?db=x&precision=ms', { authorization: basic }],
      ['/write?db=x&precision=ms', { authorization: `Token anybody:${token}` }],
      [`/write?db=x&precision=ms&u=anybody&p=${token}`, {}],
      ['/api/v2/write?precision=ms', { authorization: `Bearer ${token}` }],
      ['/api/v2/write?precision=ms', { authorization: `Token ${token}` }],
    ] as const)
      expect((await send(path, headers)).status, JSON.stringify([path, headers])).toBe(204);
    expect((await send('/write?db=x', {})).status).toBe(401);
    const wrong = await send('/api/v2/write', { authorization: 'Token rhf_wrong' });
    expect([wrong.status, wrong.json]).toEqual([
      401,
      { code: 'unauthorized', message: expect.stringContaining('not valid') },
    ]);
  });

  it('say what they are, and answer what clients ask first', async () => {
    const { token } = await newFeed('Frager');
    expect((await backend.client().get('/ping')).status).toBe(204);
    expect((await backend.client().get('/health')).json).toMatchObject({ status: 'pass' });
    const made = await backend.client().send('POST', '/query', 'q=CREATE+DATABASE+%22telegraf%22', {
      authorization: `Token ${token}`,
      'content-type': 'application/x-www-form-urlencoded',
    });
    expect(made.json).toEqual({ results: [{ statement_id: 0 }] });
  });

  it('unpack bodies, and refuse those that are too large', async () => {
    const { token } = await newFeed('Packer');
    const lines = new TextEncoder().encode(`mem,host=packed used_percent=40 ${backend.clock.now}`);
    for (const [encoding, body] of [
      ['gzip', gzipSync(lines)],
      ['zstd', zstdCompressSync(lines)],
    ] as const) {
      const answer = await backend.client().send('POST', '/write?precision=ms', new Uint8Array(body), {
        authorization: `Token ${token}`,
        'content-encoding': encoding,
      });
      expect(answer.status, answer.text).toBe(204);
    }
    const bomb = new Uint8Array(gzipSync(Buffer.alloc(26_000_000, '#')));
    const refused = await backend.client().send('POST', '/api/v2/write', bomb, {
      authorization: `Token ${token}`,
      'content-encoding': 'gzip',
    });
    expect([refused.status, refused.json]).toMatchObject([413, { code: 'request too large' }]);
  });

  it('take the good lines of a write and name the bad ones', async () => {
    const { id, token } = await newFeed('Halb');
    const answer = await write(token, `mem,host=half used_percent=40 ${backend.clock.now}\nnonsense\n`);
    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject({
      code: 'invalid',
      message: expect.stringMatching(/^partial write: .*line 2/),
    });
    expect(await sourcesOf(id)).toMatchObject([{ label: 'half', points: 1 }]);
    const first = await write(token, 'nonsense', '/write?precision=ms');
    expect(first.json).toMatchObject({ error: expect.stringContaining('unable to parse line 1') });
    const precision = await write(token, 'a b=1', '/api/v2/write?precision=fortnight');
    expect([precision.status, precision.json]).toMatchObject([
      400,
      { message: expect.stringContaining('fortnight') },
    ]);
  });

  it('take what the client of InfluxDB 1.x writes', async () => {
    const { id, token } = await newFeed('npm');
    const { hostname, port } = new URL(backend.url);
    const influx = new InfluxDB({
      host: hostname,
      port: Number(port),
      database: 'x',
      username: 'any',
      password: token,
    });
    await influx.createDatabase('x');
    await influx.writePoints([
      { measurement: 'cpu', tags: { host: 'client', cpu: 'cpu-total' }, fields: { usage_idle: 75.5 } },
    ]);
    expect(await influx.getDatabaseNames()).toEqual(['rackhaus']);
    expect(await sourcesOf(id)).toMatchObject([{ label: 'client', waiting: 1 }]);
  });
});
