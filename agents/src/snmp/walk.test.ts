import { createSocket } from 'node:dgram';
import { afterEach, describe, expect, it } from 'vitest';
import { LiveStore, type ResponderFaults, SnmpResponder, snmpValue } from '../../simulator/index.ts';
import { KeptRows } from './kept-rows.ts';
import { encodeOid } from './oid.ts';
import { ReplySize } from './reply-size.ts';
import { SnmpSession } from './session.ts';
import { UdpHub } from './udp.ts';
import { walkInto, walkTable, walkTables } from './walk.ts';

const { integer, timeTicks } = snmpValue;
const long = '1.3.6.1.4.1.99999.1.1';
const short = '1.3.6.1.4.1.99999.2.1';
const uptime = '1.3.6.1.2.1.1.3.0';
const columns = [1, 2, 3].map((column) => encodeOid(`${long}.${column}`));

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

/** A device with a table of many rows (its second column has holes, its third ends early), a short one, and a scalar. */
async function device(
  version: '1' | '2c',
  faults: ResponderFaults = {},
  rows = 40,
): Promise<{ session: SnmpSession; responder: SnmpResponder }> {
  const cells = [1, 2, 3].flatMap((column) =>
    Array.from({ length: rows }, (_, row) => row)
      .filter((row) => column === 1 || (column === 2 ? row % 5 !== 2 : row < 7))
      .map((row) => ({ oid: `${long}.${column}.${row}`, value: () => integer(column * 1000 + row) })),
  );
  const responder = new SnmpResponder({
    community: 'public',
    store: new LiveStore([
      ...cells,
      { oid: `${short}.1.4.7`, value: () => integer(47) },
      { oid: uptime, value: () => timeTicks(4711) },
    ]),
    faults,
  });
  const { port } = await responder.listen();
  const session = new SnmpSession({
    host: '127.0.0.1',
    port,
    credentials: { version, community: 'public' },
  });
  open.push(session, responder);
  return { session, responder };
}

const within = (ms: number) => ({ deadline: performance.now() + ms, rows: 1000 });

describe.each(['1', '2c'] as const)('a walk with SNMPv%s', (version) => {
  it('reads columns with holes and of different lengths', async () => {
    const { session } = await device(version);
    const { rows, problem } = await walkTable(session, new ReplySize(), columns, within(10_000));
    expect(problem).toBeNull();
    // A row may be met first by the column that runs ahead of one with holes.
    const found = new Map(rows.map(({ index, values }) => [Number(index), values]));
    expect(found.size).toBe(40);
    for (const [row, values] of found)
      expect(values).toEqual([
        1000 + row,
        row % 5 === 2 ? undefined : 2000 + row,
        row < 7 ? 3000 + row : undefined,
      ]);
  });

  it('reads scalars and several tables together', async () => {
    const { session } = await device(version);
    const { tables, scalars } = await walkTables(
      session,
      new ReplySize(),
      [columns, [encodeOid(`${short}.1`)]],
      { ...within(10_000), scalars: [encodeOid(uptime), encodeOid('1.3.6.1.2.1.1.9.0')] },
    );
    expect(tables.map(({ rows }) => rows.length)).toEqual([40, 1]);
    expect(tables[1]?.rows[0]).toMatchObject({ index: '4.7', values: [47] });
    // With v1 scalars are asked for in another way.
    expect(scalars).toEqual(version === '1' ? [] : [4711, undefined]);
  });

  it('stops at the row limit', async () => {
    const { session } = await device(version);
    const result = await walkTable(session, new ReplySize(), columns, { ...within(10_000), rows: 10 });
    expect(result.rows).toHaveLength(10);
    expect(result.problem).toBe('more than 10 rows');
  });

  it('stops where an OID does not increase', async () => {
    const { session } = await device(version, { endless: true });
    const result = await walkTable(session, new ReplySize(), columns, within(10_000));
    expect(result.problem).toContain('does not increase');
  });

  it('stops at its deadline with what it has', async () => {
    const { session } = await device(version, { latencyMs: 60 }, 2000);
    const from = performance.now();
    const result = await walkTable(session, new ReplySize(), columns, { ...within(150), rows: 10_000 });
    expect(result.problem).toBe('not read to its end in time');
    expect(result.rows.length).toBeGreaterThan(0);
    expect(performance.now() - from).toBeLessThan(2000);
  });
});

describe('rows that are kept', () => {
  it('are overwritten; what is gone is gone, and a walk that was broken off does no harm', async () => {
    const { session, responder } = await device('2c');
    const kept = new KeptRows(3, [0]);
    const asked = columns.map((_, slot) => ({ slot, unsigned: false }));
    const walk = async () => {
      kept.begin(asked);
      await walkInto(session, new ReplySize(), [{ columns, sink: kept }], { ...within(500), attempts: 1 });
    };
    await walk();
    expect(kept.finish()).toHaveLength(40);
    await walk();
    expect(kept.finish()).toBeNull();
    responder.faults = { silent: true };
    await expect(walk()).rejects.toThrow('no answer');
    responder.faults = {};
    await walk();
    expect(kept.finish()).toBeNull();
    for (let row = 0; row < 40; row++) {
      const index = Number(kept.index(row));
      expect(kept.value(row, 0)).toBe(1000 + index);
      expect(kept.value(row, 2)).toBe(index < 7 ? 3000 + index : undefined);
    }
  });
});

describe('an answer', () => {
  it('counts only from the device that was asked and with the id of the request', async () => {
    const hub = new UdpHub();
    const real = createSocket('udp4');
    const stranger = createSocket('udp4');
    open.push(hub, real, stranger);
    await new Promise<void>((resolve) => real.bind(0, '127.0.0.1', resolve));
    await new Promise<void>((resolve) => stranger.bind(0, '127.0.0.1', resolve));
    real.on('message', (datagram, { port, address }) => {
      const reply = replyTo(datagram);
      const wrongId = Buffer.from(reply.bytes);
      wrongId[reply.idAt] = (wrongId[reply.idAt] ?? 0) ^ 1;
      wrongId[reply.bytes.length - 1] = 66;
      const foreign = Buffer.from(reply.bytes);
      foreign[reply.bytes.length - 1] = 77;
      // The true answer comes last.
      stranger.send(foreign, port, address, () =>
        real.send(wrongId, port, address, () => real.send(reply.bytes, port, address)),
      );
    });
    const session = new SnmpSession({
      host: '127.0.0.1',
      port: real.address().port,
      credentials: { version: '2c', community: 'public' },
      hub,
    });
    open.push(session);
    expect(await session.get([encodeOid(uptime)])).toEqual([5]);
  });
});

/** The request as its own answer with the INTEGER 5 in place of NULL. */
function replyTo(request: Buffer): { bytes: Buffer; idAt: number } {
  const grown = Buffer.concat([request.subarray(0, -2), Buffer.from([2, 1, 5])]);
  const pdu = request.indexOf(0xa0, 0);
  grown[pdu] = 0xa2;
  // All lengths are short: message, PDU, list and varbind grow by one.
  const idLength = request[pdu + 3] ?? 0;
  const list = pdu + 4 + idLength + 6;
  for (const at of [1, pdu + 1, list + 1, list + 3]) grown[at] = (grown[at] ?? 0) + 1;
  return { bytes: grown, idAt: pdu + 3 + idLength };
}
