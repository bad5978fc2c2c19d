import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterEach, expect, it } from 'vitest';
import { z } from 'zod';
import { listen, tryCheck } from './testing.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function serve(answer: Parameters<typeof createServer>[1]): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return `http://127.0.0.1:${z.object({ port: z.number() }).parse(server.address()).port}`;
}

it('follows redirects, but does not tell another server who it is', async () => {
  let told: string | undefined = 'nothing yet';
  const other = await serve((request, response) => {
    told = request.headers.authorization;
    response.end('dort');
  });
  const first = await serve((_, response) => response.writeHead(302, { location: `${other}/dort` }).end());
  const secret = { kind: 'token', token: 'geheim' };
  expect(await tryCheck('http', { url: first, contains: 'dort' }, secret)).toMatchObject({ outcome: 'ok' });
  expect(told).toBeUndefined();
  expect(await tryCheck('http', { url: first, followRedirects: false, status: [302] }, secret)).toMatchObject(
    {
      outcome: 'ok',
    },
  );
});

it('does not go round for ever', async () => {
  const url = await serve((_, response) => response.writeHead(301, { location: '/' }).end());
  expect(await tryCheck('http', { url })).toMatchObject({ outcome: 'redirects' });
});

it('reads pages in Latin-1, and no more of a page than a megabyte', async () => {
  const latin = await serve((_, response) =>
    response
      .writeHead(200, { 'content-type': 'text/html; charset=ISO-8859-1' })
      .end(Buffer.from('Bürgerbüro', 'latin1')),
  );
  expect(await tryCheck('http', { url: latin, contains: 'Bürgerbüro' })).toMatchObject({ outcome: 'ok' });
  const endless = await serve((_, response) => {
    response.on('error', () => {});
    const more = () => {
      while (response.write('x'.repeat(65_536)));
      response.once('drain', more);
    };
    more();
  });
  expect(await tryCheck('http', { url: endless, lacks: 'y' })).toMatchObject({ outcome: 'ok' });
});

it.each([
  ['status', 500, {}],
  ['wrong-password', 401, { secret: { kind: 'password', user: 'a', password: 'b' } }],
  ['status', 401, {}],
])('says "%s" of an answer %i', async (outcome, status, { secret = null }: { secret?: unknown }) => {
  const url = await serve((_, response) => response.writeHead(status).end());
  expect(await tryCheck('http', { url }, secret)).toMatchObject({ outcome, detail: String(status) });
});

it('says what a server is that does not speak HTTP, hangs up, or says nothing', async () => {
  const ssh = await listen((socket) => socket.end('SSH-2.0-Test\r\n'));
  const rude = await listen((socket) => socket.destroy());
  const silent = await listen((socket) => socket.resume());
  const ask = async (port: number) =>
    (await tryCheck('http', { url: `http://127.0.0.1:${port}/`, timeoutSeconds: 1 })).outcome;
  expect([await ask(ssh.port), await ask(rude.port), await ask(silent.port)]).toEqual([
    'protocol',
    'closed',
    'timeout',
  ]);
  expect(await tryCheck('tcp', { port: ssh.port, banner: 'SSH-2.0' })).toMatchObject({ outcome: 'ok' });
  expect(await tryCheck('tcp', { port: ssh.port, banner: '220 ' })).toMatchObject({
    outcome: 'text-missing',
  });
  expect(await tryCheck('tcp', { port: ssh.port, tls: true })).toMatchObject({ outcome: 'no-tls' });
  for (const { server } of [ssh, rude, silent]) server.close();
});
