import { zipSync } from 'fflate';
import { ZipError, zipContent, zipEntries } from '../../archive/zip.ts';
import { TableError } from './cells.ts';

/** Files of all kinds that an archive may name; what is not wanted costs nothing but its line. */
const mostEntries = 20_000;

/**
 * Unpacks files of a zip archive: none to more than the archive's directory says, and all together to no more than `totalBytes`.
 * @throws TableError when it is no archive, or unpacks to more than it may
 */
export function unzip(
  bytes: Uint8Array,
  limits: { readonly totalBytes: number; readonly files: number },
  wanted: (name: string) => boolean,
): ReadonlyMap<string, Uint8Array> {
  try {
    const entries = zipEntries(bytes, mostEntries).filter(({ name }) => wanted(name));
    const total = entries.reduce((sum, { size }) => sum + size, 0);
    if (total > limits.totalBytes || entries.length > limits.files) throw tooLarge(limits.totalBytes);
    return new Map(entries.map((entry) => [entry.name, zipContent(bytes, entry)]));
  } catch (error) {
    if (!(error instanceof ZipError)) throw error;
    if (error.reason === 'too-many') throw tooLarge(limits.totalBytes);
    throw new TableError(
      'not-a-table',
      'This file cannot be read: it is damaged, encrypted, or something else.',
    );
  }
}

function tooLarge(totalBytes: number): TableError {
  const most = String(totalBytes / 1e6);
  return new TableError('too-large-unpacked', `Unpacked, the file would be larger than ${most} MB.`, {
    most,
  });
}

/** The opposite, without compression. */
export function zipStored(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  return zipSync(Object.fromEntries(files), { level: 0 });
}
