import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import type { Client } from '../testing/client.ts';
import { startTestBackend, type TestBackend } from '../testing/test-backend.ts';

const Schema = z.record(z.string(), z.unknown());
const Described = z.object({
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.object({
        parameters: z.array(z.object({ name: z.string(), in: z.string(), schema: Schema })),
      }),
    ),
  ),
});

let backend: TestBackend;
let admin: Client;
let parameters: { route: string; path: string; name: string; in: string; schema: z.infer<typeof Schema> }[];
beforeAll(async () => {
  backend = await startTestBackend();
  admin = await backend.administrator();
  const { paths } = Described.parse((await admin.get('/api/openapi.json')).json);
  parameters = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, operation]) =>
      operation.parameters.map((parameter) => ({ route: `${method} ${path}`, path, ...parameter })),
    ),
  );
});
afterAll(() => backend.remove());

/** Whether every text that fits the schema is short, or of a form that says what it may be. */
function isBounded(schema: unknown): boolean {
  const parsed = Schema.safeParse(schema);
  if (!parsed.success) return false;
  const { type, maxLength, pattern, const: constant, anyOf, oneOf, items, maxItems } = parsed.data;
  if (parsed.data.enum !== undefined || constant !== undefined || maxLength !== undefined) return true;
  const choices = anyOf ?? oneOf;
  if (Array.isArray(choices)) return choices.every(isBounded);
  if (type === 'array') return maxItems !== undefined && isBounded(items);
  if (type === 'string')
    return typeof pattern === 'string' && pattern.startsWith('^') && pattern.endsWith('$');
  return ['integer', 'number', 'boolean', 'null'].includes(String(type));
}

it('every parameter of an address says how long it may be, or what', () => {
  expect(parameters.length).toBeGreaterThan(300);
  const open = parameters.filter((one) => one.in !== 'header' && !isBounded(one.schema));
  expect(open.map(({ route, name, schema }) => `${route} ${name} ${JSON.stringify(schema)}`)).toEqual([]);
});

it('no list can be asked for at any size', { timeout: 120_000 }, async () => {
  const sized = parameters.filter(
    (one) => one.route.startsWith('get ') && one.in === 'query' && /^(size|limit|top|count)$/.test(one.name),
  );
  expect(sized.length).toBeGreaterThan(30);
  for (const { path, name } of sized) {
    const address = path
      .replace('{sheet}', 'patch')
      .replace('{kind}', 'device')
      .replace(/\{\w+\}/g, '1');
    const reply = await admin.get(`${address}?${name}=1000000`);
    expect(reply.status, `${address}?${name}=1000000`).toBe(400);
    expect(reply.text, address).toContain(name);
  }
});

it('an address of any length is refused before it is looked at', async () => {
  const reply = await admin.get(`/api/search?q=${'x'.repeat(20_000)}`);
  expect(reply.status).toBe(431);
});
