import {
  entityKinds,
  formatLines,
  isMetricId,
  metricIds,
  parseLines,
  plausible,
  type Reading,
} from '@rackhaus/config/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EntityNumbers, metricNumber, readingsOf } from '../measurements/index.ts';
import { BatchReader } from './batch-reader.ts';
import { plausibleValues } from './plausible-values.ts';
import { SeriesTable } from './series-table.ts';

const now = 1_780_000_000_000;
const agentId = 7;
const covers = (_agent: number, deviceId: number) => deviceId > 0 && deviceId % 3 !== 0;
const encode = (text: string) => new TextEncoder().encode(text);
const newReader = () =>
  new BatchReader({
    entities: new EntityNumbers(),
    responsible: { covers, everCovered: (_agent, deviceId) => deviceId % 3 !== 0 },
  });

const reading: fc.Arbitrary<Reading> = fc.constantFrom(...entityKinds).chain((kind) => {
  const names = metricIds.filter((id) => id.startsWith(`${kind}.`)).map((id) => id.slice(kind.length + 1));
  return fc.record({
    kind: fc.constant(kind),
    deviceId: kind === 'agent' ? fc.constantFrom(0, 0, 5) : fc.nat(6),
    entity: kind === 'agent' ? fc.constant('') : fc.constantFrom('', '1', '1/0/1', 'a,b =c', 'Lüfter 3'),
    time: fc.integer({ min: now - 1000, max: now + 1000 }),
    values: fc.dictionary(
      fc.constantFrom(...names),
      fc.oneof(
        fc.integer({ min: -3, max: 9 }),
        fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e12, max: 1e12 }),
      ),
      { minKeys: 1 },
    ),
  });
});

/** What is to become of a reading, in plain words. */
function expected({ kind, deviceId, entity, time, values }: Reading): Reading[] {
  const own = kind === 'agent';
  if (own ? deviceId !== 0 : !covers(agentId, deviceId)) return [];
  if (time > now && !own) return [];
  const good = Object.entries(values).flatMap(([name, value]): [string, number][] => {
    const id = `${kind}.${name}`;
    const rounded = isMetricId(id) ? plausible(id, value) : undefined;
    return rounded === undefined ? [] : [[name, rounded]];
  });
  if (good.length === 0) return [];
  return [
    {
      kind,
      deviceId,
      entity: own ? String(agentId) : entity,
      // What an agent says of itself is heard however wrong its clock is.
      time: Math.min(time, now),
      values: Object.fromEntries(good),
    },
  ];
}

describe('the batch reader', () => {
  it('takes over what is plausible of the devices that the agent speaks for, and nothing else', () => {
    const reader = newReader();
    fc.assert(
      fc.property(fc.array(reading, { maxLength: 20 }), (readings) => {
        const text = formatLines(readings);
        const { batch, own, problem } = reader.read(encode(text), agentId, now);
        const wanted = parseLines(text).flatMap(expected);
        expect(readingsOf(batch)).toEqual(wanted);
        expect(own).toEqual(wanted.flatMap(({ kind }, at) => (kind === 'agent' ? [at] : [])));
        expect(problem).toBeNull();
      }),
      { numRuns: 1000 },
    );
  });

  it('keeps what it knows of a line of which it does not know all, and counts the rest', () => {
    const { batch, leftOut, problem } = newReader().read(
      encode(`port,d=1,e=1 rx=5,fromTheFuture=1,tx="much",oper=1,rx=6 ${now}
door,d=1 open=1 ${now}
port,d=1,e=2 fromTheFuture=1 ${now}
port,d=1,e=2 rx=1,
port,d=1,e=2 rx=1
port,d=1,x=2 rx=1 ${now}
port,d=3,e=1 rx=1 ${now}
port,d=1,e=2 rx=-1,tx=7i ${now}
port,d=1,e=2 rx=1 ${now + 1}`),
      agentId,
      now,
    );
    expect(readingsOf(batch)).toEqual([
      { deviceId: 1, kind: 'port', entity: '1', time: now, values: { rx: 6, oper: 1 } },
      { deviceId: 1, kind: 'port', entity: '2', time: now, values: { tx: 7 } },
    ]);
    // Two fields and five lines, one of whose fields was counted before.
    expect(leftOut).toEqual({ unreadable: 8, foreign: 1, intruding: 1, implausible: 2 });
    expect(problem).toBeNull();
  });

  it('says what is wrong when no line can be read', () => {
    const { problem } = newReader().read(encode('\n# x\nnonsense\nport,d=1 rx=a 1'), agentId, now);
    expect(problem?.message).toMatch(/^line 3: kind "nonsense" is not one of/);
  });

  it('survives every cut and every flipped bit', () => {
    const bytes = encode(
      `port,d=1,e=1/0/1 oper=1,rx=12345.5,tx=1e3 ${now}\nagent,d=0 queue=3 ${now}\nups,d=2 charge=0.5 ${now}`,
    );
    const reader = newReader();
    for (let end = 0; end <= bytes.length; end++)
      expect(reader.read(bytes.slice(0, end), agentId, now).batch.count).toBeLessThanOrEqual(3);
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = bytes.slice();
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const { batch } = reader.read(flipped, agentId, now);
      for (const { deviceId, time } of readingsOf(batch)) {
        expect(deviceId === 0 || covers(agentId, deviceId)).toBe(true);
        expect(time).toBeLessThanOrEqual(now);
      }
    }
  });
});

describe('plausible values', () => {
  it('are the same by number as by name', () => {
    const byNumber = plausibleValues();
    fc.assert(
      fc.property(
        fc.constantFrom(...metricIds),
        fc.oneof(fc.integer({ min: -10, max: 100 }), fc.double(), fc.double({ min: -1e7, max: 1e14 })),
        (id, value) => {
          expect(byNumber(metricNumber(id) ?? -1, value)).toBe(plausible(id, value) ?? Number.NaN);
        },
      ),
      { numRuns: 20_000 },
    );
  });
});

describe('the series table', () => {
  it('finds what was put in, and begins anew when it is full', () => {
    const table = new SeriesTable(5000);
    const key = (n: number) => encode(`port,d=${n % 97},e=1/0/${n}`);
    // Few hashes, so that many keys share one.
    const hash = (n: number) => n % 64;
    for (let n = 0; n < 5000; n++)
      table.add(key(n), 0, key(n).length, hash(n), { deviceId: n, kind: 1, entity: n });
    for (let n = 0; n < 5000; n++) expect(table.find(key(n), 0, key(n).length, hash(n))?.entity).toBe(n);
    expect(table.find(key(5000), 0, key(5000).length, hash(5000))).toBeUndefined();
    table.add(key(5000), 0, key(5000).length, hash(5000), { deviceId: 1, kind: 1, entity: 5000 });
    expect(table.size).toBe(1);
    expect(table.find(key(1), 0, key(1).length, hash(1))).toBeUndefined();
    expect(table.find(key(5000), 0, key(5000).length, hash(5000))?.entity).toBe(5000);
  });
});
