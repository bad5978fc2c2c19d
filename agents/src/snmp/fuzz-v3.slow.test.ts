import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BerError, BerWriter } from './ber.ts';
import { decodeValue } from './decode.ts';
import { VarBinds } from './message.ts';
import { decodeOid, encodeOid } from './oid.ts';
import { readUsmHeader, UsmFormat } from './usm.ts';

const runs = 6000;
const column = Uint8Array.from(encodeOid('1.3.6.1.2.1.2.2.1.10'));
const engine = { id: Buffer.from('8000000001020304', 'hex'), boots: 1, time: 1, learntAt: 0 };
const key = Buffer.alloc(32, 1);
const auth = { protocol: 'sha256', key } as const;
const formats = {
  open: new UsmFormat({ engine, user: 'anna', context: '', auth: null, priv: null }),
  signed: new UsmFormat({ engine, user: 'anna', context: '', auth, priv: null }),
  sealed: new UsmFormat({
    engine,
    user: 'anna',
    context: '',
    auth,
    priv: { protocol: 'aes', key: Buffer.alloc(16, 2) },
  }),
};

/** As PROTOS c06-snmpv1 splits its cases: the octets are broken, or well-formed with values that no agent should send. */
const decoding = fc.record({
  kind: fc.constantFrom('cut', 'insert', 'length', 'tag', 'byte'),
  at: fc.nat(400),
  bytes: fc.uint8Array({ minLength: 1, maxLength: 30 }),
});
const application = fc.record({
  tag: fc.constantFrom(0xa0, 0xa1, 0xa2, 0xa3, 0xa5, 0xa7, 0xa8, 0x30, 0x04, 0xbf),
  requestId: fc.constantFrom(77, 0, -1, 0x7fff_ffff, -0x8000_0000),
  status: fc.constantFrom(0, 1, 5, 16, 255, -1),
  index: fc.constantFrom(0, 1, 99, -1, 0x7fff_ffff),
  values: fc.array(
    fc.record({
      tag: fc.constantFrom(
        0x02,
        0x04,
        0x05,
        0x06,
        0x40,
        0x41,
        0x43,
        0x44,
        0x46,
        0x80,
        0x82,
        0x30,
        0x9f,
        0xff,
      ),
      content: fc.uint8Array({ maxLength: 20 }),
      oid: fc.uint8Array({ maxLength: 150 }),
    }),
    { maxLength: 6 },
  ),
});

type Decoding = typeof decoding extends fc.Arbitrary<infer T> ? T : never;
type Application = typeof application extends fc.Arbitrary<infer T> ? T : never;

function broken(good: Uint8Array, { kind, at: anywhere, bytes }: Decoding): Buffer {
  const bad = Buffer.from(good);
  const at = anywhere % bad.length;
  const [first = 0] = bytes;
  switch (kind) {
    case 'cut':
      return bad.subarray(0, at);
    case 'insert':
      return Buffer.concat([bad.subarray(0, at), bytes, bad.subarray(at)]);
    case 'length':
      bad[at] = [0x80, 0x84, 0xff, 0x7f, 0x00, 0x82][first % 6] ?? 0;
      return bad;
    case 'tag':
      bad[at] = [0x30, 0xa2, 0xa8, 0x1f, 0x05, 0x24, 0x44][first % 7] ?? 0;
      return bad;
    default:
      bad[at] = first;
      return bad;
  }
}

function pduOf({ tag, requestId, status, index, values }: Application): Buffer {
  const writer = new BerWriter(8000);
  const integer = (value: number) => {
    const content = Buffer.alloc(4);
    content.writeInt32BE(value);
    writer.element(0x02, content);
  };
  const start = writer.mark;
  for (const value of values) {
    const bind = writer.mark;
    writer.element(value.tag, value.content);
    writer.element(0x06, value.oid);
    writer.wrap(0x30, bind);
  }
  writer.wrap(0x30, start);
  integer(index);
  integer(status);
  integer(requestId);
  writer.wrap(tag, start);
  return writer.take();
}

const good = pduOf({
  tag: 0xa2,
  requestId: 77,
  status: 0,
  index: 0,
  values: [
    { tag: 0x41, content: Uint8Array.of(1, 2, 3), oid: column },
    { tag: 0x04, content: Uint8Array.of(0x61, 0x62), oid: column },
    { tag: 0x46, content: Uint8Array.of(0, 255, 255, 255, 255, 255, 255, 255, 255), oid: column },
  ],
});

/** Whoever has the key may break everything else: the digest is right again afterwards, where there is still one. */
function signedAgain(datagram: Buffer): Buffer {
  const copy = Buffer.from(datagram);
  try {
    const { digestStart, digestEnd } = readUsmHeader(copy);
    if (digestEnd - digestStart !== 24) return copy;
    copy.fill(0, digestStart, digestEnd);
    createHmac('sha256', key).update(copy).digest().copy(copy, digestStart, 0, 24);
  } catch (error) {
    if (!(error instanceof BerError)) throw error;
  }
  return copy;
}

/** @returns whether it was read to its end */
function read(format: UsmFormat, datagram: Uint8Array): boolean {
  try {
    const reply = format.decode(datagram);
    const varbinds = new VarBinds(reply);
    while (varbinds.next()) {
      decodeValue(reply.bytes, varbinds.tag, varbinds.start, varbinds.end);
      decodeOid(reply.bytes, varbinds.oidStart, varbinds.oidEnd);
    }
    return true;
  } catch (error) {
    if (!(error instanceof BerError)) throw error;
    return false;
  }
}

describe.each(Object.entries(formats))('%s messages of SNMPv3', (level, format) => {
  const asked = () => format.encode('get', 77, [column], { repetitions: 0, nonRepeaters: 0, vlan: null });

  it('are read as they were written', () => {
    asked();
    expect(read(format, format.answer(77, good))).toBe(true);
  });

  it('with broken octets in the scoped PDU are refused or read as something, and never more', () => {
    fc.assert(
      fc.property(decoding, (change) => {
        asked();
        read(format, format.answer(77, broken(good, change)));
      }),
      { numRuns: runs },
    );
  });

  it('with broken octets anywhere, and a digest that is right all the same', () => {
    fc.assert(
      fc.property(decoding, (change) => {
        asked();
        const datagram = broken(format.answer(77, good), change);
        read(format, level === 'open' ? datagram : signedAgain(datagram));
        read(format, datagram);
      }),
      { numRuns: runs },
    );
  });

  it('with impossible values in the scoped PDU', () => {
    fc.assert(
      fc.property(application, fc.uint8Array({ maxLength: 60 }), (content, name) => {
        asked();
        read(format, format.answer(77, pduOf(content), { engineId: name, name }));
      }),
      { numRuns: runs },
    );
    asked();
    expect(read(format, format.answer(77, good))).toBe(true);
  });
});
