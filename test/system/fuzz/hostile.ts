import fc from 'fast-check';

/** Becomes what JSON.stringify cannot write: numbers beyond doubles, and a key that is not set on the prototype. */
const raw = (text: string) => `@raw ${text}@`;

/** The JSON text of a value, with what {@link raw} stands for. */
export function jsonText(value: unknown): string {
  return (JSON.stringify(value) ?? 'null')
    .replace(/"@raw ([^"@]*)@"/g, '$1')
    .replaceAll('"@proto@"', '"__proto__"');
}

/** Texts that have broken other programs: names of prototypes, quotes, paths, formulas, marks of direction, halves of letters. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '\u0000',
    'a\u0000b',
    '\ud800',
    'x\udc00y',
    '\u202egnp.exe',
    '\ufeff',
    'e\u0301\u0301\u0301',
    '\r\nSet-Cookie: a=b',
    '../../../../etc/passwd',
    '..\\..\\win.ini',
    '%2e%2e%2f',
    '/etc/passwd',
    "'; DROP TABLE users; --",
    "1' OR '1'='1",
    '" OR ""="',
    '%_%',
    '<script>alert(1)</script>',
    '{{7*7}}',
    '=cmd|"/C calc"!A0',
    '__proto__',
    'constructor',
    'toString',
    'NaN',
    'Infinity',
    '-0',
    '1e999',
    '0x10',
    '９',
    '9007199254740993',
    '99999999999999999999999999',
    '-1',
    '1.5',
    'true',
    'null',
    'undefined',
    '[object Object]',
    'http://169.254.169.254/latest/meta-data/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    '2026-02-30',
    '9999-12-31T23:59:59Z',
    '-271821-04-20',
    '+275760-09-13T00:00:00.001Z',
    '((((((((((a*)*)*)*)*)*)*)*)*)*)$',
    '\\',
    '*',
    '%',
  ),
  fc
    .constantFrom('a', 'a.', '(', '%', '"', ' ', 'ä', '1,', '🛠', '\u0300', '0')
    .chain((one) => fc.constantFrom(300, 5_000, 60_000).map((count) => one.repeat(count))),
  fc.string({ unit: 'binary', maxLength: 30 }),
);

const hostileNumber: fc.Arbitrary<unknown> = fc.constantFrom<unknown>(
  0,
  -1,
  1.5,
  -0,
  2 ** 31,
  -(2 ** 31) - 1,
  2 ** 53 - 1,
  2 ** 53 + 2,
  9e15,
  8.64e15,
  8.64e15 + 1,
  -8.64e15,
  2 ** 63,
  1e21,
  1e308,
  -1e308,
  5e-324,
  raw('1e999'),
  raw('-1e999'),
  raw('123456789012345678901234567890'),
  raw('0.1e-99999'),
);

function nested(depth: number, wrap: (inner: unknown) => unknown): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level++) value = wrap(value);
  return value;
}

/** Values of any kind where another one is expected. */
export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: hostileText },
  { weight: 4, arbitrary: hostileNumber },
  {
    weight: 2,
    arbitrary: fc.constantFrom<unknown>(
      null,
      true,
      false,
      [],
      {},
      [[]],
      [null],
      { '@proto@': { admin: true } },
      { constructor: { prototype: { admin: true } } },
      { length: 1e9 },
      { toJSON: 1, valueOf: null, toString: null },
      nested(2000, (inner) => [inner]),
      nested(500, (inner) => ({ a: inner })),
      Array.from({ length: 5000 }, (_, index) => index),
      Array.from({ length: 2000 }, () => ({})),
      Object.fromEntries(Array.from({ length: 2000 }, (_, index) => [`k${index}`, index])),
    ),
  },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
);

export interface Mutation {
  readonly at: number;
  readonly how: 'replace' | 'remove' | 'add' | 'double';
  readonly value: unknown;
  readonly key: string;
}

export const mutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.nat(),
  how: fc.constantFrom('replace', 'replace', 'replace', 'remove', 'add', 'double'),
  value: hostileValue,
  key: fc.constantFrom(
    '@proto@',
    'constructor',
    'id',
    'role',
    'userId',
    '',
    'x',
    'toString',
    'hasOwnProperty',
  ),
});

/** The value with something wrong somewhere in it. */
export function mutated(value: unknown, { at, how, value: other, key }: Mutation): unknown {
  const places = placesIn(value);
  const place = places[at % places.length];
  if (place === undefined || place.length === 0) return how === 'add' ? withKey(value, key, other) : other;
  return changedAt(value, place, (old, parent) => {
    if (how === 'add') return withKey(old, key, other);
    if (how === 'double') return Array.isArray(old) ? [...old, ...old] : [old, old];
    return how === 'remove' && parent === 'object' ? undefined : other;
  });
}

type Place = readonly (string | number)[];

function placesIn(value: unknown, here: Place = []): Place[] {
  if (typeof value !== 'object' || value === null || here.length > 20) return [here];
  return [here, ...Object.entries(value).flatMap(([key, inner]) => placesIn(inner, [...here, key]))];
}

function changedAt(
  value: unknown,
  [key, ...rest]: Place,
  change: (old: unknown, parent: 'array' | 'object') => unknown,
): unknown {
  if (key === undefined || typeof value !== 'object' || value === null) return value;
  const into = (old: unknown, parent: 'array' | 'object') =>
    rest.length === 0 ? change(old, parent) : changedAt(old, rest, change);
  if (Array.isArray(value))
    return value.map((old: unknown, index) => (index === Number(key) ? into(old, 'array') : old));
  return Object.fromEntries(
    Object.entries(value).map(([name, old]) => [name, name === key ? into(old, 'object') : old]),
  );
}

function withKey(value: unknown, key: string, other: unknown): unknown {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? { ...value, [key]: other }
    : [value, other];
}
