import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Uploaded } from '@rackhaus/config/contract';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from '../../testing/client.ts';
import { startTestBackend, type TestBackend } from '../../testing/test-backend.ts';
import { mediaTypeOf } from './media-type.ts';
import { DocumentStore } from './store.ts';

const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]);
const utf8 = (text: string) => new TextEncoder().encode(text);

describe('what a file is', () => {
  it.each([
    ['image/png', png, 'a.exe'],
    ['image/jpeg', new Uint8Array([0xff, 0xd8, 0xff, 0xe0]), 'a'],
    ['image/webp', utf8('RIFF\x20\x20\x20\x20WEBPVP8 '), 'a'],
    ['application/pdf', utf8('%PDF-1.7\n%'), 'a'],
    ['application/zip', zipSync({ 'a.txt': utf8('a') }), 'a'],
    [
      'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      zipSync({ 'xl/workbook.xml': utf8('<a/>') }),
      'a',
    ],
    [
      'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
      zipSync({ 'word/document.xml': utf8('<a/>') }),
      'a',
    ],
    [
      'image/svg+xml',
      utf8('\uFEFF<?xml version="1.0"?><!-- x --><!DOCTYPE svg [<!ENTITY a "b">]>\n<svg xmlns="x"/>'),
      'a',
    ],
    ['text/csv', utf8('a;b\n1;2'), 'A.CSV'],
    ['text/plain', utf8('<!doctype html><script>alert(1)</script>'), 'a.html'],
    ['text/plain', new Uint8Array([0x4c, 0xfc, 0x66, 0x74]), 'windows-1252.txt'],
    [null, new Uint8Array([0x4d, 0x5a, 0x90, 0, 3]), 'program.pdf'],
    [null, new Uint8Array([0x7f, 0x45, 0x4c, 0x46]), 'program.txt'],
  ])('is %s by its content', (type, bytes, name) => expect(mediaTypeOf(bytes, name)).toBe(type));
});

describe('the folder of documents', () => {
  it('keeps content once, private, and leaves nothing else behind', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rackhaus-documents-'));
    const store = new DocumentStore(folder);
    const hashes = await Promise.all([store.keep(png), store.keep(png), store.keep(png)]);
    const hash = createHash('sha256').update(png).digest('hex');
    expect(new Set(hashes)).toEqual(new Set([hash]));
    expect(await readdir(join(folder, hash.slice(0, 2)))).toEqual([hash]);
    expect((await stat(store.fileOf(hash))).mode & 0o777).toBe(0o600);
    expect(() => store.fileOf('../secret')).toThrow();
    await rm(folder, { recursive: true });
  });
});

describe('documents over the API', () => {
  let backend: TestBackend;
  let technician: Client;
  let viewer: Client;
  beforeAll(async () => {
    backend = await startTestBackend();
    technician = await backend.signedIn('technician');
    viewer = await backend.signedIn('viewer');
  });
  afterAll(() => backend.remove());
  const upload = (bytes: Uint8Array<ArrayBuffer>, type: string, name: string) =>
    technician.send('POST', '/api/documents', bytes, {
      'content-type': type,
      'x-file-name': encodeURIComponent(name),
    });

  it('are kept once and given back so that nothing in them can run', async () => {
    const svg = utf8('<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>');
    const first = await upload(svg, 'image/svg+xml', 'Plan Erdgeschoß.svg');
    expect(first.status, first.text).toBe(200);
    const { id, hash, mediaType } = Uploaded.parse(first.json);
    expect(mediaType).toBe('image/svg+xml');
    expect(Uploaded.parse((await upload(svg, 'text/html', 'x')).json)).toMatchObject({ id, hash });

    const read = await viewer.get(
      `/api/documents/${id}/content?name=${encodeURIComponent('Plan Erdgeschoß.svg')}`,
    );
    expect(read.text).toBe(new TextDecoder().decode(svg));
    expect(Object.fromEntries(read.headers)).toMatchObject({
      'content-type': 'image/svg+xml',
      'content-security-policy': "sandbox; default-src 'none'",
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, max-age=31536000, immutable',
      etag: `"${hash}"`,
      'content-disposition': expect.stringMatching(
        /^attachment; .*filename\*=UTF-8''Plan%20Erdgescho%C3%9F\.svg/,
      ),
    });
    const again = await viewer.get(`/api/documents/${id}/content`, {
      'if-none-match': `"${hash}"`,
      'cache-control': 'max-age=0',
    });
    expect(again.status).toBe(304);

    const text = Uploaded.parse((await upload(utf8('<b>'), 'text/html', 'a.html')).json);
    const saved = await viewer.get(`/api/documents/${text.id}/content`);
    expect(Object.fromEntries(saved.headers)).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'content-disposition': expect.stringMatching(/^attachment/),
    });
  });

  it.each([
    '<script>alert(1)</script>',
    '<svg:script xmlns:svg="http://www.w3.org/2000/svg">alert(1)</svg:script>',
    '<path onload="alert(1)"/>',
    '<a href="javascript:alert(1)"><path/></a>',
    '<a href="java&#x09;script:alert(1)"><path/></a>',
    '<foreignObject><iframe src="x"></iframe></foreignObject>',
  ])('are refused when an SVG does more than be looked at: %s', async (part) => {
    const refused = await upload(utf8(`<svg xmlns="x">${part}</svg>`), 'image/svg+xml', 'Plan.svg');
    expect(refused).toMatchObject({ status: 400, json: { reason: 'active-content' } });
  });

  it('are refused when an SVG is a bomb of entities', async () => {
    const bomb = '<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><svg xmlns="x">&b;</svg>';
    expect((await upload(utf8(bomb), 'image/svg+xml', 'Plan.svg')).status).toBe(400);
    const drawn = '<!DOCTYPE svg [<!ENTITY ns "http://ns.adobe.com/">]><svg xmlns="&ns;"><g/></svg>';
    expect((await upload(utf8(drawn), 'image/svg+xml', 'Plan.svg')).status).toBe(200);
  });

  it('are refused when they are of the wrong kind, empty, or from a viewer', async () => {
    expect(await upload(new Uint8Array([0x4d, 0x5a, 0, 0]), 'application/pdf', 'Rechnung.pdf')).toMatchObject(
      {
        status: 400,
        json: { reason: 'wrong-file-type', message: expect.stringContaining('"Rechnung.pdf"') },
      },
    );
    expect((await upload(new Uint8Array(), 'application/pdf', 'a')).status).toBe(400);
    expect((await viewer.send('POST', '/api/documents', png)).status).toBe(403);
  });

  it.each(['content-length', 'chunked'])(
    'of 2 GB (%s) are refused before they have been sent',
    async (way) => {
      const url = new URL('/api/documents', backend.url);
      const total = 2_000_000_000;
      const chunk = Buffer.alloc(1_000_000, 'a');
      const answer = await new Promise<{ status: number; text: string; sent: number }>((resolve, reject) => {
        let sent = 0;
        const outgoing = httpRequest(url, {
          method: 'POST',
          headers: {
            cookie: technician.cookie ?? '',
            'content-type': 'application/pdf',
            ...(way === 'chunked' ? {} : { 'content-length': total }),
          },
        });
        let answered = false;
        const send = () => {
          while (!answered && sent < total) {
            sent += chunk.length;
            if (!outgoing.write(chunk)) {
              outgoing.once('drain', send);
              return;
            }
          }
        };
        outgoing.on('response', (incoming) => {
          answered = true;
          let text = '';
          incoming.setEncoding('utf8').on('data', (part: string) => {
            text += part;
          });
          incoming.on('end', () => {
            resolve({ status: incoming.statusCode ?? 0, text, sent });
            outgoing.destroy();
          });
        });
        outgoing.on('error', (error) => (answered ? undefined : reject(error)));
        send();
      });
      expect(answer.status).toBe(413);
      expect(JSON.parse(answer.text)).toMatchObject({
        code: 'too-large',
        message: expect.stringContaining('25 MB'),
      });
      expect(answer.sent).toBeLessThan(200_000_000);
      // Others are served as before.
      expect((await upload(png, 'image/png', 'a.png')).status).toBe(200);
    },
  );
});
