import { EventEmitter } from 'node:events';
import type { SnmpCredentials } from '@rackhaus/config/contract';
import fc from 'fast-check';
import netSnmp, { type Session, type Varbind } from 'net-snmp';
import { describe, expect, it } from 'vitest';
import { LiveStore, SnmpResponder, snmpValue } from '../../simulator/index.ts';
import { BerReader, BerWriter } from './ber.ts';
import { decodeValue, type SnmpValue } from './decode.ts';
import { CommunityFormat, type RequestKind, readPdu, VarBinds } from './message.ts';
import { decodeOid, encodeOid } from './oid.ts';
import { readUsmHeader, type UsmFormat } from './usm.ts';
import { usmFor } from './v3-discovery.ts';

// net-snmp as the reference: what it writes we read as it meant it, and what we write it reads as we meant it.

const octets = fc.uint8Array({ maxLength: 300 });
const uint32 = fc.oneof(fc.nat(300), fc.integer({ min: 0, max: 0xffff_ffff }), fc.constant(0xffff_ffff));
const oid = fc
  .array(fc.oneof(fc.nat(200), fc.nat(70_000), fc.integer({ min: 0, max: 0xffff_ffff })), { maxLength: 20 })
  .map((arcs) => ['1.3.6.1', ...arcs].join('.'));

/** Up to 64 bits, 53 of them significant: more is not kept. */
const wide = fc
  .tuple(fc.bigInt({ min: 0n, max: 2n ** 53n - 1n }), fc.nat(11))
  .map(([value, shift]) => value << BigInt(shift));

/** One value of each type: as net-snmp takes and gives it, as we write it, and what we should read. */
interface Sample {
  readonly type: string;
  readonly theirs: unknown;
  readonly element: Uint8Array;
  readonly ours: SnmpValue;
}

const sample: fc.Arbitrary<Sample> = fc.oneof(
  fc
    .oneof(fc.integer(), fc.integer({ min: -300, max: 300 }), fc.constantFrom(-(2 ** 31), 2 ** 31 - 1))
    .map((value) => ({ type: 'Integer', theirs: value, element: snmpValue.integer(value), ours: value })),
  octets.map((value) => ({
    type: 'OctetString',
    theirs: Buffer.from(value),
    element: snmpValue.octets(value),
    ours: value,
  })),
  oid.map((value) => ({ type: 'OID', theirs: value, element: snmpValue.objectId(value), ours: value })),
  fc.uint8Array({ minLength: 4, maxLength: 4 }).map((value) => ({
    type: 'IpAddress',
    theirs: value.join('.'),
    element: snmpValue.ipAddress(value),
    ours: value,
  })),
  uint32.map((value) => ({
    type: 'Counter',
    theirs: value,
    element: snmpValue.counter32(value),
    ours: value,
  })),
  uint32.map((value) => ({ type: 'Gauge', theirs: value, element: snmpValue.gauge32(value), ours: value })),
  uint32.map((value) => ({
    type: 'TimeTicks',
    theirs: value,
    element: snmpValue.timeTicks(value),
    ours: value,
  })),
  fc.oneof(wide, fc.bigInt({ min: 0n, max: 70_000n })).map((value) => ({
    type: 'Counter64',
    theirs: value,
    element: snmpValue.counter64(value),
    ours: Number(value),
  })),
  octets
    .filter((value) => value[0] !== 0x9f)
    .map((value) => ({
      type: 'Opaque',
      theirs: Buffer.from(value),
      element: snmpValue.opaque(value),
      ours: value,
    })),
  fc
    .constantFrom<[string, number]>(
      ['Null', 0x05],
      ['NoSuchObject', 0x80],
      ['NoSuchInstance', 0x81],
      ['EndOfMibView', 0x82],
    )
    .map(([type, tag]) => ({ type, theirs: null, element: Uint8Array.of(tag, 0), ours: undefined })),
);
const bindings = fc.array(fc.record({ oid, sample }), { minLength: 1, maxLength: 12 });
type Bindings = { readonly oid: string; readonly sample: Sample }[];

/** In place of UDP: hands what net-snmp sends to `sent`, and gives back what that returns. */
class Wire extends EventEmitter {
  readonly #sent: (datagram: Buffer) => Uint8Array | null;

  constructor(sent: (datagram: Buffer) => Uint8Array | null) {
    super();
    this.#sent = sent;
  }

  send(
    content: Buffer,
    offset: number,
    length: number,
    _port: number,
    _to: string,
    done: (error: null) => void,
  ) {
    done(null);
    const answer = this.#sent(Buffer.from(content.subarray(offset, offset + length)));
    if (answer !== null) queueMicrotask(() => this.emit('message', Buffer.from(answer), { port: 161 }));
  }

  close(): void {
    this.emit('close');
  }
  ref(): void {}
  unref(): void {}
}

const sealed: Extract<SnmpCredentials, { version: '3' }> = {
  version: '3',
  user: 'anna',
  auth: { protocol: 'sha256', key: 'authkey12' },
  priv: { protocol: 'aes', key: 'privkey12' },
};
const engineId = Buffer.from('8000000001020304', 'hex');

function sessionOn(wire: Wire, version: '1' | '2c' | '3'): Session {
  const options = {
    version: { 1: netSnmp.Version1, '2c': netSnmp.Version2c, 3: netSnmp.Version3 }[version],
    retries: 0,
    timeout: 1000,
    dgramModule: { createSocket: () => wire },
  };
  const session =
    version === '3'
      ? netSnmp.createV3Session(
          '127.0.0.1',
          {
            name: sealed.user,
            level: netSnmp.SecurityLevel.authPriv ?? 0,
            authProtocol: netSnmp.AuthProtocols.sha256 ?? 0,
            authKey: 'authkey12',
            privProtocol: netSnmp.PrivProtocols.aes ?? 0,
            privKey: 'privkey12',
          },
          options,
        )
      : netSnmp.createSession('127.0.0.1', 'public', options);
  session.on('error', () => {});
  return session;
}

/** What we read in a PDU of net-snmp: a SET carries values of all types, as an answer does. */
function readAsAnswer(pdu: BerReader): { requestId: number; values: [string, SnmpValue][] } {
  const bytes = Uint8Array.from(pdu.bytes);
  bytes[pdu.position] = 0xa2;
  const reply = readPdu(new BerReader(bytes, pdu.position, pdu.limit));
  const varbinds = new VarBinds(reply);
  const values: [string, SnmpValue][] = [];
  while (varbinds.next())
    values.push([
      decodeOid(reply.bytes, varbinds.oidStart, varbinds.oidEnd),
      decodeValue(reply.bytes, varbinds.tag, varbinds.start, varbinds.end),
    ]);
  return { requestId: reply.requestId, values };
}

function communityPdu(datagram: Buffer): BerReader {
  const reader = new BerReader(datagram);
  reader.expect(0x30);
  reader.enter();
  reader.integer();
  reader.octets();
  return reader;
}

function answerPdu(requestId: number, binds: Bindings): Buffer {
  const writer = new BerWriter(20_000);
  const start = writer.mark;
  for (const { oid: name, sample: value } of binds.toReversed()) {
    const bind = writer.mark;
    writer.bytes(value.element);
    writer.element(0x06, encodeOid(name));
    writer.wrap(0x30, bind);
  }
  writer.wrap(0x30, start);
  writer.integer(0);
  writer.integer(0);
  writer.integer(requestId);
  writer.wrap(0xa2, start);
  return writer.take();
}

function communityAnswer(version: '1' | '2c', pdu: Uint8Array): Buffer {
  const writer = new BerWriter(20_100);
  const start = writer.mark;
  writer.bytes(pdu);
  writer.element(0x04, Buffer.from('public'));
  writer.integer(version === '1' ? 0 : 1);
  writer.wrap(0x30, start);
  return writer.take();
}

/** Octets of Counter64 as net-snmp wants them: two's complement, as short as can be. */
function theirForm({ type, theirs }: Sample): unknown {
  if (typeof theirs !== 'bigint') return theirs;
  const hex = theirs.toString(16);
  const bytes = Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex');
  return type === 'Counter64' && (bytes[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes;
}

function toNetSnmp({ oid: name, sample: value }: Bindings[number]): Varbind {
  return { oid: name, type: netSnmp.ObjectType[value.type] ?? -1, value: theirForm(value) };
}

const plain = (value: SnmpValue) => (value instanceof Uint8Array ? [...value] : value);
const meant = (binds: Bindings) => binds.map(({ oid: name, sample: { ours } }) => [name, plain(ours)]);
/** net-snmp marks exceptions by their type and gives Counter64 as octets. */
const theirMeaning = (varbinds: readonly Varbind[]) =>
  varbinds.map(({ oid: name, value }) => [
    name,
    value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value,
  ]);
const asTheirs = (binds: Bindings) =>
  binds.map((bind) => {
    const { oid: name, value } = toNetSnmp(bind);
    return [name, value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value];
  });

/** What net-snmp makes of our answer to its request. */
function asked(
  wire: Wire,
  version: '1' | '2c' | '3',
  request: (session: Session, done: (error: Error | null, varbinds: Varbind[]) => void) => void,
): Promise<Varbind[]> {
  const session = sessionOn(wire, version);
  return new Promise<Varbind[]>((resolve, reject) => {
    request(session, (error, varbinds) => (error ? reject(error) : resolve(varbinds)));
  }).finally(() => session.close());
}

/** The other end of net-snmp's v3 session: the simulator answers the discovery, `data` everything else. */
function v3Device(data: (format: UsmFormat, datagram: Buffer) => Uint8Array | null): Wire {
  const responder = new SnmpResponder({
    store: new LiveStore([]),
    v3Users: [sealed],
    engineId,
    clock: () => ({ boots: 4, time: 1000 }),
  });
  const format = usmFor(sealed, { id: engineId, boots: 4, time: 1000, learntAt: performance.now() });
  return new Wire((datagram) =>
    readUsmHeader(datagram).engineId.length === 0 ? responder.respond(datagram) : data(format, datagram),
  );
}

describe.each(['1', '2c'] as const)('v%s and net-snmp', (version) => {
  it('what it writes is read as it was meant', async () => {
    await fc.assert(
      fc.asyncProperty(bindings, async (binds) => {
        let read: unknown = null;
        const wire = new Wire((datagram) => {
          const { requestId, values } = readAsAnswer(communityPdu(datagram));
          read = values.map(([name, value]) => [name, plain(value)]);
          return communityAnswer(version, answerPdu(requestId, binds));
        });
        await asked(wire, version, (session, done) => session.set(binds.map(toNetSnmp), done));
        expect(read).toEqual(meant(binds));
      }),
      { numRuns: 400 },
    );
  });

  it('what we write it reads as it was meant, and so do we', async () => {
    await fc.assert(
      fc.asyncProperty(bindings, async (binds) => {
        const format = new CommunityFormat(version, 'public');
        let ours: unknown = null;
        const wire = new Wire((datagram) => {
          const { requestId } = readAsAnswer(communityPdu(datagram));
          const answer = communityAnswer(version, answerPdu(requestId, binds));
          const reply = format.decode(answer);
          expect(reply.requestId).toBe(requestId);
          ours = valuesOf(reply);
          return answer;
        });
        const names = binds.map(({ oid: name }) => name);
        const theirs = await asked(wire, version, (session, done) => session.get(names, done));
        expect(theirMeaning(theirs)).toEqual(asTheirs(binds));
        expect(ours).toEqual(meant(binds));
      }),
      { numRuns: 400 },
    );
  });

  it('both ask in the same octets', async () => {
    const kinds: RequestKind[] = version === '1' ? ['get', 'next'] : ['get', 'next', 'bulk'];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...kinds),
        fc.array(oid, { minLength: 1, maxLength: 10 }),
        fc.nat(3),
        fc.integer({ min: 1, max: 1000 }),
        async (kind, names, nonRepeaters, repetitions) => {
          let same = false;
          const wire = new Wire((datagram) => {
            const { requestId } = readAsAnswer(communityPdu(datagram));
            const format = new CommunityFormat(version, 'public');
            const ours = format.encode(kind, requestId, names.map(encodeOid), {
              repetitions,
              nonRepeaters: kind === 'bulk' ? nonRepeaters : 0,
              vlan: null,
            });
            expect(tree(ours)).toEqual(tree(datagram));
            same = true;
            const ends = names.map((name) => ({ oid: name, sample: end }));
            return communityAnswer(version, answerPdu(requestId, ends));
          });
          await asked(wire, version, (session, done) => {
            if (kind === 'get') session.get(names, done);
            else if (kind === 'next') session.getNext(names, done);
            else session.getBulk(names, nonRepeaters, repetitions, (error) => done(error, []));
          }).catch(() => undefined);
          expect(same).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('v3 and net-snmp', () => {
  it('what it writes is read as it was meant, through authentication and privacy', async () => {
    await fc.assert(
      fc.asyncProperty(bindings, async (binds) => {
        let read: unknown = null;
        const wire = v3Device((format, datagram) => {
          const { pdu, secure } = format.open(datagram);
          expect(secure).toBe(true);
          const { requestId, values } = readAsAnswer(pdu);
          read = values.map(([name, value]) => [name, plain(value)]);
          return format.answer(readUsmHeader(datagram).messageId, answerPdu(requestId, binds));
        });
        await asked(wire, '3', (session, done) => session.set(binds.map(toNetSnmp), done));
        expect(read).toEqual(meant(binds));
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  it('what we write it reads as it was meant', async () => {
    await fc.assert(
      fc.asyncProperty(bindings, async (binds) => {
        const wire = v3Device((format, datagram) => {
          const { requestId } = readAsAnswer(format.open(datagram).pdu);
          return format.answer(readUsmHeader(datagram).messageId, answerPdu(requestId, binds));
        });
        const names = binds.map(({ oid: name }) => name);
        const theirs = await asked(wire, '3', (session, done) => session.get(names, done));
        expect(theirMeaning(theirs)).toEqual(asTheirs(binds));
      }),
      { numRuns: 60 },
    );
  }, 60_000);
});

const end: Sample = { type: 'Null', theirs: null, element: Uint8Array.of(5, 0), ours: undefined };

function valuesOf(reply: ReturnType<typeof readPdu>): unknown {
  const varbinds = new VarBinds(reply);
  const values: unknown[] = [];
  while (varbinds.next())
    values.push([
      decodeOid(reply.bytes, varbinds.oidStart, varbinds.oidEnd),
      plain(decodeValue(reply.bytes, varbinds.tag, varbinds.start, varbinds.end)),
    ]);
  return values;
}

/** Tags and contents, whatever form the lengths have. */
function tree(bytes: Uint8Array, start = 0, limit = bytes.length): unknown[] {
  const reader = new BerReader(bytes, start, limit);
  const elements: unknown[] = [];
  while (reader.more) {
    reader.next();
    const { tag } = reader;
    elements.push([
      tag,
      tag & 0x20
        ? tree(bytes, reader.start, reader.end)
        : Buffer.from(bytes.subarray(reader.start, reader.end)).toString('hex'),
    ]);
  }
  return elements;
}
