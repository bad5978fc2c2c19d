import type { Server } from 'node:net';
import { ModbusPoint } from '@rackhaus/config/contract';
import fc from 'fast-check';
import { afterEach, expect, it } from 'vitest';
import { listen, tryCheck, valuesOf } from '../testing.ts';
import { grouped } from './check.ts';
import { frameLength, rawValue, widthOf } from './frame.ts';

let server: Server | null = null;
afterEach(() => void server?.close());

/** Answers with these registers; an address that is not there is an exception 2. Bytes come one by one. */
async function device(registers: Readonly<Record<number, number>>): Promise<number> {
  const listening = await listen((socket) =>
    socket.on('data', (request) => {
      const [address, count] = [request.readUInt16BE(8), request.readUInt16BE(10)];
      const code = request.readUInt8(7);
      const values = Array.from({ length: count }, (_, i) => registers[address + i]);
      const known = values.filter((value) => value !== undefined);
      const pdu =
        known.length < count
          ? Buffer.from([code | 0x80, 2])
          : code <= 2
            ? Buffer.from([code, 1, known.reduce((bits, bit, i) => bits | (bit << i), 0)])
            : Buffer.from([code, 2 * count, ...known.flatMap((value) => [value >> 8, value & 255])]);
      const head = Buffer.alloc(7);
      request.copy(head, 0, 0, 4);
      head.writeUInt16BE(pdu.length + 1, 4);
      head.writeUInt8(request.readUInt8(6), 6);
      for (const byte of Buffer.concat([head, pdu])) socket.write(Buffer.from([byte]));
    }),
  );
  server = listening.server;
  return listening.port;
}
const supply = {
  name: 'Zuluft',
  table: 'holding',
  address: 0,
  type: 'int16',
  scale: 0.1,
  metric: 'sensor.temperature',
};

it('reads registers and bits and brings them to the units of the catalogue', async () => {
  const port = await device({ 0: 0xffec, 1: 0x4248, 2: 0x0000, 3: 0x0000, 4: 0x4248, 5: 1 });
  const result = await tryCheck('modbus', {
    port,
    points: [
      supply,
      {
        name: 'Feuchte',
        table: 'holding',
        address: 1,
        type: 'float32',
        scale: 0.01,
        metric: 'sensor.humidity',
      },
      {
        name: 'Abluft',
        table: 'holding',
        address: 3,
        type: 'float32',
        order: 'low-first',
        metric: 'sensor.temperature',
      },
      {
        name: 'Lüfter',
        table: 'discrete',
        address: 5,
        type: 'bit',
        metric: 'fan.state',
        map: { 0: 'ok', 1: 'critical' },
      },
    ],
  });
  expect(result.outcome).toBe('ok');
  expect(valuesOf(result, 'sensor', 'Zuluft')).toEqual({ temperature: -2 });
  expect(valuesOf(result, 'sensor', 'Feuchte')).toEqual({ humidity: 0.5 });
  expect(valuesOf(result, 'sensor', 'Abluft')).toEqual({ temperature: 50 });
  expect(valuesOf(result, 'fan', 'Lüfter')).toEqual({ state: 2 });
});

it('loses only the value that the device refuses, and says so when it refuses all', async () => {
  const port = await device({ 0: 215 });
  const other = { ...supply, name: 'Abluft', address: 50 };
  const result = await tryCheck('modbus', { port, points: [supply, other] });
  expect(result.outcome).toBe('ok');
  expect(valuesOf(result, 'sensor', 'Zuluft')).toEqual({ temperature: 21.5 });
  expect(await tryCheck('modbus', { port, points: [other] })).toMatchObject({
    outcome: 'device-error',
    detail: expect.stringContaining('illegal data address'),
  });
});

it('says what is wrong with a server that speaks something else, or nothing', async () => {
  const listening = await listen((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  server = listening.server;
  expect(await tryCheck('modbus', { port: listening.port, points: [supply] })).toMatchObject({
    outcome: 'protocol',
  });
  const silent = await listen((socket) => socket.resume());
  const waited = await tryCheck('modbus', { port: silent.port, timeoutSeconds: 1, points: [supply] });
  silent.server.close();
  expect(waited.outcome).toBe('timeout');
});

it('reads every point within the requests that it makes, none longer than 32 registers', () => {
  const point = fc
    .record({
      address: fc.integer({ min: 0, max: 200 }),
      type: fc.constantFrom('int16', 'uint32', 'float32'),
    })
    .map((each) => ModbusPoint.parse({ ...supply, ...each }));
  fc.assert(
    fc.property(fc.array(point, { minLength: 1, maxLength: 40 }), (points) => {
      const groups = grouped(points);
      expect(groups.flatMap((group) => group.points)).toHaveLength(points.length);
      for (const { read, points: inside } of groups) {
        expect(read.count).toBeLessThanOrEqual(32);
        for (const { point: each, at } of inside) {
          expect(read.address + at).toBe(each.address);
          expect(at + widthOf(each.type)).toBeLessThanOrEqual(read.count);
          expect(Number.isNaN(rawValue(each, Buffer.alloc(2 * read.count), at))).toBe(false);
        }
      }
    }),
  );
});

it('never takes random bytes for a frame that is longer than the protocol allows', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      try {
        expect(frameLength(Buffer.from(bytes)) ?? 260).toBeLessThanOrEqual(260);
      } catch (error) {
        expect(error).toMatchObject({ outcome: 'protocol' });
      }
    }),
  );
});
