import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { Profile } from './schema.ts';

/** Where the published JSON Schema lies; a test holds it to what the code says. */
export const schemaFile = join(import.meta.dirname, '..', '..', 'docs', 'profile.schema.json');

/** The format of a profile as JSON Schema for editors, with the comments of `schema.ts` as descriptions. */
export function publishedSchema(): string {
  const comments = commentsOf(readFileSync(join(import.meta.dirname, 'schema.ts'), 'utf8'));
  const schema: unknown = JSON.parse(JSON.stringify(z.toJSONSchema(Profile, { io: 'input' })));
  describe(schema, comments);
  return `${JSON.stringify({ title: 'Rackhaus device profile', ...Object(schema) }, null, 2)}\n`;
}

const WithProperties = z.object({ properties: z.record(z.string(), z.record(z.string(), z.unknown())) });

function describe(node: unknown, comments: ReadonlyMap<string, string>): void {
  if (typeof node !== 'object' || node === null) return;
  // A property may itself be called "properties": then its value is no schema with such.
  if (WithProperties.safeParse(node).success && 'properties' in node)
    for (const [name, property] of Object.entries(Object(node.properties))) {
      const comment = comments.get(name);
      if (comment !== undefined && typeof property === 'object' && property !== null)
        Object.assign(property, { description: comment });
    }
  for (const part of Object.values(node)) describe(part, comments);
}

/** The comment above each key; a key that stands in several places with different comments has the first. */
function commentsOf(source: string): ReadonlyMap<string, string> {
  const comments = new Map<string, string>();
  for (const [, comment = '', name = ''] of source.matchAll(
    /\/\*\*([^*]*(?:\*(?!\/)[^*]*)*)\*\/\s*\n\s+(\w+):/g,
  ))
    if (!comments.has(name)) comments.set(name, comment.replace(/\s*\n\s*\*\s?/g, ' ').trim());
  return comments;
}
