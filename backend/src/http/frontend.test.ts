import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestBackend, type TestBackend } from '../testing/test-backend.ts';

const index = `<!doctype html><title>Rackhaus</title><script src="/before.js"></script><script src="/start.js"></script>`;
const style = 'position: absolute; width: 1px';
const script = `const a = \`<div style="${style}"><i style="width: \${w}px"></i></div>\`; console.log('${'x'.repeat(3000)}');`;

let folder: string;
let backend: TestBackend;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rackhaus-frontend-'));
  const files = {
    'index.html': index,
    'before.js': script,
    'favicon.svg': '<svg/>',
    '.well-known/security.txt': 'Contact: mailto:it@example.de',
    '_app/immutable/entry/start.1.js': script,
    '_app/immutable/entry/start.1.js.br': brotliCompressSync(script),
    '_app/immutable/entry/start.1.js.gz': gzipSync(script),
  };
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  backend = await startTestBackend({ FRONTEND_DIR: folder });
});
afterAll(async () => {
  await backend.remove();
  await rm(folder, { recursive: true });
});

describe('the interface', () => {
  it.each(['/', '/rooms/1', '/device/switch%201?tab=ports', '/kiosk'])(
    'is index.html at %s',
    async (path) => {
      const answer = await backend.client().get(path);
      expect(answer).toMatchObject({ status: 200, text: index });
      expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(answer.headers.get('cache-control')).toBe('no-cache');
    },
  );

  it('allows files of this server and nothing that stands in a page', async () => {
    const { headers } = await backend.client().get('/');
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("style-src 'self';");
    expect(policy).toContain("style-src-attr 'none';");
    expect(policy).toContain("require-trusted-types-for 'script';");
    expect(policy).not.toMatch(/unsafe|sha256|nonce|https?:|\*/);
    expect(headers.get('permissions-policy')).toContain('geolocation=()');
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
    expect(headers.get('referrer-policy')).toBe('same-origin');
    expect(headers.get('x-frame-options')).toBe('DENY');
  });

  it.each([
    ['br, gzip', 'br'],
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip', 'gzip'],
    ['gzip;q=1, br;q=0.5', 'gzip'],
  ])('sends files as they were compressed beforehand: %s', async (accepted, encoding) => {
    const path = '/_app/immutable/entry/start.1.js';
    const answer = await backend.client().get(path, { 'accept-encoding': accepted });
    expect(answer).toMatchObject({ status: 200, text: script });
    expect(answer.headers.get('content-encoding')).toBe(encoding);
    expect(answer.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(answer.headers.get('vary')).toContain('Accept-Encoding');
    const again = await backend.client().get(path, {
      'accept-encoding': accepted,
      'cache-control': 'max-age=0',
      'if-none-match': answer.headers.get('etag') ?? '',
    });
    expect(again.status).toBe(304);
  });

  it('sends a file plain to who takes nothing else', async () => {
    const answer = await backend.client().get('/before.js', { 'accept-encoding': 'identity' });
    expect(answer).toMatchObject({ status: 200, text: script });
    expect(answer.headers.get('content-encoding')).toBeNull();
  });

  it('has files under .well-known', async () => {
    expect((await backend.client().get('/.well-known/security.txt')).text).toContain('Contact');
  });

  it.each([
    '/_app/immutable/entry/start.0.js',
    '/nothing.js',

    '/..%2f..%2fetc/passwd.txt',
    '/%E0%A4%A',
  ])('has no %s, and no page in its place', async (path) => {
    const answer = await backend.client().get(path);
    expect(answer.status).toBe(404);
    expect(answer.text).not.toContain('<!doctype');
  });

  it('does not take posts', async () => {
    expect((await backend.client().post('/rooms/1', {})).status).toBe(404);
  });
});

it('says so when it has not been built', async () => {
  const bare = await startTestBackend();
  expect(await bare.client().get('/')).toMatchObject({ status: 503 });
  expect((await bare.client().get('/api/health')).json).toEqual({ status: 'ok' });
  await bare.remove();
});
