import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { tryCheck } from './testing.ts';

const server = createSocket('udp4');
let port = 0;

/** Answers A questions for "www.rathaus.example" with 192.0.2.7 (RFC 1035, section 4); other names do not exist; "leer" has no records. */
function answer(query: Buffer): Buffer {
  let at = 12;
  const labels: string[] = [];
  for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
    labels.push(query.toString('ascii', at + 1, at + 1 + length));
    at += 1 + length;
  }
  const question = query.subarray(12, at + 5);
  const name = labels.join('.').toLowerCase();
  const known = name === 'www.rathaus.example';
  const code = known || name.startsWith('leer') ? 0 : name.startsWith('kaputt') ? 2 : 3;
  const head = Buffer.alloc(12);
  head.writeUInt16BE(query.readUInt16BE(0), 0);
  head.writeUInt16BE(0x8180 | code, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(known ? 1 : 0, 6);
  const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 7]);
  return Buffer.concat([head, question, ...(known ? [record] : [])]);
}

beforeAll(async () => {
  server.on('message', (query, from) => {
    if (!query.includes('stumm')) server.send(answer(query), from.port, from.address);
  });
  server.bind(0, '127.0.0.1');
  await once(server, 'listening');
  ({ port } = server.address());
});
afterAll(() => void server.close());

it.each([
  ['www.rathaus.example', [], 'ok', null],
  ['www.rathaus.example', ['192.0.2.7'], 'ok', null],
  ['www.rathaus.example', ['192.0.2.8'], 'wrong-answer', '192.0.2.7'],
  ['weg.rathaus.example', [], 'no-name', null],
  ['leer.rathaus.example', [], 'no-records', null],
  ['kaputt.rathaus.example', [], 'server-failed', 'SERVFAIL'],
  ['stumm.rathaus.example', [], 'timeout', null],
])('asks for %s (%j): %s', async (name, expected, outcome, detail) => {
  const result = await tryCheck('dns', { port, name, expected, timeoutSeconds: 1 });
  expect(result).toMatchObject({ outcome, detail });
});
