import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { BerReader, sequence, Tag } from './ber.ts';
import type { ResponderFaults } from './faults.ts';
import { decodeOid, encodeOid } from './oid.ts';
import { Pdu } from './request.ts';
import { SnmpResponder } from './responder.ts';
import { LiveStore, varBind } from './store.ts';
import { Usm } from './usm.ts';
import { counter32, counter64, integer, nullValue, octets, timeTicks } from './value.ts';

let present = true;
const store = new LiveStore([
  { oid: '1.3.6.1.2.1.1.1.0', value: octets('a switch') },
  { oid: '1.3.6.1.2.1.1.3.0', value: timeTicks(4711) },
  { oid: '1.3.6.1.2.1.2.2.1.10.1', value: () => counter32(5) },
  { oid: '1.3.6.1.2.1.2.2.1.10.2', value: () => (present ? counter32(6) : undefined) },
  { oid: '1.3.6.1.2.1.2.2.1.10.200', value: counter32(7) },
  { oid: '1.3.6.1.2.1.31.1.1.1.6.1', value: counter64(2n ** 40n) },
  { oid: '1.3.6.1.2.1.99.1.0', value: octets('z'.repeat(300)) },
]);

interface Reply {
  readonly status: number;
  readonly index: number;
  readonly id: number;
  readonly binds: readonly { readonly oid: string; readonly tag: number }[];
}

function request(
  tag: number,
  oids: readonly string[],
  options: { version?: number; second?: number; third?: number; id?: number; community?: string } = {},
) {
  const { version = 1, second = 0, third = 0, id = 77, community = 'public' } = options;
  const binds = sequence(oids.map((oid) => varBind(encodeOid(oid), nullValue)));
  return sequence([
    integer(version),
    octets(community),
    sequence([integer(id), integer(second), integer(third), binds], tag),
  ]);
}

function readReply(bytes: Uint8Array): Reply {
  const reader = new BerReader(bytes);
  reader.enter(Tag.sequence);
  reader.integer();
  reader.octets();
  reader.enter(Pdu.response);
  const [id, status, index] = [reader.integer(), reader.integer(), reader.integer()];
  const binds: { oid: string; tag: number }[] = [];
  reader.enter(Tag.sequence);
  while (!reader.done) {
    const outer = reader.enter(Tag.sequence);
    const oid = decodeOid(reader.octets(Tag.oid));
    binds.push({ oid, tag: reader.peek() });
    reader.skip();
    reader.leave(outer);
  }
  expect(reader.at).toBe(bytes.length);
  return { status, index, id, binds };
}

function ask(
  faults: ResponderFaults,
  message: Uint8Array,
  limits: { maxMessageSize?: number } = {},
): Reply | null {
  const reply = new SnmpResponder({ store, community: 'public', faults, ...limits }).respond(message);
  return reply === null ? null : readReply(reply);
}

const oidsOf = (reply: Reply | null) => reply?.binds.map((bind) => bind.oid.replace('1.3.6.1.2.1.', ''));

describe('SNMPv2c', () => {
  it('answers GET, and says what is missing in which way', () => {
    const reply = ask({}, request(Pdu.get, ['1.3.6.1.2.1.1.1.0', '1.3.6.1.2.1.1.1.1', '1.3.6.1.2.1.5.1.0']));
    expect(reply?.status).toBe(0);
    expect(reply?.id).toBe(77);
    expect(reply?.binds.map((bind) => bind.tag)).toEqual([Tag.octets, Tag.noSuchInstance, Tag.noSuchObject]);
  });

  it('walks in numeric order, over what is not there at the moment', () => {
    present = false;
    expect(oidsOf(ask({}, request(Pdu.next, ['1.3.6.1.2.1.2.2.1.10.1'])))).toEqual(['2.2.1.10.200']);
    present = true;
    expect(oidsOf(ask({}, request(Pdu.next, ['1.3.6.1.2.1.2.2.1.10.1'])))).toEqual(['2.2.1.10.2']);
  });

  it('answers GETBULK column by column and ends it with endOfMibView', () => {
    const reply = ask(
      {},
      request(Pdu.bulk, ['1.3.6.1.2.1.1', '1.3.6.1.2.1.2', '1.3.6.1.2.1.31'], { second: 1, third: 3 }),
    );
    expect(oidsOf(reply)).toEqual([
      '1.1.0',
      '2.2.1.10.1',
      '31.1.1.1.6.1',
      '2.2.1.10.2',
      '99.1.0',
      '2.2.1.10.200',
      '99.1.0',
    ]);
    expect(reply?.binds.at(-1)?.tag).toBe(Tag.endOfMibView);
  });

  it('cuts a GETBULK to the size of a message, and calls a GET too big', () => {
    const bulk = request(Pdu.bulk, ['1.3'], { third: 50 });
    const whole = ask({}, bulk);
    const cut = ask({}, bulk, { maxMessageSize: 180 });
    expect(cut?.status).toBe(0);
    expect(cut?.binds.length).toBeLessThan(whole?.binds.length ?? 0);
    const big = ask({}, request(Pdu.get, ['1.3.6.1.2.1.99.1.0']), { maxMessageSize: 180 });
    expect(big).toMatchObject({ status: 1, binds: [] });
  });

  it('never sends more than the limit', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 100, max: 1500 }),
        fc.integer({ min: 0, max: 60 }),
        (maxMessageSize, third) => {
          const responder = new SnmpResponder({ store, community: 'public', maxMessageSize });
          const reply = responder.respond(request(Pdu.bulk, ['1.3', '1.3.6.1.2.1.2'], { third }));
          expect(reply?.length).toBeLessThanOrEqual(maxMessageSize);
        },
      ),
    );
  });

  it('refuses to be written to', () => {
    expect(ask({}, request(Pdu.set, ['1.3.6.1.2.1.1.1.0']))).toMatchObject({ status: 17, index: 1 });
    expect(ask({}, request(Pdu.set, ['1.3.6.1.9.1.0']))).toMatchObject({ status: 6, index: 1 });
  });

  it('is silent to a wrong community', () => {
    expect(ask({}, request(Pdu.get, ['1.3.6.1.2.1.1.1.0'], { community: 'private' }))).toBeNull();
  });
});

describe('SNMPv1', () => {
  it('has no Counter64 and no exceptions', () => {
    const version = 0;
    expect(
      ask({}, request(Pdu.get, ['1.3.6.1.2.1.1.1.0', '1.3.6.1.2.1.31.1.1.1.6.1'], { version })),
    ).toMatchObject({
      status: 2,
      index: 2,
    });
    expect(oidsOf(ask({}, request(Pdu.next, ['1.3.6.1.2.1.31'], { version })))).toEqual(['99.1.0']);
    expect(ask({}, request(Pdu.next, ['1.3.6.1.2.1.99.1.0'], { version }))).toMatchObject({
      status: 2,
      index: 1,
    });
    expect(ask({}, request(Pdu.bulk, ['1.3'], { version, third: 3 }))).toBeNull();
  });
});

describe('faults', () => {
  it('repeat, go backwards, zero counters, or answer another request', () => {
    const next = request(Pdu.next, ['1.3.6.1.2.1.2.2.1.10.1']);
    expect(oidsOf(ask({ endless: true }, next))).toEqual(['2.2.1.10.1']);
    expect(oidsOf(ask({ wrongOrder: true }, request(Pdu.next, ['1.3.6.1.2.1.31.1.1.1.6.1'])))).toEqual([
      '2.2.1.10.2',
    ]);
    expect(ask({ wrongRequestId: true }, next)?.id).not.toBe(77);
    expect(ask({ tooBigAbove: 1 }, request(Pdu.bulk, ['1.3'], { third: 4 }))).toMatchObject({ status: 1 });
    const reset = new SnmpResponder({ store, community: 'public', faults: { counterReset: true } });
    expect(Buffer.from(reset.respond(next) ?? []).subarray(-3)).toEqual(Buffer.from([Tag.counter32, 1, 0]));
  });

  it('a GETBULK from a store that repeats itself still ends', () => {
    expect(
      ask({ endless: true }, request(Pdu.bulk, ['1.3.6.1.2.1.1.1.0'], { third: 20 }))?.binds,
    ).toHaveLength(20);
  });

  it('a reboot begins sysUpTime anew', () => {
    const responder = new SnmpResponder({ store, community: 'public' });
    responder.reboot({ raiseBoots: true });
    const reply = responder.respond(request(Pdu.get, ['1.3.6.1.2.1.1.3.0'])) ?? new Uint8Array();
    expect(Buffer.from(reply).subarray(-3, -1)).toEqual(Buffer.from([Tag.timeTicks, 1]));
  });
});

describe('garbage', () => {
  const seeds = [
    request(Pdu.get, ['1.3.6.1.2.1.1.1.0']),
    request(Pdu.next, ['1.3.6.1.2.1.1.1.0', '1.3'], { version: 0 }),
    request(Pdu.bulk, ['1.3', '1.3.6.1.2.1.2'], { second: 1, third: 10 }),
    request(Pdu.set, ['1.3.6.1.2.1.1.1.0']),
    sequence([
      integer(3),
      sequence([integer(99), integer(65_507), octets(Uint8Array.of(4)), integer(3)]),
      octets(sequence([octets(''), integer(0), integer(0), octets(''), octets(''), octets('')])),
      sequence([
        octets(''),
        octets(''),
        sequence([integer(5), integer(0), integer(0), sequence([])], Pdu.get),
      ]),
    ]),
  ];
  let responder: SnmpResponder;
  beforeAll(() => {
    responder = new SnmpResponder({
      store,
      community: 'public',
      v3Users: [
        {
          user: 'u',
          auth: { protocol: 'sha256', key: 'authpass12' },
          priv: { protocol: 'aes', key: 'privpass12' },
        },
      ],
    });
  });

  it('10,000 fuzzed datagrams crash nothing, and every answer is well-formed', () => {
    let answered = 0;
    const random = mulberry(20_261_122);
    for (let round = 0; round < 10_000; round++) {
      const bytes = Buffer.from(seeds[round % seeds.length] ?? new Uint8Array());
      const changes = 1 + Math.floor(random() * 4);
      for (let change = 0; change < changes; change++)
        bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
      const cut = random() < 0.2 ? bytes.subarray(0, Math.floor(random() * bytes.length)) : bytes;
      const reply = responder.respond(cut);
      if (reply === null) continue;
      answered++;
      const reader = new BerReader(reply);
      reader.enter(Tag.sequence);
      expect(reader.end).toBe(reply.length);
      if (reader.integer() !== 3) readReply(reply);
    }
    // Changes within values leave requests valid: some of them must have been answered, or the test tests nothing.
    expect(answered).toBeGreaterThan(500);
    expect(responder.counts.malformed).toBeGreaterThan(2000);
  });

  it('changed SNMPv3 messages with authentication and privacy are never believed', () => {
    const engineId = Buffer.from('8000000005aabbccdd', 'hex');
    const v3Users = [
      {
        user: 'u',
        auth: { protocol: 'sha256', key: 'authpass12' },
        priv: { protocol: 'aes', key: 'privpass12' },
      },
    ] as const;
    const secured = new SnmpResponder({ store, v3Users, engineId, clock: () => ({ boots: 3, time: 50 }) });
    const client = new Usm({ engineId, users: v3Users, clock: () => ({ boots: 3, time: 50 }), salt: 1n });
    const pdu = request(Pdu.get, ['1.3.6.1.2.1.1.1.0']).subarray(13);
    const scoped = sequence([octets(engineId), octets(''), pdu]);
    const empty = new Uint8Array();
    const whole = client.seal(
      {
        bytes: empty,
        id: 9,
        maxSize: 65_507,
        reportable: true,
        level: 2,
        engineId,
        boots: 3,
        time: 50,
        user: 'u',
        macAt: 0,
        mac: empty,
        salt: empty,
        data: empty,
      },
      2,
      scoped,
    );
    const good = secured.respond(whole);
    expect(good?.length).toBeGreaterThan(100);
    const random = mulberry(3);
    for (let round = 0; round < 3000; round++) {
      const bytes = Buffer.from(whole);
      const at = Math.floor(random() * bytes.length);
      bytes[at] = (bytes[at] ?? 0) ^ (1 + Math.floor(random() * 255));
      const reply = secured.respond(bytes);
      // Reports are not encrypted, so they are shorter than the answer; nothing else may come.
      if (reply !== null)
        expect(Buffer.from(reply).includes(Buffer.from('060a2b060106030f010101', 'hex').subarray(0, 9))).toBe(
          true,
        );
    }
  });

  it('random bytes get no answer', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(responder.respond(bytes)).toBeNull();
      }),
    );
  });
});

/** A small random generator with a seed, so that a failing round can be repeated. */
function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x100000000;
  };
}
