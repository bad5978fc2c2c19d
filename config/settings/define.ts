import { existsSync } from 'node:fs';
import { type ZodType, z } from 'zod';
import { readYaml } from '../yaml/index.ts';
import { Secret } from './secret.ts';

/** One setting: where it comes from, what it is for people, what it may be. */
export interface Setting<T> {
  /** Name of the environment variable. In the file the same setting has the name of its key in the definitions. */
  readonly env: string;
  readonly title: string;
  readonly description: string;
  /** Not for the file. */
  readonly onlyFromEnvironment?: true;
  /** Must accept the text of an environment variable as well as what YAML makes of it. */
  readonly schema: ZodType<T>;
  readonly default: T;
}

/** Any setting; what it yields is known by its place in the definitions. */
export type Definitions = Readonly<Record<string, Setting<unknown>>>;
export type Values<D extends Definitions> = {
  -readonly [K in keyof D]: D[K] extends Setting<infer T> ? T : never;
};

/** Declares one setting; infers its type from the schema. */
export function setting<T>(definition: Setting<T>): Setting<T> {
  return definition;
}

/** A whole number, also as digits in a text. */
export function wholeNumber(min: number, max: number): ZodType<number> {
  return z
    .union([z.number(), z.string().regex(/^\d+$/).transform(Number)], 'must be a whole number')
    .pipe(
      z.int('must be a whole number').min(min, `must be at least ${min}`).max(max, `must be at most ${max}`),
    );
}

/** yes/no, also as `true`, `false`, `1`, `0`. */
export function yesNo(): ZodType<boolean> {
  return z.union(
    [z.boolean(), z.enum(['true', 'false', '1', '0']).transform((text) => text === 'true' || text === '1')],
    'must be true or false',
  );
}

/** A text that never prints. */
export function secret(): ZodType<Secret> {
  return z
    .string('must be a text')
    .min(1, 'must not be empty')
    .transform((text) => new Secret(text));
}

/**
 * Reads settings: the environment goes before the file, the file before the defaults. An empty variable counts as not set.
 * @throws FileError naming file and line for a key that is unknown or a value that is wrong; Error naming the variable.
 */
export async function loadSettings<D extends Definitions>(
  definitions: D,
  source: { env: Readonly<Record<string, string | undefined>>; file?: string },
): Promise<Values<D>> {
  const fromFile = source.file === undefined ? {} : await readFile(definitions, source.file);
  const wrong: string[] = [];
  const entries = Object.entries(definitions).map(([key, definition]) => {
    const text = source.env[definition.env];
    if (text === undefined || text === '') return [key, key in fromFile ? fromFile[key] : definition.default];
    const result = definition.schema.safeParse(text);
    // The value is not repeated: it may be a secret.
    if (!result.success)
      wrong.push(`${definition.env} (environment): ${result.error.issues[0]?.message ?? 'is wrong'}`);
    return [key, result.data];
  });
  if (wrong.length > 0) throw new Error(wrong.join('\n'));
  return Object.fromEntries(entries);
}

async function readFile(definitions: Definitions, file: string): Promise<Record<string, unknown>> {
  if (!existsSync(file)) return {};
  const shape = Object.fromEntries(
    Object.entries(definitions).map(([key, { schema }]) => [key, schema.optional()]),
  );
  // A file of comments only is an empty document: null.
  return readYaml(
    file,
    z.preprocess((document) => document ?? {}, z.strictObject(shape)),
  );
}

/** All settings as text for people: name, default, what it does. */
export function describeSettings(definitions: Definitions): string {
  return Object.entries(definitions)
    .map(([key, { env, title, description, default: byDefault, onlyFromEnvironment }]) => {
      const shown = byDefault === null || byDefault === '' ? 'not set' : String(byDefault);
      const inFile = onlyFromEnvironment ? '' : ` (settings.yaml: ${key})`;
      return `${env}${inFile}\n  ${title}. Default: ${shown}\n  ${description}`;
    })
    .join('\n');
}
