import type { LookupAddress, lookup as systemLookup } from 'node:dns';
import { createServer, type RequestListener, type Server } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parseNetworks } from './allowed-networks.ts';
import { Outgoing, OutgoingRefused } from './outgoing.ts';
import { reachOf } from './reach.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A server of this machine; `hits`: the paths that were asked for. */
async function serve(answer: RequestListener): Promise<{ port: number; hits: string[] }> {
  const hits: string[] = [];
  const server = createServer((request, response) => {
    hits.push(request.url ?? '');
    answer(request, response);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: z.object({ port: z.number() }).parse(server.address()).port, hits };
}

/** Answers each question with the next of these. */
function names(...answers: (string | readonly string[])[]): typeof systemLookup {
  const rest = answers.map((answer) => (typeof answer === 'string' ? [answer] : answer));
  const last = rest.at(-1) ?? [];
  const lookup = (
    _host: string,
    _options: unknown,
    done: (error: Error | null, found: LookupAddress[]) => void,
  ) => {
    const found = rest.shift() ?? last;
    done(
      null,
      found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };
  return lookup as unknown as typeof systemLookup;
}

const outgoing = (allowed = '', lookup?: typeof systemLookup) =>
  new Outgoing({ allowed: () => parseNetworks(allowed), ...(lookup ? { lookup } : {}) });

describe('where an address leads', () => {
  it.each([
    ['8.8.8.8', 'public'],
    ['2a00:1450:4001::1', 'public'],
    ['10.0.0.1', 'private'],
    ['172.16.0.1', 'private'],
    ['172.32.0.1', 'public'],
    ['192.168.1.1', 'private'],
    ['100.64.0.1', 'private'],
    ['fd12::1', 'private'],
    ['127.8.9.1', 'loopback'],
    ['0.0.0.0', 'loopback'],
    ['::', 'loopback'],
    ['::1', 'loopback'],
    ['169.254.169.254', 'link-local'],
    ['fe80::1%eth0', 'link-local'],
    ['fd00:ec2::254', 'link-local'],
    ['::ffff:127.0.0.1', 'loopback'],
    ['::ffff:169.254.169.254', 'link-local'],
    ['::ffff:0:10.0.0.1', 'private'],
    ['::ffff:8.8.8.8', 'public'],
    ['64:ff9b::a00:1', 'private'],
    ['2002:7f00:1::', 'loopback'],
    ['::127.0.0.1', 'loopback'],
    ['255.255.255.255', 'other'],
    ['224.0.0.1', 'other'],
    ['ff02::1', 'other'],
    ['nonsense', 'other'],
  ])('%s: %s', (address, reach) => expect(reachOf(address)).toBe(reach));
});

describe('what is refused', () => {
  const forbidden = [
    'http://127.0.0.1',
    'http://localhost',
    'http://2130706433',
    'http://0x7f.1',
    'http://0x7f000001',
    'http://0177.0.0.1',
    'http://127.1',
    'http://0',
    'http://0.0.0.0',
    'http://[::]',
    'http://[::1]',
    'http://[::ffff:127.0.0.1]',
    'http://[::ffff:7f00:1]',
    'http://[::ffff:a9fe:a9fe]',
    'http://169.254.169.254/latest/meta-data/',
    'http://2852039166/',
    'http://[fd00:ec2::254]/',
    'http://[64:ff9b::7f00:1]/',
    'http://10.0.0.1',
    'https://192.168.0.1/',
    'http://[fe80::1]/',
    'http://１２７.0.0.1/',
    'http://127.0.0.1./',
  ];
  it.each(forbidden)('%s', async (url) => {
    await expect(outgoing().check(url)).rejects.toBeInstanceOf(OutgoingRefused);
    await expect(outgoing().fetch(url)).rejects.toBeInstanceOf(OutgoingRefused);
  });

  it.each(['file:///etc/passwd', 'ftp://example.de/', 'gopher://example.de', 'x', 'http://a:b@example.de/'])(
    '%s is no address of a web server',
    async (url) => {
      await expect(outgoing('127.0.0.0/8').fetch(url)).rejects.toThrow(/The address (is not one|must hold)/);
    },
  );

  it('says what an administrator would have to allow', async () => {
    const refused = await outgoing('', names('10.1.2.3'))
      .check('https://netbox.house/', 'settings.url')
      .catch((error: unknown) => error);
    expect(refused).toMatchObject({
      code: 'invalid',
      fields: [{ path: 'settings.url' }],
      details: { reason: 'outgoing-refused', network: '10.1.2.3/32' },
      message: expect.stringContaining('netbox.house (10.1.2.3) lies in a private network'),
    });
  });

  it('lets a name pass that cannot be looked up now', async () => {
    const none = ((_host: string, _options: unknown, done: (error: Error) => void) =>
      done(new Error('ENOTFOUND'))) as unknown as typeof systemLookup;
    await outgoing('', none).check('https://not-yet.example/');
  });
});

describe('what a name means', () => {
  it('looks at what is connected to, not at what was asked before', async () => {
    const { port, hits } = await serve((_request, response) => response.end('secret'));
    const rebinding = outgoing('', names('8.8.8.8', '127.0.0.1'));
    await rebinding.check(`http://changes.example:${port}/`);
    await expect(rebinding.fetch(`http://changes.example:${port}/`)).rejects.toBeInstanceOf(OutgoingRefused);
    expect(hits).toEqual([]);
  });

  it('takes of several addresses those that are allowed', async () => {
    const { port } = await serve((_request, response) => response.end('here'));
    const both = outgoing('127.0.0.1', names(['10.9.9.9', '127.0.0.1']));
    expect(await (await both.fetch(`http://both.example:${port}/`)).text()).toBe('here');
    await expect(
      outgoing('', names(['10.9.9.9', '::1'])).fetch('http://both.example/'),
    ).rejects.toBeInstanceOf(OutgoingRefused);
  });

  it('lets a sign-in server stand in the house too, but not on this machine', async () => {
    const inside = outgoing('', names('10.1.1.1'));
    await inside.check('https://sso.house/', 'settings.issuer', 'server');
    await expect(inside.check('https://sso.house/')).rejects.toBeInstanceOf(OutgoingRefused);
    for (const address of ['127.0.0.1', '169.254.169.254', 'fd00:ec2::254', '::ffff:127.0.0.1']) {
      const wrong = outgoing('', names(address));
      await expect(wrong.check('https://sso.house/', 'url', 'server')).rejects.toBeInstanceOf(
        OutgoingRefused,
      );
      await expect(wrong.fetch('https://sso.house/', { purpose: 'server' })).rejects.toBeInstanceOf(
        OutgoingRefused,
      );
    }
    // Goes on to connect, which fails: nobody is there.
    const tried = await inside
      .fetch('https://sso.house/', { purpose: 'server', timeoutMs: 100 })
      .catch((error: unknown) => error);
    expect(tried).toBeInstanceOf(Error);
    expect(tried).not.toBeInstanceOf(OutgoingRefused);
  });

  it('lets mail and directory servers stand in the house, but not on this machine', async () => {
    expect(await outgoing('', names('10.1.1.1')).resolve('mail.house')).toBe('10.1.1.1');
    expect(await outgoing().resolve('192.168.1.5')).toBe('192.168.1.5');
    await expect(outgoing().resolve('127.0.0.1')).rejects.toBeInstanceOf(OutgoingRefused);
    await expect(outgoing('', names('169.254.1.1')).resolve('mail.house')).rejects.toBeInstanceOf(
      OutgoingRefused,
    );
    await expect(outgoing().checkServer('::1', 'settings.mail.host')).rejects.toMatchObject({
      fields: [{ path: 'settings.mail.host' }],
    });
    const looked = await new Promise((resolve) =>
      outgoing('', names('127.0.0.1')).lookup('mail.house', {}, (error) => resolve(error)),
    );
    expect(looked).toBeInstanceOf(OutgoingRefused);
  });
});

describe('what comes back', () => {
  it('does not follow where it may not', async () => {
    const { port, hits } = await serve((request, response) => {
      if (request.url === '/inside') return response.end('inside');
      response.writeHead(302, {
        location: request.url === '/to-metadata' ? 'http://169.254.169.254/' : '/inside',
      });
      response.end();
    });
    const here = outgoing('127.0.0.0/8');
    const url = `http://127.0.0.1:${port}`;
    expect((await here.fetch(`${url}/away`)).status).toBe(302);
    expect(await (await here.fetch(`${url}/away`, { redirect: 'follow' })).text()).toBe('inside');
    await expect(here.fetch(`${url}/to-metadata`, { redirect: 'follow' })).rejects.toBeInstanceOf(
      OutgoingRefused,
    );
    expect(hits.filter((path) => path === '/inside')).toHaveLength(1);
  });

  it('takes no credentials along to another server', async () => {
    let given: string | undefined = 'nobody asked';
    const other = await serve((request, response) => {
      given = request.headers.authorization;
      response.end();
    });
    const { port } = await serve((_request, response) => {
      response.writeHead(307, { location: `http://127.0.0.1:${other.port}/` }).end();
    });
    const init = { headers: { authorization: 'Bearer x' }, redirect: 'follow' } as const;
    await outgoing('127.0.0.0/8').fetch(`http://127.0.0.1:${port}/`, init);
    expect(given).toBeUndefined();
  });

  it('ends a circle', async () => {
    const { port, hits } = await serve((_request, response) =>
      response.writeHead(302, { location: '/' }).end(),
    );
    await expect(
      outgoing('127.0.0.1').fetch(`http://127.0.0.1:${port}/`, { redirect: 'follow' }),
    ).rejects.toMatchObject({ cause: { message: 'too many redirects' } });
    expect(hits).toHaveLength(6);
  });

  it('stops reading what is too large, also when it was packed', async () => {
    const { port } = await serve((request, response) => {
      if (request.url === '/packed') {
        response.setHeader('content-encoding', 'gzip');
        return response.end(gzipSync(Buffer.alloc(5_000_000)));
      }
      response.end(Buffer.alloc(2_000_000));
    });
    for (const path of ['plain', 'packed']) {
      const reply = await outgoing('127.0.0.1').fetch(`http://127.0.0.1:${port}/${path}`, {
        mostBytes: 1_000_000,
      });
      await expect(reply.text()).rejects.toMatchObject({
        cause: { message: 'the answer has more than 1 MB' },
      });
    }
  });

  it('waits no longer than it may, before the answer and within it', async () => {
    const { port } = await serve((request, response) => {
      if (request.url === '/within') response.writeHead(200).write('a');
    });
    const init = { timeoutMs: 200 };
    const ask = () => outgoing('127.0.0.1').fetch(`http://127.0.0.1:${port}/never`, init);
    await expect(ask()).rejects.toMatchObject({ name: 'TimeoutError' });
    const reply = await outgoing('127.0.0.1').fetch(`http://127.0.0.1:${port}/within`, init);
    await expect(reply.text()).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  it('sends what it is given and reads what is packed', async () => {
    const { port } = await serve((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        response.writeHead(201, {
          'content-encoding': 'gzip',
          'x-type': String(request.headers['content-type']),
        });
        response.end(gzipSync(`${request.method} ${Buffer.concat(parts)}`));
      });
    });
    const reply = await outgoing('127.0.0.1').fetch(`http://127.0.0.1:${port}/`, {
      method: 'POST',
      body: new URLSearchParams({ a: 'ä' }),
    });
    expect([reply.status, await reply.text()]).toEqual([201, 'POST a=%C3%A4']);
    expect(reply.headers.get('x-type')).toContain('form-urlencoded');
    await expect(outgoing('127.0.0.1').fetch('http://127.0.0.1:1/')).rejects.toMatchObject({
      cause: { code: 'ECONNREFUSED' },
    });
  });
});
