import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProfilesForAgent } from '@rackhaus/config/contract';
import { type Profile, profileSet } from '@rackhaus/config/profiles';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BackendClient } from '../delivery/backend-client.ts';
import { LiveProfiles } from './live-profiles.ts';
import { OwnProfiles } from './own-profiles.ts';

const given = (hash: string, ...texts: string[]): ProfilesForAgent => ({
  hash,
  profiles: texts.map((text) => ({ id: /id: (\S+)/.exec(text)?.[1] ?? '', version: 1, text })),
});
const mine = 'id: mine\ntitle: Mine';

describe('own profiles of an agent', () => {
  let folder: string;
  let server: Server;
  let answer: { status: number; body: unknown };
  let asked: number;
  let told: unknown[];
  let client: BackendClient;
  let live: LiveProfiles;
  let own: OwnProfiles;
  const shipped = profileSet(new Map<string, Profile>());

  const make = () => {
    live = new LiveProfiles(shipped);
    own = new OwnProfiles({
      file: join(folder, 'own-profiles.json'),
      client,
      shipped,
      live,
      log: pino({ level: 'silent' }),
    });
  };
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rackhaus-own-profiles-'));
    asked = 0;
    told = [];
    server = createServer((request, response) => {
      if (request.method === 'GET') {
        asked++;
        response.writeHead(answer.status).end(JSON.stringify(answer.body));
        return;
      }
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        told.push(JSON.parse(body));
        response.writeHead(204).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    client = new BackendClient({ server: new URL(`http://127.0.0.1:${port}`), token: () => 'x' });
    make();
  });
  afterEach(async () => {
    await own.stop();
    client.close();
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true });
  });

  it('are fetched when the assignment names others, told, and kept for the next start', async () => {
    answer = { status: 200, body: given('one', mine) };
    own.start();
    own.follow('one');
    await expect.poll(() => live.profiles.has('mine')).toBe(true);
    await expect.poll(() => told).toEqual([{ hash: 'one', refused: [] }]);
    own.follow('one');
    expect(asked).toBe(1);
    await own.stop();
    make();
    own.start();
    expect(live.profiles.has('mine')).toBe(true);
    own.follow(undefined);
    await expect.poll(() => live.profiles.size).toBe(0);
  });

  it('that are broken are left out and told; the others are used', async () => {
    answer = { status: 200, body: given('two', mine, 'id: broken\ncolour: red') };
    own.follow('two');
    await expect.poll(() => told).toMatchObject([{ hash: 'two', refused: [{ id: 'broken' }] }]);
    expect([...live.profiles.keys()]).toEqual(['mine']);
  });

  it('stay as they are when the backend does not answer or talks nonsense', async () => {
    answer = { status: 200, body: given('one', mine) };
    own.follow('one');
    await expect.poll(() => live.profiles.has('mine')).toBe(true);
    answer = { status: 200, body: 'nonsense' };
    own.follow('other');
    await expect.poll(() => asked).toBeGreaterThan(1);
    expect(live.profiles.has('mine')).toBe(true);
  });

  it('begin without a file that cannot be read', () => {
    writeFileSync(join(folder, 'own-profiles.json'), '{"hash":');
    own.start();
    expect(live.profiles.size).toBe(0);
    expect(readFileSync(join(folder, 'own-profiles.json'), 'utf8')).toBe('{"hash":');
  });
});
