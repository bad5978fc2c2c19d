import type { ModbusPoint } from '@rackhaus/config/contract';
import { CheckFailure } from '../result.ts';

/** Function codes that read (MODBUS Application Protocol V1.1b3, section 6). */
const functions: Readonly<Record<ModbusPoint['table'], number>> = {
  coil: 1,
  discrete: 2,
  holding: 3,
  input: 4,
};

/** What exception codes mean (section 7). */
const exceptions: Readonly<Record<number, string>> = {
  1: 'illegal function',
  2: 'illegal data address',
  3: 'illegal data value',
  4: 'server device failure',
  5: 'acknowledge',
  6: 'server device busy',
  8: 'memory parity error',
  10: 'gateway path unavailable',
  11: 'gateway target device failed to respond',
};

export interface Read {
  readonly table: ModbusPoint['table'];
  readonly address: number;
  /** Registers or bits. */
  readonly count: number;
}

/** MBAP header (Messaging on TCP/IP V1.0b, section 3.1.3) and request. */
export function request(transaction: number, unit: number, { table, address, count }: Read): Buffer {
  const frame = Buffer.alloc(12);
  frame.writeUInt16BE(transaction, 0);
  frame.writeUInt16BE(0, 2);
  frame.writeUInt16BE(6, 4);
  frame.writeUInt8(unit, 6);
  frame.writeUInt8(functions[table], 7);
  frame.writeUInt16BE(address, 8);
  frame.writeUInt16BE(count, 10);
  return frame;
}

/** How long the frame that begins here is; null: more bytes are needed. @throws CheckFailure when it is none */
export function frameLength(bytes: Buffer): number | null {
  if (bytes.length < 6) return null;
  const length = bytes.readUInt16BE(4);
  // Unit and function at least, and no more than 253 bytes of PDU behind the unit (section 4.1).
  if (bytes.readUInt16BE(2) !== 0 || length < 3 || length > 254)
    throw new CheckFailure('protocol', 'this is not Modbus/TCP');
  return 6 + length;
}

/** The data of an answer. @throws CheckFailure for an exception, and for what does not answer the request */
export function answerOf(frame: Buffer, transaction: number, unit: number, read: Read): Buffer {
  const code = frame.readUInt8(7);
  if (frame.readUInt16BE(0) !== transaction || frame.readUInt8(6) !== unit)
    throw new CheckFailure('protocol', 'an answer to another request');
  if (code === (functions[read.table] | 0x80)) {
    const exception = frame.length > 8 ? frame.readUInt8(8) : 0;
    throw new CheckFailure(
      'device-error',
      `${exception} ${exceptions[exception] ?? ''} (${read.table} ${read.address})`.replaceAll('  ', ' '),
    );
  }
  const bits = read.table === 'coil' || read.table === 'discrete';
  const bytes = bits ? Math.ceil(read.count / 8) : 2 * read.count;
  if (code !== functions[read.table] || frame.length !== 9 + bytes || frame.readUInt8(8) !== bytes)
    throw new CheckFailure('protocol', 'an answer of another length than was asked for');
  return frame.subarray(9);
}

/** How many registers, or bits, a value takes. */
export function widthOf(type: ModbusPoint['type']): number {
  return type === 'int32' || type === 'uint32' || type === 'float32' ? 2 : 1;
}

/** The raw number of a point within the data of a read. */
export function rawValue(point: Pick<ModbusPoint, 'type' | 'order'>, data: Buffer, at: number): number {
  if (point.type === 'bit') return (data.readUInt8(at >> 3) >> (at & 7)) & 1;
  if (point.type === 'int16') return data.readInt16BE(2 * at);
  if (point.type === 'uint16') return data.readUInt16BE(2 * at);
  const [first, second] = [data.subarray(2 * at, 2 * at + 2), data.subarray(2 * at + 2, 2 * at + 4)];
  const both = Buffer.concat(point.order === 'high-first' ? [first, second] : [second, first]);
  if (point.type === 'int32') return both.readInt32BE(0);
  return point.type === 'uint32' ? both.readUInt32BE(0) : both.readFloatBE(0);
}
