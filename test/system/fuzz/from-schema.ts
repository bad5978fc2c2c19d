import fc from 'fast-check';
import { z } from 'zod';
import type { Known } from './known.ts';

/** A JSON Schema of draft 2020-12, as far as the API description uses it. */
const Schema = z.looseObject({
  $ref: z.string().optional(),
  $defs: z.record(z.string(), z.unknown()).optional(),
  type: z.union([z.string(), z.array(z.string())]).optional(),
  const: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  anyOf: z.array(z.unknown()).optional(),
  oneOf: z.array(z.unknown()).optional(),
  allOf: z.array(z.unknown()).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).default([]),
  additionalProperties: z.unknown().optional(),
  propertyNames: z.unknown().optional(),
  items: z.unknown().optional(),
  prefixItems: z.array(z.unknown()).optional(),
  minItems: z.number().default(0),
  maxItems: z.number().optional(),
  minLength: z.number().default(0),
  maxLength: z.number().optional(),
  pattern: z.string().optional(),
  format: z.string().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  exclusiveMaximum: z.number().optional(),
});
type Schema = z.infer<typeof Schema>;

/** Values that a schema takes, as far as it says all; where a property is named like something known, often that. */
export function fromSchema(schema: unknown, known: Known, name = ''): fc.Arbitrary<unknown> {
  const { $defs: defs = {} } = Schema.parse(schema);
  return build(schema, name, { known, defs, root: schema, depth: 0 });
}

interface Within {
  readonly known: Known;
  readonly defs: Readonly<Record<string, unknown>>;
  readonly root: unknown;
  readonly depth: number;
}

function build(from: unknown, name: string, within: Within): fc.Arbitrary<unknown> {
  const parsed = Schema.safeParse(from);
  if (!parsed.success) throw new Error(`not a JSON Schema: ${JSON.stringify(from)}`, { cause: parsed.error });
  if (within.depth > 20) return fc.constant(null);
  const schema = parsed.data;
  const deeper = { ...within, depth: within.depth + 1 };
  if (schema.$ref !== undefined) {
    const target = schema.$ref === '#' ? within.root : within.defs[schema.$ref.split('/').at(-1) ?? ''];
    // What refers to itself ends after three rounds.
    return build(target, name, { ...within, depth: within.depth + 6 });
  }
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return fc.oneof(...choices.map((choice) => build(choice, name, deeper)));
  if (schema.allOf !== undefined)
    return fc
      .tuple(...schema.allOf.map((part) => build(part, name, deeper)))
      .map((parts) => Object.assign({}, ...parts.filter((part) => typeof part === 'object')));
  const types = [schema.type ?? 'any'].flat();
  return fc.oneof(...types.map((type) => ofType(type, schema, name, deeper)));
}

function ofType(type: string, schema: Schema, name: string, within: Within): fc.Arbitrary<unknown> {
  switch (type) {
    case 'null':
      return fc.constant(null);
    case 'boolean':
      return fc.boolean();
    case 'integer':
    case 'number':
      return oftenKnown(name, within.known, 'number', numbers(type, schema));
    case 'string':
      return oftenKnown(name, within.known, 'string', strings(schema));
    case 'array':
      return arrays(schema, name, within);
    case 'object':
      return objects(schema, within);
    default:
      return fc.jsonValue({ maxDepth: 2 });
  }
}

/** Two of three are what the server has shown under this name: only with ids that there are does a call get anywhere. */
function oftenKnown<T>(
  name: string,
  known: Known,
  type: 'number' | 'string',
  else_: fc.Arbitrary<T>,
): fc.Arbitrary<T | string | number> {
  return fc.tuple(fc.nat({ max: 2 }), fc.nat(), else_).map(([which, number, other]) => {
    const found = which === 0 ? undefined : known.pick(name, number);
    return typeof found === type && found !== undefined ? found : other;
  });
}

function numbers(type: string, schema: Schema): fc.Arbitrary<number> {
  const whole = type === 'integer';
  const min = schema.minimum ?? (schema.exclusiveMinimum === undefined ? -1000 : schema.exclusiveMinimum + 1);
  const max = schema.maximum ?? (schema.exclusiveMaximum === undefined ? 1e6 : schema.exclusiveMaximum - 1);
  const [low, high] = [Math.max(min, Number.MIN_SAFE_INTEGER), Math.min(max, Number.MAX_SAFE_INTEGER)];
  const near = Math.min(high, low + 50);
  if (low > high) return fc.constant(low);
  return whole
    ? fc.oneof(
        fc.integer({ min: Math.ceil(low), max: Math.max(Math.ceil(low), Math.floor(near)) }),
        fc.integer({ min: Math.ceil(low), max: Math.max(Math.ceil(low), Math.floor(high)) }),
        fc.constantFrom(Math.ceil(low), Math.floor(high)),
      )
    : fc.double({ min: low, max: Math.max(low, high), noNaN: true });
}

const now = Date.parse('2026-11-01T12:00:00Z');

function strings(schema: Schema): fc.Arbitrary<string> {
  const max = Math.min(schema.maxLength ?? 40, schema.minLength + 200);
  switch (schema.format) {
    case 'date-time':
      return fc.integer({ min: 0, max: now }).map((time) => new Date(time).toISOString());
    case 'date':
      return fc
        .integer({ min: now - 1e10, max: now })
        .map((time) => new Date(time).toISOString().slice(0, 10));
    case 'email':
      return fc.emailAddress();
    case 'uri':
      return fc.webUrl();
    case 'uuid':
      return fc.uuid();
  }
  const { minLength } = schema;
  const plain = fc.string({ minLength, maxLength: Math.max(minLength, max), unit: 'binary-ascii' });
  const usual = fc.oneof(plain, fc.constantFrom('1', '42', 'Rathaus', 'Größe ſ', 'A-01', '10.0.0.1'));
  return schema.pattern === undefined ? usual : (matching(schema.pattern) ?? usual);
}

const made = new Map<string, fc.Arbitrary<string> | undefined>();

/** Texts of a pattern, made once; undefined for one that cannot be turned around, or only by listing all of Unicode. */
function matching(pattern: string): fc.Arbitrary<string> | undefined {
  if (/\\[pP]\{/.test(pattern)) return undefined;
  if (!made.has(pattern)) {
    try {
      const found = fc.stringMatching(new RegExp(pattern, 'u'));
      fc.sample(found, { numRuns: 1, seed: 1 });
      made.set(pattern, found);
    } catch {
      made.set(pattern, undefined);
    }
  }
  return made.get(pattern);
}

function arrays(schema: Schema, name: string, within: Within): fc.Arbitrary<unknown[]> {
  if (schema.prefixItems !== undefined)
    return fc.tuple(...schema.prefixItems.map((item) => build(item, name, within)));
  const most = Math.max(schema.minItems, Math.min(schema.maxItems ?? 3, schema.minItems + 3));
  return fc.array(build(schema.items ?? {}, name, within), { minLength: schema.minItems, maxLength: most });
}

function objects(schema: Schema, within: Within): fc.Arbitrary<object> {
  const properties = schema.properties ?? {};
  const fixed = fc.record(
    Object.fromEntries(Object.entries(properties).map(([key, part]) => [key, build(part, key, within)])),
    { requiredKeys: schema.required.filter((key) => key in properties) },
  );
  if (typeof schema.additionalProperties !== 'object') return fixed;
  const others = fc.dictionary(
    fc.oneof(
      fc.nat({ max: 200 }).map(String),
      build(schema.propertyNames ?? { type: 'string' }, '', within).map(String),
    ),
    build(schema.additionalProperties, '', within),
    { maxKeys: 3 },
  );
  return fc.tuple(fixed, others).map(([a, b]) => ({ ...b, ...a }));
}
