import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { publishedSchema, schemaFile } from './json-schema.ts';

it('the published JSON Schema is what the code says; else: npm run profile:schema', () => {
  expect(readFileSync(schemaFile, 'utf8')).toBe(publishedSchema());
});

it('tells editors the metrics and what the keys mean', () => {
  const schema = publishedSchema();
  expect(schema).toContain('"sensor.temperature"');
  expect(schema).toContain('sysObjectID lies at or below one of these.');
});
