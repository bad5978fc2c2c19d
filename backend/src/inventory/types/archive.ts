import { type ZipEntry, ZipError, zipContent, zipEntries } from '../../archive/zip.ts';
import { AppError } from '../../problem.ts';

/** What an archive may be at most. Sizes but the first are those after decompression. */
export interface ArchiveLimits {
  readonly compressedBytes: number;
  readonly entries: number;
  readonly totalBytes: number;
  readonly fileBytes: number;
  readonly imageBytes: number;
}
export const archiveLimits: ArchiveLimits = {
  compressedBytes: 60_000_000,
  entries: 20_000,
  totalBytes: 50_000_000,
  fileBytes: 1_000_000,
  imageBytes: 3_000_000,
};

export interface ArchiveFile {
  /** As the archive has it; only shown to people. Nothing is ever written under it. */
  readonly path: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface Archive {
  readonly typeFiles: readonly ArchiveFile[];
  readonly images: readonly ArchiveFile[];
  /** Type files that are too large. */
  readonly tooLarge: readonly string[];
  readonly passedOver: number;
}

/**
 * Reads the device types of a zip archive, and pictures of their faces. Of a copy of the whole library, only its folder
 * `device-types` is read. Pictures are taken while there is room for them; the types come first.
 * @throws AppError invalid (no archive), too-large
 */
export async function readArchive(bytes: Uint8Array, limits = archiveLimits): Promise<Archive> {
  const entries = listEntries(bytes, limits.entries);
  const files = entries.filter(({ name }) => !name.endsWith('/') && !/(^|\/)(__MACOSX|\.[^./])/.test(name));
  const yaml = files.filter(({ name }) => /\.ya?ml$/i.test(name));
  const inFolder = yaml.filter(({ name }) => /(^|\/)device-types\//.test(name));
  const wanted = inFolder.length > 0 ? inFolder : yaml.filter(({ name }) => !otherFolders.test(name));
  const small = wanted.filter(({ size }) => size <= limits.fileBytes);
  const total = small.reduce((sum, { size }) => sum + size, 0);
  if (total > limits.totalBytes)
    throw new AppError(
      'too-large',
      `The device types are ${Math.ceil(total / 1e6)} MB together; at most ${limits.totalBytes / 1e6} MB can be brought in at once.`,
      undefined,
      { reason: 'archive-too-large' },
    );
  let room = limits.totalBytes - total;
  const images = files.filter(({ name, size }) => {
    if (!/\.(png|jpe?g|webp)$/i.test(name) || size > limits.imageBytes || size > room) return false;
    room -= size;
    return true;
  });
  const typeFiles = await extract(bytes, small);
  return {
    typeFiles,
    images: await extract(bytes, images),
    tooLarge: wanted.filter(({ size }) => size > limits.fileBytes).map(({ name }) => name),
    passedOver: files.length - wanted.length - images.length,
  };
}

/** Folders of the library that hold something else. */
const otherFolders = /(^|\/)(module-types|rack-types|schema|tests|\.github)\//;

/** The names and sizes that the archive's directory says, without decompressing anything. */
function listEntries(bytes: Uint8Array, most: number): ZipEntry[] {
  return guarded(() => zipEntries(bytes, most));
}

/** Unpacked in one go, before others get their turn. */
const bytesAtOnce = 4_000_000;

/** Decompresses files, with room for others in between. What an entry claims to be is all that comes out of it. */
async function extract(bytes: Uint8Array, entries: readonly ZipEntry[]): Promise<ArchiveFile[]> {
  const files: ArchiveFile[] = [];
  let work = 0;
  for (const entry of entries) {
    files.push({ path: entry.name, bytes: guarded(() => zipContent(bytes, entry)) });
    // What goes in counts too: it may come to nothing.
    work += entry.size + entry.packedSize + 1000;
    if (work < bytesAtOnce) continue;
    work = 0;
    await new Promise((resolve) => setImmediate(resolve));
  }
  return files;
}

function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ZipError)) throw error;
    if (error.reason === 'too-many')
      throw new AppError('too-large', error.message, undefined, { reason: 'archive-too-large' });
    throw new AppError(
      'invalid',
      'This is not a zip archive that can be read: it is damaged, encrypted, or something else.',
      undefined,
      { reason: 'not-an-archive' },
    );
  }
}
