import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SnmpResponder } from '../../simulator/snmp/responder.ts';
import { LiveStore } from '../../simulator/snmp/store.ts';
import { octets } from '../../simulator/snmp/value.ts';
import { BerWriter } from './ber.ts';
import { toText } from './decode.ts';
import { encodeOid } from './oid.ts';
import { SnmpSession } from './session.ts';
import { readUsmHeader, UsmFormat } from './usm.ts';

const sysName = '1.3.6.1.2.1.1.5.0';
const notInTimeWindows = '1.3.6.1.6.3.15.1.1.2.0';
const sealed = {
  user: 'anna',
  auth: { protocol: 'sha256', key: 'authkey12' },
  priv: { protocol: 'aes', key: 'privkey12' },
} as const;
const signed = { user: 'bert', auth: { protocol: 'sha', key: 'authkey34' } } as const;
const open = { user: 'plain' } as const;

/** A switch whose SNMP engine has the clock that it is given, and what came to it. */
class Device {
  boots = 7;
  /** Its snmpEngineTime in seconds. */
  time = 5_000;
  /** Requests that ask who it is: the beginning of a discovery. */
  discoveries = 0;
  requests = 0;
  /** Sent before an answer, or instead of it where that returns null. */
  before: (request: Buffer) => Uint8Array[] = () => [];
  silent = false;
  answers: Uint8Array[] = [];
  #responder: SnmpResponder;
  #socket: Socket | null = null;

  constructor() {
    this.#responder = this.#engine('8000000001020304');
  }

  #engine(id: string): SnmpResponder {
    return new SnmpResponder({
      store: new LiveStore([
        { oid: '1.3.6.1.2.1.1.3.0', value: octets('') },
        { oid: sysName, value: octets(`engine ${id}`) },
      ]),
      v3Users: [sealed, signed, open],
      engineId: Buffer.from(id, 'hex'),
      clock: () => ({ boots: this.boots, time: Math.floor(this.time) }),
    });
  }

  replace(id: string): void {
    this.#responder = this.#engine(id);
  }

  async listen(): Promise<number> {
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    this.#socket = socket;
    await once(socket, 'listening');
    socket.on('message', (request, { port }) => {
      this.requests++;
      if (readUsmHeader(request).engineId.length === 0) this.discoveries++;
      for (const datagram of this.before(request)) socket.send(datagram, port, '127.0.0.1');
      if (this.silent) return;
      const answer = this.#responder.respond(request);
      if (answer === null) return;
      this.answers.push(Buffer.from(answer));
      socket.send(answer, port, '127.0.0.1');
    });
    return socket.address().port;
  }

  close(): void {
    this.#socket?.close();
  }
}

describe.each([
  ['authPriv', sealed],
  ['authNoPriv', signed],
] as const)('an SNMPv3 session, %s, over the time of the device', (_, credentials) => {
  let device: Device;
  let session: SnmpSession;
  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    device = new Device();
    const port = await device.listen();
    session = new SnmpSession({ host: '127.0.0.1', port, credentials: { version: '3', ...credentials } });
  });
  afterEach(() => {
    session.close();
    device.close();
    vi.useRealTimers();
  });

  const name = async () => toText((await session.get([encodeOid(sysName)]))[0]);
  /** Both clocks go on, the device's at its own speed. */
  function passes(seconds: number, speed = 1): void {
    vi.advanceTimersByTime(seconds * 1000);
    device.time += seconds * speed;
  }

  it('is discovered once in ten minutes and asks once for each answer', async () => {
    expect(await name()).toBe('engine 8000000001020304');
    const { requests } = device;
    for (let polls = 0; polls < 60; polls++) {
      passes(10);
      expect(await name()).toBe('engine 8000000001020304');
    }
    expect(device.discoveries).toBe(1);
    expect(device.requests - requests).toBe(60);
  });

  it.each([
    ['fast', 1.8],
    ['slow', 0.3],
  ])('keeps up with a clock that runs %s', async (_speed, speed) => {
    await name();
    for (let polls = 0; polls < 60; polls++) {
      passes(20, speed);
      await name();
    }
    expect(device.discoveries).toBe(1);
  });

  it.each([
    ['with boots + 1', 1],
    ['without', 0],
  ])('is found again at once after a reboot %s', async (_boots, raised) => {
    await name();
    device.boots += raised;
    device.time = 3;
    passes(20);
    expect(await name()).toBe('engine 8000000001020304');
    expect(device.discoveries).toBe(2);
    for (let polls = 0; polls < 30; polls++) {
      passes(20);
      await name();
    }
    expect(device.discoveries).toBe(2);
  });

  it('bears a clock that is set, forwards and backwards, with one discovery each', async () => {
    await name();
    for (const jump of [3_600, -4_000, 100_000, -100_000]) {
      device.time += jump;
      passes(10);
      expect(await name()).not.toBeNull();
    }
    expect(device.discoveries).toBe(5);
    device.time -= 140;
    await name();
    expect(device.discoveries).toBe(5);
  });

  it('goes on after an hour in which nobody asked', async () => {
    await name();
    passes(3_600);
    await name();
    expect(device.discoveries).toBe(1);
  });

  it('finds another device in the same place', async () => {
    await name();
    device.replace('80000000aabbccdd');
    device.boots = 1;
    device.time = 12;
    expect(await name()).toBe('engine 80000000aabbccdd');
    expect(device.discoveries).toBe(2);
  });

  it('is not disturbed by silence, nor by a late answer to an earlier question', async () => {
    await name();
    device.silent = true;
    await expect(session.request('get', [encodeOid(sysName)], { timeoutMs: 20 })).rejects.toThrow(
      /no answer/,
    );
    device.silent = false;
    const old = device.answers.at(-1);
    device.before = () => (old ? [old, old] : []);
    expect(await name()).toBe('engine 8000000001020304');
    expect(device.discoveries).toBe(1);
  });

  it('takes no replay of an old answer for the new one', async () => {
    await name();
    const old = device.answers.at(-1);
    let replayed = 0;
    device.silent = true;
    device.before = () => {
      replayed++;
      return old ? [old] : [];
    };
    const asked = session.request('get', [encodeOid(sysName)], { timeoutMs: 60 });
    await expect(asked).rejects.toThrow(/no answer/);
    expect(replayed).toBeGreaterThan(0);
  });

  it('does not believe what is not authentic, not even with the right ids', async () => {
    await name();
    device.before = (request) => {
      const { messageId, engineId } = readUsmHeader(request);
      return [forgedAnswer(messageId, engineId)];
    };
    expect(await name()).toBe('engine 8000000001020304');
    expect(device.discoveries).toBe(1);
  });

  it('discovers anew for a report with request id 0, also one without authentication, and then has its answer', async () => {
    await name();
    let forged = 0;
    device.before = (request) => {
      const { messageId, engineId } = readUsmHeader(request);
      return engineId.length > 0 && forged++ === 0 ? [report(messageId, engineId, 0)] : [];
    };
    expect(await name()).toBe('engine 8000000001020304');
    expect(device.discoveries).toBe(2);
  });

  it('passes over a report about another message', async () => {
    await name();
    device.before = (request) => {
      const { messageId, engineId } = readUsmHeader(request);
      return [
        report(messageId ^ 1, engineId, 0),
        report(0, engineId, 0),
        report(messageId ^ 1, engineId, messageId),
      ];
    };
    expect(await name()).toBe('engine 8000000001020304');
    expect(device.discoveries).toBe(1);
  });

  it('says what is wrong with an engine whose boots have run out, instead of asking for ever', async () => {
    await name();
    device.boots = 0x7fff_ffff;
    await expect(session.get([encodeOid(sysName)])).rejects.toThrow(/SNMPv3/);
    expect(device.discoveries).toBeLessThanOrEqual(3);
    device.boots = 1;
    device.time = 1;
    expect(await name()).toBe('engine 8000000001020304');
  });
});

/** A report as anybody can write it: without authentication. */
function report(messageId: number, engineId: Uint8Array, requestId: number): Buffer {
  return unsigned(engineId).answer(messageId, pdu(0xa8, requestId, notInTimeWindows, 0x41, [1]));
}

function forgedAnswer(messageId: number, engineId: Uint8Array): Buffer {
  return unsigned(engineId).answer(messageId, pdu(0xa2, messageId, sysName, 0x04, [0x65, 0x76, 0x69, 0x6c]));
}

function unsigned(engineId: Uint8Array): UsmFormat {
  return new UsmFormat({
    engine: { id: Buffer.from(engineId), boots: 99, time: 9, learntAt: 0 },
    user: 'anna',
    context: '',
    auth: null,
    priv: null,
  });
}

function pdu(tag: number, requestId: number, oid: string, type: number, content: readonly number[]): Buffer {
  const writer = new BerWriter(500);
  const start = writer.mark;
  writer.element(type, Uint8Array.from(content));
  writer.element(0x06, encodeOid(oid));
  writer.wrap(0x30, start);
  writer.wrap(0x30, start);
  writer.integer(0);
  writer.integer(0);
  writer.integer(requestId);
  writer.wrap(tag, start);
  return writer.take();
}
