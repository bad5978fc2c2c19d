import type { TypeFileProblem } from '@rackhaus/config/contract';
import { DeviceTypeFile } from '@rackhaus/config/device-types';
import { FileError, parseYaml } from '@rackhaus/config/yaml';
import type { ArchiveFile } from './archive.ts';

/** A type that was read from a file. */
export interface ReadType {
  readonly file: string;
  readonly type: DeviceTypeFile;
}

export interface ReadTypes {
  readonly types: readonly ReadType[];
  readonly broken: readonly TypeFileProblem[];
  readonly brokenFiles: number;
}

/** Of one file, and of all together: a screen shows no more. */
const mostProblemsOfFile = 5;
const mostProblems = 500;
const filesAtOnce = 4;

/** Reads files as device types. One that is none is told with line and key, and the others are read all the same. */
export async function readTypeFiles(files: readonly ArchiveFile[]): Promise<ReadTypes> {
  const types = new Map<string, ReadType>();
  const broken: TypeFileProblem[] = [];
  let brokenFiles = 0;
  for (const [index, { path, bytes }] of files.entries()) {
    const read = readFile(path, bytes);
    const other = 'type' in read ? types.get(read.type.slug) : undefined;
    if ('problems' in read) broken.push(...read.problems.slice(0, mostProblemsOfFile));
    else if (other === undefined) types.set(read.type.slug, read);
    else
      broken.push({
        file: path,
        line: null,
        key: 'slug',
        message: `"${read.type.slug}" is used by ${other.file}, too`,
      });
    if ('problems' in read || other !== undefined) brokenFiles++;
    if (index % filesAtOnce === filesAtOnce - 1) await new Promise((resolve) => setImmediate(resolve));
  }
  return { types: [...types.values()], broken: broken.slice(0, mostProblems), brokenFiles };
}

function readFile(
  path: string,
  bytes: Uint8Array<ArrayBuffer>,
): ReadType | { readonly problems: readonly TypeFileProblem[] } {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return { problems: [{ file: path, line: null, key: '', message: 'is not text in UTF-8' }] };
  }
  try {
    return { file: path, type: parseYaml(path, text, DeviceTypeFile) };
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return {
      problems: error.problems
        .map(({ line, path: key, message }) => ({ file: path, line: line ?? null, key, message }))
        .sort((a, b) => (a.line ?? 0) - (b.line ?? 0)),
    };
  }
}
