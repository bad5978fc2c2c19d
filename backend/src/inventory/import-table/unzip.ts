import { unzipSync, zipSync } from 'fflate';
import { TableError } from './cells.ts';

/**
 * Unpacks files of a zip archive. Each file gets as much memory as the archive's directory says, and no more, so that what all
 * say together is all that can come out of it.
 * @throws TableError when it is no archive, or unpacks to more than it may
 */
export function unzip(
  bytes: Uint8Array,
  limits: { readonly totalBytes: number; readonly files: number },
  wanted: (name: string) => boolean,
): ReadonlyMap<string, Uint8Array> {
  let total = 0;
  let files = 0;
  try {
    const parts = unzipSync(bytes, {
      filter: ({ name, originalSize }) => {
        if (!wanted(name)) return false;
        total += originalSize;
        files++;
        if (total <= limits.totalBytes && files <= limits.files) return true;
        const most = String(limits.totalBytes / 1e6);
        throw new TableError('too-large-unpacked', `Unpacked, the file would be larger than ${most} MB.`, {
          most,
        });
      },
    });
    return new Map(Object.entries(parts));
  } catch (error) {
    if (error instanceof TableError) throw error;
    throw new TableError(
      'not-a-table',
      'This file cannot be read: it is damaged, encrypted, or something else.',
    );
  }
}

/** The opposite, without compression. */
export function zipStored(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  return zipSync(Object.fromEntries(files), { level: 0 });
}
