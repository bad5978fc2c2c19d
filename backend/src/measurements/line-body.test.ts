import type { Reading } from '@rackhaus/config/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineBodies } from './line-body.ts';
import { batchOf, EntityNumbers } from './reading-batch.ts';
import { nameOfTag, tagValueOf } from './tag-value.ts';

const textOf = (readings: readonly Reading[], dialect: 'influx' | 'victoria' = 'influx'): string => {
  const entities = new EntityNumbers();
  const lines = new LineBodies({ entities, dialect });
  return Array.from(lines.bodies(batchOf(entities, readings)), (body) => Buffer.from(body).toString()).join(
    '',
  );
};
const reading = (values: Record<string, number>, entity = '1', time = 1_700_000_000_123): Reading => ({
  deviceId: 7,
  kind: 'port',
  entity,
  time,
  values,
});

describe('line protocol of a batch', () => {
  it('has a line for each reading', () => {
    expect(textOf([reading({ rx: 1, tx: -0.5 }), reading({ oper: 2 }, '')])).toBe(
      'port,d=7,e=1 rx=1,tx=-0.5 1700000000123\nport,d=7 oper=2 1700000000123\n',
    );
  });

  it('leaves out what is no number, and lines of nothing else', () => {
    const infinite = { rx: Number.NaN, tx: Number.POSITIVE_INFINITY };
    expect(textOf([reading(infinite), reading({ ...infinite, oper: 1 })])).toBe(
      'port,d=7,e=1 oper=1 1700000000123\n',
    );
  });

  it('writes any number so that it reads back as the same', () => {
    const number = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.integer(),
      fc.maxSafeInteger(),
    );
    fc.assert(
      fc.property(number, (value) => {
        const text = /rx=(\S+) /.exec(textOf([reading({ rx: value })]))?.[1];
        // Zero has no sign on the wire.
        expect(Number(text)).toBe(value + 0);
      }),
    );
  });

  it('keeps names in one line, each to itself', () => {
    expect(textOf([reading({ rx: 1 }, 'a b,c=d\\')], 'influx')).toBe(
      'port,d=7,e=a\\ b\\,c\\=d\\\u0010e rx=1 1700000000123\n',
    );
    expect(textOf([reading({ rx: 1 }, 'a\\b\n')], 'victoria')).toBe(
      'port,d=7,e=a\\\\b\u0010n rx=1 1700000000123\n',
    );
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('\n', '\r', '\\', '\u0010', 'e', 'n', 'd', 'ä') }),
        (name) => {
          const tag = tagValueOf(name);
          expect(tag).not.toMatch(/[\n\r]|\\$/);
          expect(nameOfTag(tag)).toBe(name);
        },
      ),
    );
  });

  it('cuts what is long into bodies of whole lines', () => {
    const entities = new EntityNumbers();
    const many = Array.from({ length: 120_000 }, (_, i) => reading({ rx: i, tx: i }, `p${i % 50}`, i));
    const bodies = Array.from(
      new LineBodies({ entities, dialect: 'influx' }).bodies(batchOf(entities, many)),
      (body) => Buffer.from(body).toString(),
    );
    expect(bodies.length).toBeGreaterThan(1);
    for (const body of bodies) expect(body.endsWith('\n')).toBe(true);
    expect(bodies.join('').trimEnd().split('\n')).toHaveLength(many.length);
  });
});
