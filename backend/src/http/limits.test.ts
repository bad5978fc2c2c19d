import { createServer, type IncomingMessage, type Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { AppError } from '../problem.ts';
import { readBody } from './body.ts';
import { limitConnections, patience } from './limit-connections.ts';
import { Proxies } from './proxies.ts';
import { Rates, rateOf } from './rates.ts';
import type { Caller } from './route.ts';

const closers: (() => unknown)[] = [];
afterEach(() => {
  for (const close of closers.splice(0).reverse()) close();
});

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return z.object({ port: z.number() }).parse(server.address()).port;
}

/** A connection that collects what comes; `ended` resolves with it when the other side closes. */
function raw(port: number): { socket: Socket; ended: Promise<string>; opened: Promise<void> } {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.on('data', (part) => {
    text += part;
  });
  socket.on('error', () => undefined);
  closers.push(() => socket.destroy());
  return {
    socket,
    ended: new Promise((resolve) => socket.once('close', () => resolve(text))),
    opened: new Promise((resolve) => socket.once('connect', () => resolve())),
  };
}

describe('slow clients', () => {
  it('do not keep a connection open with headers that never end', async () => {
    const server = createServer(
      { ...patience, headersTimeout: 300, requestTimeout: 300, connectionsCheckingInterval: 50 },
      (_request, response) => response.end(),
    );
    const port = await listening(server);
    const slow = raw(port);
    slow.socket.write('GET / HTTP/1.1\r\nHost: a\r\n');
    const drip = setInterval(() => slow.socket.write('X-a: b\r\n'), 50);
    const text = await slow.ended;
    clearInterval(drip);
    expect(text).toContain('408');
  });

  it.each([
    ['that stops', 0],
    ['that drips', 40],
  ])('do not with a body %s', async (_, everyMs) => {
    const pace = { stillMs: 200, graceMs: 100, bytesPerSecond: 1000 };
    const server = createServer((request, response) => {
      readBody(request, 100_000, pace).then(
        () => response.end('read'),
        (error: unknown) => response.end(error instanceof AppError ? error.message : 'else'),
      );
    });
    const port = await listening(server);
    const slow = raw(port);
    slow.socket.write('POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 5000\r\n\r\nx');
    const drip = everyMs === 0 ? undefined : setInterval(() => slow.socket.write('x'), everyMs);
    const text = await slow.ended;
    clearInterval(drip);
    expect(text).toContain('The body came too slowly.');
  });

  it('who sends at a good pace is read however long it takes', async () => {
    const pace = { stillMs: 200, graceMs: 100, bytesPerSecond: 10 };
    const server = createServer((request, response) => {
      readBody(request, 100_000, pace).then(
        (body) => response.end(`read ${body.length}`),
        () => response.end('no'),
      );
    });
    const port = await listening(server);
    const steady = raw(port);
    steady.socket.write('POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 100\r\n\r\n');
    let sent = 0;
    const drip = setInterval(() => {
      if (sent < 100) steady.socket.write('x'.repeat(10));
      sent += 10;
    }, 50);
    const text = await steady.ended;
    clearInterval(drip);
    expect(text).toContain('read 100');
  });
});

describe('connections', () => {
  it('of one address are limited, and free again when they close', async () => {
    const server = createServer((_request, response) => response.end('here'));
    limitConnections(server, { isProxy: () => false, mostOfOneAddress: 3 });
    const port = await listening(server);
    const held = [raw(port), raw(port), raw(port)];
    await Promise.all(held.map(({ opened }) => opened));
    expect(await raw(port).ended).toBe('');
    const [first] = held;
    first?.socket.destroy();
    await first?.ended;
    await expect
      .poll(async () => {
        const again = raw(port);
        again.socket.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
        return again.ended;
      })
      .toContain('here');
  });

  it('of a proxy are those of many people', async () => {
    const server = createServer((_request, response) => response.end('here'));
    limitConnections(server, { isProxy: (address) => address.endsWith('127.0.0.1'), mostOfOneAddress: 1 });
    const port = await listening(server);
    await raw(port).opened;
    const second = raw(port);
    second.socket.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    expect(await second.ended).toContain('here');
  });
});

describe('who calls', () => {
  const request = (remoteAddress: string, forwarded?: string) =>
    ({
      socket: { remoteAddress },
      headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
    }) as unknown as IncomingMessage;
  it.each([
    ['', '10.0.0.9', '1.2.3.4', '10.0.0.9'],
    ['loopback', '127.0.0.1', '1.2.3.4', '1.2.3.4'],
    ['loopback', '::ffff:127.0.0.1', '6.6.6.6, 1.2.3.4', '1.2.3.4'],
    ['loopback, 10.1.0.0/16', '127.0.0.1', '6.6.6.6, 1.2.3.4, 10.1.2.3', '1.2.3.4'],
    ['loopback', '10.0.0.9', '127.0.0.1', '10.0.0.9'],
    ['10.1.1.5', '10.1.1.5', undefined, '10.1.1.5'],
  ])('by "%s", from %s with %s: %s', (setting, remote, forwarded, caller) =>
    expect(new Proxies(setting).callerOf(request(remote, forwarded))).toBe(caller),
  );
  it('names a setting that is none', () => {
    expect(() => new Proxies('everybody')).toThrow('TRUST_PROXY: "everybody" is not a network');
  });
});

describe('how often', () => {
  const person: Caller = { kind: 'person', userId: 1, name: 'a', role: 'viewer', sites: null };
  it('one caller may ask for what is dear, and others are served meanwhile', () => {
    const clock = { now: 0 };
    const rates = new Rates({ now: () => clock.now });
    for (let n = 0; n < 200; n++) rates.begin('dear', person)();
    expect(() => rates.begin('dear', person)).toThrow(
      expect.objectContaining({ code: 'too-many', details: { afterSeconds: 0.5 } }),
    );
    rates.begin('any', person)();
    rates.begin('dear', { ...person, userId: 2 })();
    clock.now += 500;
    rates.begin('dear', person)();
    expect(() => rates.begin('dear', person)).toThrow();
  });
  it('and how many at the same time', () => {
    const rates = new Rates({ now: () => 0 });
    const ends = Array.from({ length: 8 }, () => rates.begin('dear', person));
    expect(() => rates.begin('dear', person)).toThrow();
    ends[0]?.();
    ends[0]?.();
    rates.begin('dear', person);
    expect(() => rates.begin('dear', person)).toThrow();
  });
  it.each([
    ['GET /api/search', 'search'],
    ['GET /api/rooms/:id/print.pdf', 'dear'],
    ['POST /api/labels/pdf', 'dear'],
    ['GET /api/inventory/device/export', 'dear'],
    ['GET /api/sheets/:sheet/file', 'dear'],
    ['POST /api/imports', 'files'],
    ['GET /api/rooms/:id', 'any'],
  ])('%s is %s', (key, rate) => expect(rateOf(key)).toBe(rate));
});
