import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NumberReader } from './number.ts';
import { type Point, readPoints } from './points.ts';
import { referencePoint } from './reference.ts';

const now = 1_780_000_000_000;
const encode = (text: string) => new TextEncoder().encode(text);
const read = (bytes: Uint8Array) => readPoints(bytes, { precision: 'ms', now });

/** Names as anybody may give them; a backslash at the end cannot be written, nor can line breaks. */
const name = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
  .filter((text) => !/[\r\n]/.test(text) && !text.endsWith('\\'));
const measurement = name.filter((text) => !text.startsWith('#'));
const value = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
  fc.integer(),
  fc.boolean(),
  fc.string({ unit: 'grapheme', maxLength: 20 }).filter((text) => !text.endsWith('\r')),
);
const point: fc.Arbitrary<Point> = fc.record({
  measurement,
  tags: fc.dictionary(name, name, { maxKeys: 4 }),
  fields: fc.dictionary(name, value, { minKeys: 1, maxKeys: 5 }),
  time: fc.integer({ min: -8.64e15, max: 8.64e15 }),
});

const escaped = (text: string) => text.replace(/[,= ]/g, '\\$&');
function format({ measurement: about, tags, fields, time }: Point): string {
  const tagText = Object.entries(tags).map(([key, text]) => `,${escaped(key)}=${escaped(text)}`);
  const fieldText = Object.entries(fields).map(([key, one]) => {
    const text = typeof one === 'string' ? `"${one.replace(/["\\]/g, '\\$&')}"` : String(one);
    return `${escaped(key)}=${text}`;
  });
  return `${about.replace(/[, ]/g, '\\$&')}${tagText.join('')} ${fieldText.join(',')} ${time}`;
}

/** Text of which much is nearly line protocol. */
const almost = fc
  .array(
    fc.constantFrom(
      ...[
        'a',
        'b=',
        ',',
        '=',
        ' ',
        '\\',
        '"',
        '#',
        'x=1',
        'f=2i',
        'f=3u',
        'g="t"',
        't',
        'true',
        '-',
        '+',
        '.',
      ],
      ...[
        '1',
        '05',
        'e',
        'E-3',
        '9223372036854775808i',
        '-1',
        '99999999999999999',
        '\r',
        'ü',
        'm,a=b x=1 5',
        'NaN',
      ],
    ),
    { maxLength: 14 },
  )
  .map((parts) => parts.join(''));

describe('line protocol', () => {
  it('reads back what was written', () => {
    fc.assert(
      fc.property(fc.array(point, { maxLength: 10 }), (points) => {
        const { points: back, problems } = read(encode(points.map(format).join('\n')));
        expect(problems).toEqual([]);
        expect(back).toEqual(points);
      }),
      { numRuns: 500 },
    );
  });

  it('takes and refuses the same as the specification says', () => {
    fc.assert(
      fc.property(almost, (line) => {
        const expected = /^ *(#|\r?$)/.test(line) ? [] : [referencePoint(line, now)];
        expect(read(encode(line)).points).toEqual(expected.filter((one) => one !== null));
      }),
      { numRuns: 20_000 },
    );
  });

  it('reads numbers as JavaScript does, to the last bit', () => {
    const numbers = new NumberReader();
    const text = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
      fc.tuple(fc.bigInt({ min: 0n, max: 10n ** 24n }), fc.nat(24)).map(([digits, places]) => {
        const padded = String(digits).padStart(places + 1, '0');
        return places === 0 ? padded : `${padded.slice(0, -places)}.${padded.slice(-places)}`;
      }),
      fc
        .tuple(fc.integer(), fc.integer({ min: -330, max: 300 }))
        .map(([digits, exponent]) => `${digits}e${exponent}`),
    );
    fc.assert(
      fc.property(text, (one) => {
        const bytes = encode(`${one} `);
        const end = numbers.read(bytes, 0);
        const finite = Number.isFinite(Number(one));
        expect(end).toBe(finite ? one.length : 0);
        if (finite) expect(Object.is(numbers.value, Number(one))).toBe(true);
      }),
      { numRuns: 20_000 },
    );
  });

  it('reads or refuses every beginning of a batch and every flipped bit, and reads nothing behind its end', () => {
    const text = String.raw`cpu\ x,host=a\,b,ü=1 a=1.5,b=2i,c="x\"y, z",d=t 1780000000000
# comment
port,d=1,e=1/0/1 rx=12345,tx=0.5e3 -5`;
    const batch = encode(text);
    const whole = new Uint8Array(batch.length * 2).fill(0x31);
    for (let end = 0; end <= batch.length; end++) {
      whole.set(batch);
      whole.fill(0x31, end);
      const alone = read(batch.slice(0, end));
      expect(read(whole.subarray(0, end))).toEqual(alone);
      expect(alone.points.length + alone.unreadable).toBeLessThanOrEqual(2);
    }
    for (let bit = 0; bit < batch.length * 8; bit++) {
      const flipped = batch.slice();
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const { points, unreadable } = read(flipped);
      expect(points.length + unreadable).toBeLessThanOrEqual(4);
    }
  });

  it('takes any bytes without a complaint of its own', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const { points, unreadable } = read(bytes);
        expect(points.length + unreadable).toBeLessThanOrEqual(
          bytes.filter((byte) => byte === 10).length + 1,
        );
      }),
      { numRuns: 2000 },
    );
  });
});
