import { strToU8, type Zippable, zipSync } from 'fflate';
import type { DroppedFile } from './dropped.ts';

/** What the server takes in one upload. */
const mostBytes = 60_000_000;

export type Packed =
  | { readonly kind: 'ready'; readonly file: File }
  | { readonly kind: 'nothing' | 'too-large' | 'several-archives' };

const isArchive = ({ path }: DroppedFile) => /\.zip$/i.test(path);
const isWanted = ({ path }: DroppedFile) => /\.(ya?ml|png|jpe?g|webp)$/i.test(path);

/** Makes one archive of what was dropped: an archive as it is, or the type files and pictures of a folder. */
export async function pack(files: readonly DroppedFile[]): Promise<Packed> {
  const archives = files.filter(isArchive);
  const [archive] = archives;
  if (archive !== undefined) {
    if (archives.length > 1 || files.some((file) => !isArchive(file) && isWanted(file)))
      return { kind: 'several-archives' };
    return archive.file.size > mostBytes ? { kind: 'too-large' } : { kind: 'ready', file: archive.file };
  }
  const wanted = files.filter(isWanted);
  if (!wanted.some(({ path }) => /\.ya?ml$/i.test(path))) return { kind: 'nothing' };
  if (wanted.reduce((sum, { file }) => sum + file.size, 0) > mostBytes) return { kind: 'too-large' };
  const contents: Zippable = {};
  for (const { path, file } of wanted) contents[path] = new Uint8Array(await file.arrayBuffer());
  return { kind: 'ready', file: archiveOf(contents) };
}

/** One file written by hand, as an archive. */
export function packText(name: string, text: string): File {
  return archiveOf({ [name]: strToU8(text) });
}

function archiveOf(contents: Zippable): File {
  return new File([zipSync(contents, { level: 1 })], 'types.zip', { type: 'application/zip' });
}
