import { expect, it } from 'vitest';
import { LiveStore, parseSnmprec, SnmpResponder, snmpValue } from '../../simulator/index.ts';
import { record } from './index.ts';

const { integer, objectId, octets, timeTicks } = snmpValue;

async function serve(entries: ConstructorParameters<typeof LiveStore>[0]) {
  const responder = new SnmpResponder({ community: 'kleiner-geheimer', store: new LiveStore(entries) });
  const { port } = await responder.listen('127.0.0.1', 0);
  return { port, close: () => responder.close() };
}

const system = [
  { oid: '1.3.6.1.2.1.1.1.0', value: octets('Some box kleiner-geheimer') },
  { oid: '1.3.6.1.2.1.1.2.0', value: objectId('1.3.6.1.4.1.99999.1') },
  { oid: '1.3.6.1.2.1.1.3.0', value: timeTicks(100) },
  { oid: '1.3.6.1.2.1.1.5.0', value: octets('sw-og1') },
];
const rows = Array.from({ length: 300 }, (_, i) => ({
  oid: `1.3.6.1.4.1.99999.2.1.${i + 1}`,
  value: integer(i),
}));
const users = [{ oid: '1.3.6.1.6.3.15.1.2.2.1.3.1', value: octets('anna') }];
const options = (port: number, mostValues = 1000) => ({
  host: '127.0.0.1',
  port,
  credentials: { version: '2c' as const, community: 'kleiner-geheimer' },
  keepNames: false,
  mostValues,
  minutes: 1,
});

it('a device is read to its end, without its users and its community', async () => {
  const device = await serve([
    ...system,
    ...rows,
    ...users,
    { oid: '1.3.6.1.6.3.19.1.0', value: integer(1) },
  ]);
  try {
    const seen: number[] = [];
    const { text, values, end } = await record(options(device.port), {
      key: Buffer.alloc(32, 1),
      signal: new AbortController().signal,
      progress: (count) => seen.push(count),
    });
    expect(end).toBe('end');
    expect(values).toBe(system.length + rows.length + 1);
    expect(seen.at(-1)).toBe(values);
    expect(text).not.toMatch(/anna|kleiner-geheimer|sw-og1/);
    expect(parseSnmprec(Buffer.from(text))).toMatchObject({
      skipped: [],
      duplicates: 0,
      store: { size: values },
    });
  } finally {
    await device.close();
  }
});

it('as much as is wanted, and what was read until somebody ended it', async () => {
  const device = await serve([...system, ...rows]);
  try {
    const stop = new AbortController();
    const most = { key: Buffer.alloc(32, 1), signal: stop.signal, progress: () => {} };
    expect(await record(options(device.port, 20), most)).toMatchObject({ end: 'values', values: 20 });
    const ended = await record(options(device.port), {
      ...most,
      progress: (count) => {
        if (count === 50) stop.abort();
      },
    });
    expect(ended.end).toBe('cancelled');
    expect(ended.values).toBeGreaterThanOrEqual(50);
    expect(ended.values).toBeLessThan(system.length + rows.length);
  } finally {
    await device.close();
  }
});
