import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { BerError, BerWriter } from './ber.ts';
import { decodeValue, toMac, toNumber, toText, toTextOrHex } from './decode.ts';
import { SnmpError } from './error.ts';
import { CommunityFormat, VarBinds } from './message.ts';
import { decodeOid, encodeOid } from './oid.ts';
import { ReplySize } from './reply-size.ts';
import { SnmpSession } from './session.ts';
import { UsmFormat } from './usm.ts';
import { walkTable } from './walk.ts';

const datagrams = 10_000;
const column = encodeOid('1.3.6.1.2.1.2.2.1.10');

/** A well-formed answer with many types in it, to be broken. */
function answer(requestId: number): Buffer {
  const writer = new BerWriter(4096);
  const message = writer.mark;
  const values: [number, number[]][] = [
    [0x41, [0x7f, 0xff, 0xff, 0xff]],
    [0x46, [0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]],
    [0x04, [0x61, 0xc3, 0xa4, 0x00]],
    [0x06, [0x2b, 6, 1, 4, 1, 0x82, 0x37]],
    [0x44, [0x9f, 0x78, 4, 0x41, 0x20, 0, 0]],
    [0x80, []],
    [0x43, [1, 2, 3]],
    [0x02, [0xff]],
  ];
  const pdu = writer.mark;
  values.reverse().forEach(([tag, content], i) => {
    const varbind = writer.mark;
    writer.element(tag, Uint8Array.from(content));
    writer.element(0x06, Uint8Array.from([...column, values.length - i]));
    writer.wrap(0x30, varbind);
  });
  writer.wrap(0x30, pdu);
  writer.integer(0);
  writer.integer(0);
  writer.integer(requestId);
  writer.wrap(0xa2, pdu);
  writer.element(0x04, Buffer.from('public'));
  writer.integer(1);
  writer.wrap(0x30, message);
  return writer.take();
}

/**
 * The two kinds of the PROTOS c06-snmpv1 suite: ASN.1 decoding exceptions (broken tags, lengths, ends) and application
 * exceptions (well-formed, but with impossible values).
 */
const mutation = fc.record({
  kind: fc.constantFrom('bytes', 'cut', 'length', 'tag', 'extend', 'value'),
  positions: fc.array(fc.nat(500), { minLength: 1, maxLength: 6 }),
  bytes: fc.uint8Array({ minLength: 1, maxLength: 40 }),
});
type Mutation = typeof mutation extends fc.Arbitrary<infer T> ? T : never;

function mutate(good: Buffer, { kind, positions, bytes }: Mutation): Buffer {
  const broken = Buffer.from(good);
  const [first = 0] = positions;
  switch (kind) {
    case 'cut':
      return broken.subarray(0, first % broken.length);
    case 'extend':
      return Buffer.concat([
        broken.subarray(0, first % broken.length),
        bytes,
        broken.subarray(first % broken.length),
      ]);
    case 'length':
      // Lengths of huge, indefinite and missing content.
      for (const at of positions)
        broken[at % broken.length] = [0x80, 0x84, 0xff, 0x7f, 0x00, 0x82][at % 6] ?? 0;
      return broken;
    case 'tag':
      for (const at of positions)
        broken[at % broken.length] = [0x30, 0xa2, 0xa8, 0x1f, 0x05, 0x24, 0x44][at % 7] ?? 0;
      return broken;
    default:
      positions.forEach((at, i) => {
        broken[at % broken.length] = bytes[i % bytes.length] ?? 0;
      });
      return broken;
  }
}

describe(`${datagrams} broken datagrams`, () => {
  it('are refused by the decoders or read as something, and never more', () => {
    const community = new CommunityFormat('2c', 'public');
    const usm = new UsmFormat({
      engine: { id: Buffer.from('8000000001020304', 'hex'), boots: 1, time: 1, learntAt: 0 },
      user: 'anna',
      context: '',
      auth: { protocol: 'sha256', key: Buffer.alloc(32, 1) },
      priv: { protocol: 'aes', key: Buffer.alloc(16, 2) },
    });
    const request = usm.encode('get', 77, [column], { repetitions: 0, nonRepeaters: 0, vlan: null });
    fc.assert(
      fc.property(mutation, fc.boolean(), (change, v3) => {
        const datagram = mutate(v3 ? request : answer(77), change);
        try {
          const reply = (v3 ? usm : community).decode(datagram);
          const varbinds = new VarBinds(reply);
          while (varbinds.next()) {
            const value = decodeValue(reply.bytes, varbinds.tag, varbinds.start, varbinds.end);
            toText(value);
            toTextOrHex(value);
            toNumber(value);
            toMac(value);
            decodeOid(reply.bytes, varbinds.oidStart, varbinds.oidEnd);
          }
        } catch (error) {
          if (!(error instanceof BerError)) throw error;
        }
      }),
      { numRuns: datagrams },
    );
  });

  const open: { close(): unknown }[] = [];
  afterEach(() => {
    for (const each of open.splice(0)) each.close();
  });

  it('over UDP: the session goes on, walks end, nothing is left behind', async () => {
    const liar = createSocket('udp4');
    open.push(liar);
    liar.bind(0, '127.0.0.1');
    await once(liar, 'listening');
    const session = new SnmpSession({
      host: '127.0.0.1',
      port: liar.address().port,
      credentials: { version: '2c', community: 'public' },
    });
    open.push(session);

    const changes = fc.sample(mutation, { numRuns: datagrams, seed: 20_261_122 });
    let next = 0;
    liar.on('message', (request, sender) => {
      const requestId = requestIdOf(request);
      const good = answer(requestId);
      // Forty lies for each request, then the truth; in portions that fit the socket's buffer.
      for (let i = 0; i < 40 && next < changes.length; i++) {
        const change = changes[next++];
        if (change) send(liar, mutate(good, change), sender.port);
      }
      send(liar, good, sender.port);
    });

    const size = new ReplySize();
    let answered = 0;
    while (next < changes.length) {
      try {
        await session.request('bulk', [column], { repetitions: 8, timeoutMs: 100 });
        answered++;
        await walkTable(session, size, [column], { deadline: performance.now() + 100, rows: 100 });
      } catch (error) {
        // A lie that looks like an answer of the right id is believed: UDP without keys cannot do better.
        if (!(error instanceof SnmpError)) throw error;
      }
    }
    expect(answered).toBeGreaterThan(10);
    const honest = await session.request('bulk', [column], { repetitions: 8, tries: 3 });
    expect(honest.errorStatus).toBe(0);
  }, 60_000);
});

function send(socket: Socket, datagram: Buffer, port: number): void {
  if (datagram.length > 0) socket.send(datagram, port, '127.0.0.1');
}

/** The request id is the first INTEGER of the PDU, behind version and community. */
function requestIdOf(request: Buffer): number {
  const pdu = request.indexOf(Buffer.from('public')) + 6;
  const at = pdu + 2;
  return request.readUIntBE(at + 2, request[at + 1] ?? 1);
}
