import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatLine, formatLines, LineProtocolError, parseLines } from './line-protocol.ts';
import { entityKinds, metricIds } from './metrics.ts';
import type { Reading } from './reading.ts';

const reading: fc.Arbitrary<Reading> = fc.constantFrom(...entityKinds).chain((kind) => {
  const names = metricIds.filter((id) => id.startsWith(`${kind}.`)).map((id) => id.slice(kind.length + 1));
  return fc.record({
    kind: fc.constant(kind),
    deviceId: fc.nat(1_000_000),
    // Anything a device may call its ports, but for line breaks and closing backslashes, which the format cannot carry.
    entity: fc
      .string({ unit: 'grapheme', maxLength: 30 })
      .filter((name) => !/[\r\n]/.test(name) && !name.endsWith('\\') && name.trim() === name),
    time: fc.integer({ min: 0, max: 4_000_000_000_000 }),
    values: fc.dictionary(
      fc.constantFrom(...names),
      fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }),
      {
        minKeys: 1,
      },
    ),
  });
});

/** -0 is written as 0: the two are the same value. */
const plain = (value: Reading) => ({
  ...value,
  values: Object.fromEntries(Object.entries(value.values).map(([name, number]) => [name, number + 0])),
});

describe('line protocol', () => {
  it('reads back what it wrote, whatever a port is called', () => {
    fc.assert(
      fc.property(fc.array(reading, { maxLength: 20 }), (readings) => {
        expect(parseLines(formatLines(readings)).map(plain)).toEqual(readings.map(plain));
      }),
    );
  });

  it('never throws anything but its own error, whatever comes in', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        try {
          parseLines(text);
        } catch (error) {
          expect(error).toBeInstanceOf(LineProtocolError);
        }
      }),
    );
  });

  it('escapes what separates', () => {
    const line = formatLine({
      kind: 'port',
      deviceId: 7,
      entity: 'Gi 1/0/1,a=b',
      time: 5,
      values: { rx: 1.5 },
    });
    expect(line).toBe('port,d=7,e=Gi\\ 1/0/1\\,a\\=b rx=1.5 5');
  });

  it.each([
    ['port,d=1 rx=1', 'line 1: must end with its time'],
    ['port,d=1 rx=1 -5', 'line 1: must end with its time'],
    ['nonsense,d=1 rx=1 5', 'kind "nonsense"'],
    ['port rx=1 5', 'tag d=<device id> is missing'],
    ['port,d=x rx=1 5', 'tag "d=x" is not'],
    ['port,d=1 nope=1 5', '"port.nope" is not in the metric catalogue'],
    ['port,d=1 rx=abc 5', 'field "rx" has the value "abc": it must be a number'],
    ['port,d=1 rx= 5', 'field "rx" has the value "": it must be a number'],
    ['# comment\n\nport,d=1 rx=1 never', 'line 3: time "never"'],
  ])('says what is wrong with %j', (text, message) => {
    expect(() => parseLines(text)).toThrow(message);
  });

  it('leaves out readings without a value', () => {
    expect(formatLines([{ kind: 'port', deviceId: 1, entity: '1', time: 1, values: {} }])).toBe('');
  });
});
