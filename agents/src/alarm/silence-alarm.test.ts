import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SilenceAlarm as Plan } from '@rackhaus/config/contract';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { AlarmFile } from './alarm-file.ts';
import { type Call, filled, makeCall } from './call.ts';
import { SilenceAlarm } from './silence-alarm.ts';
import { silentWords } from './words.ts';

const call = (id: string): Call => ({
  id,
  url: 'https://ntfy.example/it',
  headers: {},
  body: '{text}',
  json: false,
});
const plan: Plan = { afterSeconds: 120, language: 'de', calls: [call('a'), call('b')] };
const log = pino({ level: 'silent' });

describe('an agent whose server is silent', () => {
  let folder: string;
  let clock: number;
  let made: string[];
  let refused: ReadonlySet<string>;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rackhaus-alarm-'));
    clock = 1_000_000;
    made = [];
    refused = new Set();
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const open = () => {
    const alarm = new SilenceAlarm({
      file: new AlarmFile(join(folder, 'alarm.json')),
      call: async ({ id }, words, key) => {
        if (refused.has(id)) throw new Error('refused');
        made.push(`${id} ${words.title} ${key}`);
      },
      monotonicMs: () => clock,
      now: () => 1_700_000_000_000 + clock,
      log,
    });
    alarm.start();
    alarm.setPlan('Schule', plan);
    return alarm;
  };
  const pass = async (alarm: SilenceAlarm, seconds: number) => {
    for (let gone = 0; gone < seconds; gone += 5) {
      clock += 5000;
      await alarm.look();
    }
  };
  const titles = () => made.map((each) => each.replace(/ \S+$/, ''));

  it('tells everybody once, and of the end those whom it told', async () => {
    const alarm = open();
    await pass(alarm, 115);
    expect(made).toEqual([]);
    await pass(alarm, 600);
    expect(titles()).toEqual(['a Rackhaus antwortet nicht', 'b Rackhaus antwortet nicht']);
    alarm.heard();
    await pass(alarm, 60);
    expect(titles().slice(2)).toEqual(['a Rackhaus antwortet wieder', 'b Rackhaus antwortet wieder']);
    expect(new Set(made).size).toBe(4);
    await alarm.stop();
  });

  it('says nothing while the server answers', async () => {
    const alarm = open();
    for (let minute = 0; minute < 60; minute++) {
      await pass(alarm, 60);
      alarm.heard();
    }
    expect(made).toEqual([]);
    await alarm.stop();
  });

  it('tries again who did not take the call, by the same key, without repeating the others', async () => {
    refused = new Set(['b']);
    const alarm = open();
    await pass(alarm, 300);
    expect(titles()).toEqual(['a Rackhaus antwortet nicht']);
    refused = new Set();
    await pass(alarm, 60);
    expect(titles()).toEqual(['a Rackhaus antwortet nicht', 'b Rackhaus antwortet nicht']);
    await alarm.stop();
  });

  it('remembers over a restart whom it told', async () => {
    const first = open();
    await pass(first, 200);
    await first.stop();
    const second = open();
    await pass(second, 300);
    expect(made).toHaveLength(2);
    second.heard();
    await pass(second, 10);
    expect(titles().slice(2)).toEqual(['a Rackhaus antwortet wieder', 'b Rackhaus antwortet wieder']);
    const [raised] = made;
    expect(made.filter((each) => each === raised)).toHaveLength(1);
    await second.stop();
  });
});

describe('a call', () => {
  it('escapes what it says in a body of JSON, and encodes it in headers', () => {
    const words = { title: 'Größe "1"', text: 'eins\nzwei' };
    const { headers, body } = filled(
      { ...call('a'), headers: { Title: '{title}' }, body: '{"t":"{text}","k":"{key}"}', json: true },
      words,
      'k1',
    );
    expect(JSON.parse(body)).toEqual({ t: 'eins\nzwei', k: 'k1' });
    expect(Buffer.from(String(headers.Title).slice(10, -2), 'base64').toString()).toBe('Größe "1"');
  });

  it('is taken by a real server, and not when that refuses or leads elsewhere', async () => {
    const seen: string[] = [];
    const server = createServer((request, response) => {
      request.setEncoding('utf8');
      let body = '';
      request.on('data', (chunk: string) => {
        body += chunk;
      });
      request.on('end', () => {
        seen.push(body);
        response.statusCode = request.url === '/good' ? 200 : request.url === '/away' ? 302 : 503;
        if (request.url === '/away') response.setHeader('location', '/good');
        response.end();
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = z.object({ port: z.number() }).parse(server.address());
    const to = (path: string) => ({ ...call('a'), url: `http://127.0.0.1:${port}/${path}` });
    const words = silentWords('de', 'Schule', new Date(0));
    const { signal } = new AbortController();
    await makeCall(to('good'), words, 'k', signal);
    expect(seen).toEqual([words.text]);
    await expect(makeCall(to('bad'), words, 'k', signal)).rejects.toThrow(/answered 503/);
    await expect(makeCall(to('away'), words, 'k', signal)).rejects.toThrow(/answered 302/);
    server.close();
    server.closeAllConnections();
  });
});
