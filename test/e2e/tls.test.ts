import { readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { createServer, type Server } from 'node:https';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type RunningBackend, restartBackend, startBackend } from '../harness/backend.ts';
import { startBrowser } from '../harness/browser.ts';
import { startFalseProvider } from '../harness/false-provider.ts';

/** A proxy as nginx is set up in docs/installation.md: TLS outside, plain inside, web sockets handed on. */
async function startProxy(tls: { cert: Buffer; key: Buffer }, backendUrl: () => string) {
  const headersFor = (host: string | undefined, address: string | undefined) => ({
    'x-forwarded-for': address ?? '',
    'x-forwarded-proto': 'https',
    host: host ?? '',
  });
  const server: Server = createServer(tls, (request, response) => {
    const { hostname, port } = new URL(backendUrl());
    const inner = httpRequest(
      {
        host: hostname,
        port,
        path: request.url,
        method: request.method,
        headers: { ...request.headers, ...headersFor(request.headers.host, request.socket.remoteAddress) },
      },
      (reply) => {
        response.writeHead(reply.statusCode ?? 502, reply.headers);
        reply.pipe(response);
      },
    );
    inner.on('error', () => response.destroy());
    request.pipe(inner);
  });
  server.on('upgrade', (request, socket, head) => {
    const { hostname, port } = new URL(backendUrl());
    const inner = connect(Number(port), hostname, () => {
      const headers = {
        ...request.headers,
        ...headersFor(request.headers.host, request.socket.remoteAddress),
      };
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${String(value)}`);
      inner.write(`GET ${request.url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
      inner.write(head);
      inner.pipe(socket).pipe(inner);
    });
    inner.on('error', () => socket.destroy());
    socket.on('error', () => inner.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = z.object({ port: z.number() }).parse(server.address());
  return { url: `https://localhost:${port}`, server };
}

describe('encryption', () => {
  let backend: RunningBackend;
  let browser: Browser;
  let proxy: Awaited<ReturnType<typeof startProxy>>;
  let page: Page;
  beforeAll(async () => {
    backend = await startBackend({ TLS: 'self-signed', REDIRECT_PORT: '0' });
    browser = await startBrowser();
  }, 240_000);
  afterAll(async () => {
    await browser?.close();
    proxy?.server.closeAllConnections();
    proxy?.server.close();
    await backend?.stop();
  });

  async function signIn(url: string): Promise<void> {
    // The certificate is signed by the server itself; everything else is as for everybody.
    const context = await browser.newContext({ ignoreHTTPSErrors: true, locale: 'de' });
    page = await context.newPage();
    await page.goto(`${url}/sign-in`);
    await page.locator('input[autocomplete="username"]').fill(backend.user);
    await page.locator('input[type="password"]').fill(backend.password);
    const socket = page.waitForEvent('websocket', {
      predicate: (opened) => opened.url().startsWith('wss://'),
    });
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/rooms/);
    const opened = await socket;
    if (!opened.isClosed()) await opened.waitForEvent('framereceived');
  }

  async function expectSafeCookie(): Promise<void> {
    const cookies = await page.context().cookies();
    expect(cookies.filter(({ name }) => name.includes('rackhaus'))).toMatchObject([
      { name: '__Host-rackhaus', secure: true, httpOnly: true, sameSite: 'Strict', path: '/' },
    ]);
  }

  it('by itself: cookie, headers, sockets, and a fingerprint that is shown', async () => {
    expect(backend.url).toMatch(/^https:/);
    await signIn(backend.url);
    await expectSafeCookie();
    const reply = await page.request.get(`${backend.url}/api/protection`);
    expect(reply.headers()['strict-transport-security']).toBe('max-age=31536000');
    const { certificate, connection } = z
      .object({
        certificate: z.object({ fingerprint: z.string() }),
        connection: z.object({ encrypted: z.boolean() }),
      })
      .parse(await reply.json());
    expect(connection.encrypted).toBe(true);
    expect(backend.printed()).toContain(`certificate sha256:${certificate.fingerprint}`);
    await page.goto(`${backend.url}/administration/protection`);
    await page.getByText(certificate.fingerprint).waitFor();

    // What binds signing in elsewhere to this browser is as safe as the session.
    const provider = await startFalseProvider();
    try {
      const headers = { origin: backend.url };
      const settings = {
        ...{ kind: 'oidc', issuer: provider.issuer, clientId: 'rackhaus', scopes: '', groupsClaim: 'groups' },
        ...{ checksSecondFactor: false, acrValues: '', caCertificate: null },
      };
      const data = { name: 'Anderswo', enabled: true, settings, rules: [] };
      const made = await page.request.post(`${backend.url}/api/sign-in-sources`, { headers, data });
      const { id } = z.object({ id: z.number() }).parse(await made.json());
      const start = `${backend.url}/api/sign-in-ways/${id}/start`;
      const started = await page.request.post(start, { headers, data: { next: '/' } });
      expect(started.headers()['set-cookie']).toMatch(/^__Host-rackhaus-sign-in=.*; Secure/);
      expect(await started.text()).toContain(encodeURIComponent(`${backend.url}/sign-in/return`));
    } finally {
      await provider.stop();
    }
    await page.context().close();
  });

  it('by a proxy: PUBLIC_URL is the one setting', { timeout: 120_000 }, async () => {
    const folder = join(backend.dataDir, 'tls');
    const tls = {
      cert: readFileSync(join(folder, 'certificate.pem')),
      key: readFileSync(join(folder, 'key.pem')),
    };
    await backend.stop();
    proxy = await startProxy(tls, () => backend.url);
    backend = await restartBackend(backend, { PUBLIC_URL: proxy.url });
    expect(backend.url).toMatch(/^http:/);
    await signIn(proxy.url);
    await expectSafeCookie();
    const reply = z
      .object({
        certificate: z.null(),
        connection: z.object({ encrypted: z.boolean(), proxies: z.array(z.string()) }),
      })
      .parse(await (await page.request.get(`${proxy.url}/api/protection`)).json());
    expect(reply.connection).toMatchObject({ encrypted: true, proxies: ['127.0.0.1'] });
    // What another site would have the browser send is refused.
    const foreign = await page.request.post(`${proxy.url}/api/labels/pdf`, {
      headers: { origin: 'https://elsewhere.example' },
      data: {},
    });
    expect(foreign.status()).toBe(403);
    await page.context().close();
  });
});
