import { inflateRawSync } from 'node:zlib';

/** A zip archive that cannot or will not be read. */
export class ZipError extends Error {
  readonly reason: 'damaged' | 'too-many';
  constructor(reason: 'damaged' | 'too-many', message: string) {
    super(message);
    this.name = 'ZipError';
    this.reason = reason;
  }
}

/** A file of an archive, as the archive's directory says. */
export interface ZipEntry {
  /** As it stands there: it may be anything, and nothing is to be written under it. */
  readonly name: string;
  /** In bytes, after decompression; more than this never comes out. */
  readonly size: number;
  readonly packedSize: number;
  readonly method: number;
  readonly isEncrypted: boolean;
  readonly headerAt: number;
}

const damaged = (what: string) => new ZipError('damaged', `The archive is damaged: ${what}.`);

/**
 * The files that an archive's directory names, without decompressing any. Archives whose files share their bytes are refused:
 * that is how a small one becomes very many large files.
 * Format: APPNOTE.TXT 6.3.10 of PKWARE, sections 4.3 and 4.5.3.
 * @throws ZipError
 */
export function zipEntries(bytes: Uint8Array, most: number): ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    return readDirectory(bytes, view, most);
  } catch (error) {
    if (error instanceof RangeError) throw damaged('its directory leads out of it');
    throw error;
  }
}

function readDirectory(bytes: Uint8Array, view: DataView, most: number): ZipEntry[] {
  const { count, start } = directoryOf(view);
  if (count > most) throw new ZipError('too-many', `The archive has more than ${most} files.`);
  const entries: ZipEntry[] = [];
  let packed = 0;
  let at = start;
  for (let index = 0; index < count; index++) {
    if (view.getUint32(at, true) !== 0x02014b50) throw damaged('its directory is not whole');
    const flags = view.getUint16(at + 8, true);
    const nameLength = view.getUint16(at + 28, true);
    const extraLength = view.getUint16(at + 30, true);
    const name = bytes.subarray(at + 46, at + 46 + nameLength);
    const sizes = sizesOf(view, at, at + 46 + nameLength, extraLength);
    packed += sizes.packedSize;
    if (packed > bytes.length) throw damaged('its files are larger than itself');
    entries.push({
      name: (flags & 0x800) === 0 ? Buffer.from(name).toString('latin1') : Buffer.from(name).toString('utf8'),
      method: view.getUint16(at + 10, true),
      isEncrypted: (flags & 1) === 1,
      ...sizes,
    });
    at += 46 + nameLength + extraLength + view.getUint16(at + 32, true);
  }
  return entries;
}

function directoryOf(view: DataView): { count: number; start: number } {
  // A comment of up to 65,535 bytes may stand behind the record of 22.
  const least = Math.max(0, view.byteLength - 22 - 65_535);
  for (let at = view.byteLength - 22; at >= least; at--) {
    if (view.getUint32(at, true) !== 0x06054b50) continue;
    const count = view.getUint16(at + 10, true);
    const start = view.getUint32(at + 16, true);
    if (count !== 0xffff && start !== 0xffffffff) return { count, start };
    if (at < 20 || view.getUint32(at - 20, true) !== 0x07064b50) return { count, start };
    const large = safe(view.getBigUint64(at - 12, true));
    if (view.getUint32(large, true) !== 0x06064b50) throw damaged('its directory is not whole');
    return {
      count: safe(view.getBigUint64(large + 32, true)),
      start: safe(view.getBigUint64(large + 48, true)),
    };
  }
  throw damaged('it has no directory');
}

type Sizes = Pick<ZipEntry, 'size' | 'packedSize' | 'headerAt'>;

/** What does not fit into 32 bits stands in an extra field, in this order, and only what does not fit. */
function sizesOf(view: DataView, at: number, extraAt: number, extraLength: number): Sizes {
  const small = {
    size: view.getUint32(at + 24, true),
    packedSize: view.getUint32(at + 20, true),
    headerAt: view.getUint32(at + 42, true),
  };
  const missing = 0xffffffff;
  if (small.size !== missing && small.packedSize !== missing && small.headerAt !== missing) return small;
  for (let field = extraAt; field + 4 <= extraAt + extraLength; ) {
    const length = view.getUint16(field + 2, true);
    if (view.getUint16(field, true) === 1) {
      let value = field + 4;
      const next = (given: number) => {
        if (given !== missing) return given;
        value += 8;
        return safe(view.getBigUint64(value - 8, true));
      };
      return { size: next(small.size), packedSize: next(small.packedSize), headerAt: next(small.headerAt) };
    }
    field += 4 + length;
  }
  return small;
}

function safe(value: bigint): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw damaged('its directory leads out of it');
  return Number(value);
}

/** One file, decompressed; never more than its entry says, whatever is in the archive. @throws ZipError */
export function zipContent(bytes: Uint8Array, entry: ZipEntry): Uint8Array<ArrayBuffer> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { headerAt, packedSize, size, name } = entry;
  if (entry.isEncrypted) throw new ZipError('damaged', `"${name}" is encrypted.`);
  if (headerAt + 30 > bytes.length || view.getUint32(headerAt, true) !== 0x04034b50)
    throw damaged(`"${name}" is not where its directory says`);
  const from = headerAt + 30 + view.getUint16(headerAt + 26, true) + view.getUint16(headerAt + 28, true);
  const packed = bytes.subarray(from, from + packedSize);
  if (packed.length !== packedSize) throw damaged(`"${name}" is cut off`);
  const content = unpacked(packed, entry);
  if (content.length !== size) throw damaged(`"${name}" has another size than its directory says`);
  return content;
}

function unpacked(packed: Uint8Array, { method, size, name }: ZipEntry): Uint8Array<ArrayBuffer> {
  if (method === 0) return new Uint8Array(packed);
  if (method !== 8) throw damaged(`"${name}" is packed in a way that is not known here`);
  try {
    return new Uint8Array(inflateRawSync(packed, { maxOutputLength: Math.max(1, size) }));
  } catch {
    throw damaged(`"${name}" is not what its directory says`);
  }
}
