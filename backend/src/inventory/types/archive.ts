import { unzipSync } from 'fflate';
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

interface Entry {
  readonly name: string;
  readonly size: number;
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
function listEntries(bytes: Uint8Array, most: number): Entry[] {
  const entries: Entry[] = [];
  const tooMany = new AppError('too-large', `The archive has more than ${most} files.`, undefined, {
    reason: 'archive-too-large',
  });
  guarded(() =>
    unzipSync(bytes, {
      filter: ({ name, originalSize }) => {
        if (entries.length >= most) throw tooMany;
        entries.push({ name, size: originalSize });
        return false;
      },
    }),
  );
  return entries;
}

const filesAtOnce = 200;

/** Decompresses files, with room for others in between. What an entry claims to be is all the memory that it gets. */
async function extract(bytes: Uint8Array, entries: readonly Entry[]): Promise<ArchiveFile[]> {
  const files: ArchiveFile[] = [];
  for (let start = 0; start < entries.length; start += filesAtOnce) {
    const part = entries.slice(start, start + filesAtOnce);
    const sizes = new Map(part.map(({ name, size }) => [name, size]));
    const found = guarded(() =>
      unzipSync(bytes, { filter: ({ name, originalSize }) => sizes.get(name) === originalSize }),
    );
    for (const { name } of part) {
      const content = found[name];
      if (content !== undefined) files.push({ path: name, bytes: new Uint8Array(content) });
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  return files;
}

function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError(
      'invalid',
      'This is not a zip archive that can be read: it is damaged, encrypted, or something else.',
      undefined,
      { reason: 'not-an-archive' },
    );
  }
}
