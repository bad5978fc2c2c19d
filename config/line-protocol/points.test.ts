import { describe, expect, it } from 'vitest';
import { type LineOptions, parsePoints, readPoints } from './points.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const options: LineOptions = { precision: 'ms', now: 1_780_000_000_000 };
const read = (text: string, precision: LineOptions['precision'] = 'ms') =>
  parsePoints(bytes(text), { ...options, precision });

describe('parsePoints', () => {
  it('reads what Telegraf writes', () => {
    expect(
      read(
        'cpu,cpu=cpu-total,host=pve1 usage_idle=98.7,n=4i,big=18446744073709551615u 1780000000123456789\n',
        'ns',
      ),
    ).toEqual([
      {
        measurement: 'cpu',
        tags: { cpu: 'cpu-total', host: 'pve1' },
        fields: { usage_idle: 98.7, n: 4, big: 2 ** 64 },
        time: 1_780_000_000_123,
      },
    ]);
  });

  it('takes out escapes where the specification has them, and leaves all other backslashes', () => {
    const [point] = read(
      String.raw`my\ cpu\,0=x\y,rack\ 1=a\,b\=c\d fie\=ld="say \"hi\" \\ to \n them",b=T,c=false 5`,
    );
    expect(point).toEqual({
      measurement: String.raw`my cpu,0=x\y`,
      tags: { 'rack 1': String.raw`a,b=c\d` },
      fields: { 'fie=ld': String.raw`say "hi" \ to \n them`, b: true, c: false },
      time: 5,
    });
  });

  it('passes over comments, empty lines and closing line breaks of Windows', () => {
    expect(read('# a comment\r\n\r\n  \ncpu f=1 1\r\n#\ncpu f=2\r\n').map(({ time }) => time)).toEqual([
      1,
      options.now,
    ]);
  });

  it('keeps commas, spaces and line breaks in quotation marks', () => {
    expect(read('log,a=b text="one, two\nthree = 3" 1\ncpu f=1 2')).toMatchObject([
      { fields: { text: 'one, two\nthree = 3' }, time: 1 },
      { time: 2 },
    ]);
  });

  it.each([
    ['ns', '1999999', 1],
    ['ns', '-1', -1],
    ['ns', '-1000000', -1],
    ['us', '-1500', -2],
    ['us', '7', 0],
    ['ms', '-5', -5],
    ['s', '3', 3000],
    ['m', '2', 120_000],
    ['h', '-1', -3_600_000],
    ['ns', '9223372036854775807', 9_223_372_036_854],
  ] as const)('counts time in %s: %s is %d ms', (precision, text, time) => {
    expect(read(`m f=1 ${text}`, precision)[0]?.time).toBe(time);
  });

  it.each([
    ['.5', 0.5],
    ['5.', 5],
    ['+1', 1],
    ['-0.000001', -0.000001],
    ['1e3', 1000],
    ['1.5E-7', 1.5e-7],
    ['0.1234567890123456789', Number('0.1234567890123456789')],
    ['123456789012345678901234567890', Number('123456789012345678901234567890')],
    ['-9223372036854775808i', -(2 ** 63)],
    ['9007199254740993i', 9007199254740992],
  ])('reads the number %s', (text, value) => {
    expect(read(`m f=${text}`)[0]?.fields.f).toBe(value);
  });

  it.each([
    ['cpu', 'has no fields'],
    ['cpu,a=b', 'has no fields'],
    ['cpu f', 'field "f" must be <name>=<value>'],
    ['cpu f=1,', 'field "" must be'],
    ['cpu =1', 'a field without a name'],
    [',a=b f=1', 'has no measurement'],
    ['cpu,a f=1', 'tag "a" must be'],
    ['cpu,a= f=1', 'tag "a=" must be'],
    ['cpu,=b f=1', 'tag "=b" must be'],
    ['cpu, f=1', 'tag "" must be'],
    ['cpu,a=b=c f=1', 'a second "="'],
    ['cpu,a=b,a=c f=1', 'tag "a" is there twice'],
    ['cpu f=NaN', 'field "f" has the value "NaN"'],
    ['cpu f=inf', 'has the value'],
    ['cpu f=1e999', 'has the value'],
    ['cpu f=1e', 'has the value'],
    ['cpu f=.', 'has the value'],
    ['cpu f=-', 'has the value'],
    ['cpu f=9223372036854775808i', 'has the value'],
    ['cpu f=18446744073709551616u', 'has the value'],
    ['cpu f=-1u', 'has the value'],
    ['cpu f=1.5i', 'stands "i"'],
    ['cpu f=1x', 'after the value of field "f" stands "x"'],
    ['cpu f="a"b', 'after the value'],
    ['cpu f="a', 'no closing quotation mark'],
    ['cpu f=tru', 'has the value "tru"'],
    ['cpu f=1 12x', 'time "12x" must be a whole number'],
    ['cpu f=1 1 2', 'time "1 2" must be'],
    ['cpu f=1 1.5', 'time "1.5" must be'],
    ['cpu f=1 9223372036854775807', 'is it in another unit'],
    [`cpu f="${'x'.repeat(70_000)}"`, 'longer than 65536 bytes'],
    [`${'c'.repeat(2000)} f=1`, 'longer than 1024 bytes'],
    [`cpu ${'f=1,'.repeat(2000)}f=1`, 'more than 1024 fields'],
    [`cpu${Array.from({ length: 65 }, (_, i) => `,t${i}=1`).join('')} f=1`, 'more than 64 tags'],
  ])('says what is wrong with %.40s', (text, message) => {
    expect(() => read(text)).toThrow(message);
    expect(() => read(`ok f=1 1\n\n${text}`)).toThrow(/^line 3: /);
  });

  it('refuses what is not UTF-8, wherever it stands', () => {
    for (const [before, after] of [
      ['cp', ' f=1'],
      ['cpu,a=b', ' f=1'],
      ['cpu f', '=1'],
      ['cpu f="', '"'],
    ]) {
      const bad = new Uint8Array([...bytes(before ?? ''), 0xc3, 0x28, ...bytes(after ?? '')]);
      expect(() => parsePoints(bad, options)).toThrow('is not UTF-8');
    }
  });
});

describe('readPoints', () => {
  it('tells which lines cannot be read and reads the others', () => {
    const { points, problems, unreadable } = readPoints(bytes('a f=1 1\nb\nc f="\nd f=4 4'), options);
    expect(points.map(({ measurement }) => measurement)).toEqual(['a', 'd']);
    expect(problems.map(({ line }) => line)).toEqual([2, 3]);
    expect(unreadable).toBe(2);
  });

  it('makes no more than a hundred messages', () => {
    const { problems, unreadable } = readPoints(bytes('x\n'.repeat(5000)), options);
    expect([problems.length, unreadable]).toEqual([100, 5000]);
  });

  it('takes names for names, whatever they mean elsewhere', () => {
    const { points } = readPoints(bytes('m,__proto__=a __proto__=1,constructor=2'), options);
    expect(Object.entries(points[0]?.tags ?? {})).toEqual([['__proto__', 'a']]);
    expect(Object.keys(points[0]?.fields ?? {})).toEqual(['__proto__', 'constructor']);
  });
});
