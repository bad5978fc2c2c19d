import { readFile } from 'node:fs/promises';

export { NamedLines } from './named-lines.ts';

import { type Document, LineCounter, parseDocument, stringify } from 'yaml';
import { type ZodType, z } from 'zod';

/** A file that is not what it should be: says which file, which line, which key, what is wrong. */
export class FileError extends Error {
  readonly file: string;
  readonly problems: readonly FileProblem[];
  constructor(file: string, problems: readonly FileProblem[]) {
    super(
      problems
        .map((p) => `${file}:${p.line ?? 1}: ${p.path === '' ? '' : `${p.path}: `}${p.message}`)
        .join('\n'),
    );
    this.name = 'FileError';
    this.file = file;
    this.problems = problems;
  }
}

export interface FileProblem {
  readonly line: number | undefined;
  /** Path of the key, e.g. `devices.3.position`. */
  readonly path: string;
  readonly message: string;
}

/**
 * Parses YAML text and checks it with a schema. Duplicate keys and aliases without end are refused.
 * @throws FileError with the line of every problem.
 */
export function parseYaml<T>(
  file: string,
  text: string,
  schema: ZodType<T>,
  /** What the schema cannot see; the lines are found by the paths. */
  also: (value: T) => readonly Pick<FileProblem, 'path' | 'message'>[] = () => [],
): T {
  const lines = new LineCounter();
  const document = parseDocument(text, { merge: true, lineCounter: lines, uniqueKeys: true });
  if (document.errors.length > 0) {
    throw new FileError(
      file,
      document.errors.map((e) => ({
        line: lines.linePos(e.pos[0]).line,
        path: '',
        message: e.message.split('\n')[0] ?? '',
      })),
    );
  }
  const result = schema.safeParse(plainValue(document, file));
  if (result.success) {
    const problems = also(result.data);
    if (problems.length === 0) return result.data;
    throw new FileError(
      file,
      problems.map((problem) => ({ line: lineOf(problem.path.split('.')), ...problem })),
    );
  }
  throw new FileError(
    file,
    result.error.issues.flatMap((issue) => {
      const path = issue.path.map(String);
      if (issue.code !== 'unrecognized_keys')
        return [{ line: lineOf(path), path: path.join('.'), message: issue.message }];
      return issue.keys.map((key) => ({
        line: lineOf([...path, key]),
        path: path.join('.'),
        message: `unknown key "${key}"`,
      }));
    }),
  );

  function lineOf(path: string[]): number | undefined {
    // A missing key has no line of its own: use that of the nearest parent that exists.
    for (let length = path.length; length >= 0; length--) {
      const node: unknown = document.getIn(
        path.slice(0, length).map((key) => (/^\d+$/.test(key) ? Number(key) : key)),
        true,
      );
      const range = NodeWithRange.safeParse(node);
      if (range.success) return lines.linePos(range.data.range[0]).line;
    }
    return undefined;
  }
}

/** What the text says. @throws FileError for aliases that stand for nothing, or for too much */
function plainValue(document: Document.Parsed, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    // How the library says both.
    if (!(error instanceof ReferenceError)) throw error;
    const message = error.message.split('\n')[0] ?? '';
    throw new FileError(file, [{ line: 1, path: '', message }]);
  }
}

const NodeWithRange = z.object({ range: z.tuple([z.number()]).rest(z.number()) });

/** Reads and parses one YAML file; see {@link parseYaml}. */
export async function readYaml<T>(file: string, schema: ZodType<T>): Promise<T> {
  return parseYaml(file, await readFile(file, 'utf8'), schema);
}

/** A value as YAML text; keys with nothing behind them are left out. */
export function yamlText(value: unknown): string {
  return stringify(JSON.parse(JSON.stringify(value, (_, each) => (isEmpty(each) ? undefined : each))));
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
