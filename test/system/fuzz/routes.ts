import fc from 'fast-check';
import { z } from 'zod';
import type { Call } from './call.ts';
import { fromSchema } from './from-schema.ts';
import { hostileText, hostileValue, jsonText, mutated, mutation } from './hostile.ts';
import { type Known, ownerOf } from './known.ts';

const Description = z.object({
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.object({
        'x-access': z.string(),
        parameters: z.array(
          z.object({
            name: z.string(),
            in: z.enum(['path', 'query', 'header']),
            required: z.boolean(),
            schema: z.unknown(),
          }),
        ),
        requestBody: z
          .object({ content: z.record(z.string(), z.object({ schema: z.unknown() })) })
          .optional(),
      }),
    ),
  ),
});

export interface FuzzedRoute {
  /** E.g. "get /api/rooms/{id}". */
  readonly name: string;
  readonly method: string;
  readonly access: string;
  /** What an `id` in its reply is of, e.g. `room`. */
  readonly owner: string;
  /** Made when it is first asked for. */
  readonly calls: () => fc.Arbitrary<Call>;
}

/** Every route of the API description, with calls to it: good ones, nearly good ones, and hostile ones. */
export function fuzzedRoutes(description: unknown, known: Known): FuzzedRoute[] {
  const { paths } = Description.parse(description);
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      name: `${method} ${path}`,
      method: method.toUpperCase(),
      access: operation['x-access'],
      owner: ownerOf(path.includes('{') ? path : `${path}/{id}`, 'id'),
      calls: once(() => calls(method.toUpperCase(), path, operation, known)),
    })),
  );
}

type Operation = z.infer<typeof Description>['paths'][string][string];

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** Most calls are as they should be, as far as the description says: what lies behind the checks is tried only so. */
function calls(method: string, path: string, operation: Operation, known: Known): fc.Arbitrary<Call> {
  return fc.oneof(
    { weight: 3, arbitrary: callsOf(method, path, operation, known, false) },
    { weight: 2, arbitrary: callsOf(method, path, operation, known, true) },
  );
}

function callsOf(
  method: string,
  path: string,
  operation: Operation,
  known: Known,
  wild: boolean,
): fc.Arbitrary<Call> {
  const content = Object.entries(operation.requestBody?.content ?? {})[0];
  return fc
    .record({
      address: address(path, operation, known, wild),
      query: query(operation, known, wild),
      headers: headers(operation, known, wild),
      body:
        content === undefined ? fc.constant(undefined) : bodies(content[0], content[1].schema, known, wild),
    })
    .map(({ address, query, headers, body }) => ({
      method,
      // What cannot stand in a request line at all never leaves the client.
      path: `${address}${query}`.replace(/[^\u0021-\u007e]/g, '%'),
      headers: { ...headers, ...body?.headers },
      body: body?.text,
    }));
}

const oddParts = [
  '%',
  '%zz',
  '%00',
  '%ff',
  '%c0%ae',
  '..',
  '.',
  '%2f',
  '%5c',
  ';',
  '0',
  '-1',
  '9'.repeat(400),
] as const;

function address(path: string, operation: Operation, known: Known, wild: boolean): fc.Arbitrary<string> {
  const parts = path.split(/(\{\w+\})/).map((part) => {
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (name === undefined) return fc.constant(part);
    const schema = operation.parameters.find((each) => each.name === name)?.schema;
    const fromDescription = fromSchema(schema, known, name).map((value) => encoded(String(value)));
    const pool = name === 'id' ? `${ownerOf(path, name)}Id` : name;
    return fc.oneof(
      { weight: 12, arbitrary: shown(known, pool, fromDescription) },
      { weight: wild ? 4 : 0, arbitrary: hostileText.map((text) => encoded(text.slice(0, 3000))) },
      { weight: wild ? 2 : 0, arbitrary: fc.constantFrom(...oddParts) },
    );
  });
  return fc.tuple(...parts).map((texts) => texts.join(''));
}

function shown(known: Known, name: string, otherwise: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.tuple(fc.nat(), otherwise).map(([number, other]) => {
    const found = number % 8 === 0 ? undefined : known.pick(name, Math.floor(number / 8));
    return found === undefined ? other : encoded(String(found));
  });
}

/** Percent-encoded, also where it holds half a letter, for which there is no code. */
function encoded(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

function query(operation: Operation, known: Known, wild: boolean): fc.Arbitrary<string> {
  const asked = operation.parameters.filter((each) => each.in === 'query');
  const odd = fc.constantFrom('?x=1', '?__proto__=1', '?%', '?a[b]=c', `?${'a&'.repeat(2000)}`);
  const parts = asked.map(({ name, required, schema }) => {
    const described = fromSchema(schema, known).map((one) =>
      encoded(typeof one === 'object' ? JSON.stringify(one) : String(one)),
    );
    const good = shown(known, `${name}Id`, described);
    const bad = hostileText.map((text) => encoded(text.slice(0, 3000)));
    const pair = fc
      .oneof({ weight: 6, arbitrary: good }, { weight: wild ? 4 : 0, arbitrary: bad })
      .map((text) => `${encoded(name)}=${text}`);
    const present = fc.oneof(
      { weight: 6, arbitrary: pair },
      // Named twice, without a value, as lists and objects that other parsers know, not properly encoded.
      { weight: wild ? 1 : 0, arbitrary: fc.tuple(pair, pair).map(([a, b]) => `${a}&${b}`) },
      {
        weight: wild ? 1 : 0,
        arbitrary: fc.constantFrom(
          name,
          `${name}=`,
          `${name}[]=1`,
          `${name}[$gt]=`,
          `${name}=%`,
          `${name}=%ff%fe`,
        ),
      },
    );
    return fc.oneof(
      { weight: required || wild ? 12 : 2, arbitrary: present },
      { weight: required ? (wild ? 1 : 0) : 8, arbitrary: fc.constant('') },
    );
  });
  const usual = fc.tuple(...parts).map((texts) => {
    const there = texts.filter((text) => text !== '');
    return there.length === 0 ? '' : `?${there.join('&')}`;
  });
  return fc.oneof({ weight: 12, arbitrary: usual }, { weight: wild ? 1 : 0, arbitrary: odd });
}

const oddHeaders = [
  '*',
  '""',
  'W/"1"',
  '1',
  '"1", "2"',
  'x',
  'plan.pdf',
  '..%2f..%2fx',
  '%',
  '"99999999999999999999"',
] as const;

function headers(operation: Operation, known: Known, wild: boolean): fc.Arbitrary<Record<string, string>> {
  const asked = operation.parameters.filter((each) => each.in === 'header');
  const parts = asked.map(({ name }) =>
    fc
      .oneof(
        {
          weight: 2,
          arbitrary: fc
            .nat()
            .map((number) =>
              name === 'X-File-Name' ? `datei-${number}.pdf` : `"${known.pick('version', number) ?? number}"`,
            ),
        },
        { weight: wild ? 2 : 0, arbitrary: fc.constantFrom(...oddHeaders) },
        { weight: 3, arbitrary: fc.constant(undefined) },
      )
      .map((value): [string, string | undefined] => [name, value]),
  );
  return fc
    .tuple(...parts)
    .map((pairs) =>
      Object.fromEntries(pairs.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))),
    );
}

interface Body {
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string | Uint8Array;
}

function bodies(type: string, schema: unknown, known: Known, wild: boolean): fc.Arbitrary<Body> {
  const header = { 'content-type': type };
  const plain = (text: string | Uint8Array): Body => ({ headers: header, text });
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 400 }),
    fc
      .constantFrom(...fileBeginnings)
      .chain((start) =>
        fc.uint8Array({ maxLength: 200 }).map((rest) => Buffer.concat([Buffer.from(start, 'latin1'), rest])),
      ),
  );
  const wrongHeader: fc.Arbitrary<Record<string, string>> = fc.constantFrom<Record<string, string>>(
    { 'content-type': 'text/html' },
    { 'content-type': 'application/json; charset=utf-16' },
    { 'content-type': 'application/json; charset=' },
    { 'content-type': 'multipart/form-data; boundary=' },
    { 'content-type': '' },
    { 'content-type': type, 'content-encoding': 'gzip' },
    { 'content-type': type, 'content-encoding': 'zstd' },
    { 'content-type': type, 'content-encoding': 'br' },
    { 'content-type': type, 'content-encoding': 'deflate' },
    { 'content-type': type, 'content-encoding': 'x-unknown' },
    { 'content-type': type, 'content-encoding': 'gzip, gzip' },
  );
  const badText = fc.constantFrom(
    '',
    '{',
    '[',
    'null',
    '""',
    '0',
    '{"a":1}}',
    '\ufeff{}',
    '{"a":NaN}',
    '{a:1}',
    "{'a':1}",
    '{"a":1,"a":2}',
    '\u0000',
    '{"a":"\\ud800"}',
    `${'['.repeat(30_000)}`,
    `${'{"a":'.repeat(15_000)}`,
    `"${'x'.repeat(150_000)}"`,
    ' '.repeat(90_000),
  );
  const odd = fc.oneof(
    bytes.map(plain),
    badText.map(plain),
    hostileText.map(plain),
    fc.tuple(wrongHeader, fc.oneof(bytes, badText)).map(([wrong, text]) => ({ headers: wrong, text })),
  );
  if (type !== 'application/json')
    return fc.oneof({ weight: 3, arbitrary: bytes.map(plain) }, { weight: 1, arbitrary: odd });
  const good = fromSchema(schema, known);
  if (!wild) return good.map((value) => plain(jsonText(value)));
  return fc.oneof(
    { weight: 2, arbitrary: good.map((value) => plain(jsonText(value))) },
    {
      weight: 6,
      arbitrary: fc
        .tuple(good, fc.array(mutation, { minLength: 1, maxLength: 2 }))
        .map(([value, changes]) => plain(jsonText(changes.reduce(mutated, value)))),
    },
    { weight: 1, arbitrary: hostileValue.map((value) => plain(jsonText(value))) },
    { weight: 1, arbitrary: odd },
  );
}

/** How files begin that somebody might upload, each followed by something else. */
const fileBeginnings = [
  '%PDF-1.7\n',
  '\u0089PNG\r\n\u001a\n',
  '\u00ff\u00d8\u00ff\u00e0',
  'GIF89a',
  'PK\u0003\u0004',
  'PK\u0005\u0006',
  '\u001f\u008b\u0008',
  '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
  '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>',
  'manufacturer: Aruba\nmodel: &a [*a]\n',
  'a: &a [1]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c]\n',
  'Name;Raum;HE\nsw-1;EDV;1\n',
  'if,device=sw-1 in=1\n',
  '\u00d0\u00cf\u0011\u00e0\u00a1\u00b1\u001a\u00e1',
] as const;
