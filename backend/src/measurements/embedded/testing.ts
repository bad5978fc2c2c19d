import { closeSync, openSync, readFileSync, readSync, writeSync } from 'node:fs';
import { BatchBuilder, type EntityNumbers, metricNumber, type ReadingBatch } from '../reading-batch.ts';
import type { MeasurementStore } from '../store.ts';

// For tests of this store: readings of which each can be told to be the right one, and damage to files.

export const checkedPorts = 6;
const ports = Array.from({ length: checkedPorts }, (_, i) => `1/1/${i}`);
const stepMs = 7_000;

const checkedValue = (sequence: number, port: number) => (sequence * 1_000_003 + port * 7919) % 1_000_000_007;

/** The batch of a sequence number: a reading of each port, `sequence` times seven seconds after `start`. */
export function checkedBatch(entities: EntityNumbers, start: number, sequence: number): ReadingBatch {
  const builder = new BatchBuilder(entities);
  const [rx, oper] = [metricNumber('port.rx'), metricNumber('port.oper')];
  if (rx === undefined || oper === undefined) throw new Error('the catalogue has no rx or oper');
  for (const [i, entity] of ports.entries()) {
    builder.begin(entities.numberOf(1, 'port', entity), start + sequence * stepMs);
    builder.value(oper, 1);
    builder.value(rx, checkedValue(sequence, i));
  }
  return builder.finish();
}

/** What is wrong with the readings of the sequence numbers that were acknowledged: each must be there once, with its values. */
export async function wrongReadings(
  store: MeasurementStore,
  start: number,
  acknowledged: Iterable<number>,
): Promise<string[]> {
  const wrong: string[] = [];
  for (const [i, entity] of ports.entries()) {
    const { metrics, rows } = await store.kept(
      { deviceId: 1, kind: 'port', entity },
      0,
      start + 86_400_000 * 20,
    );
    const rx = metrics.indexOf('rx');
    const bySequence = new Map<number, number>();
    for (const { time, n, sum, resolution } of rows) {
      const sequence = (time - start) / stepMs;
      if (resolution !== 'raw' || n[rx] !== 1) wrong.push(`${entity} ${sequence}: ${n[rx]} in ${resolution}`);
      else if (bySequence.has(sequence)) wrong.push(`${entity} ${sequence}: twice`);
      else if (sum[rx] !== checkedValue(sequence, i)) wrong.push(`${entity} ${sequence}: ${sum[rx]}`);
      bySequence.set(sequence, sum[rx] ?? Number.NaN);
    }
    for (const sequence of acknowledged)
      if (!bySequence.has(sequence)) wrong.push(`${entity} ${sequence}: is not there`);
  }
  return wrong;
}

/** Flips one bit of a file. */
export function flipBit(file: string, at: number, bit: number): void {
  const descriptor = openSync(file, 'r+');
  const byte = Buffer.alloc(1);
  readSync(descriptor, byte, 0, 1, at);
  byte[0] = (byte[0] ?? 0) ^ (1 << bit);
  writeSync(descriptor, byte, 0, 1, at);
  closeSync(descriptor);
}

/** Flips a bit in the middle of where these bytes lie in the file, also where SQLite has only left them behind. */
export function flipBitIn(file: string, bytes: Uint8Array): void {
  const content = readFileSync(file);
  const part = bytes.subarray(0, 200);
  let at = content.indexOf(part);
  if (at < 0) throw new Error('the file does not hold these bytes');
  for (; at >= 0; at = content.indexOf(part, at + 1)) flipBit(file, at + part.length - 5, 3);
}
