import { constants, crc32, gunzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/** How the body of a batch is compressed, by the name that HTTP has for it (RFC 8878, RFC 1952). */
export type Encoding = 'zstd' | 'gzip';

const level1 = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };
/** The longest text that anything here compresses, several times over: what claims to be more is damaged. */
const maxTextBytes = 64_000_000;

/** Level 1: half of gzip's processor time, and smaller. */
export function compress(text: string | Uint8Array): Buffer {
  return zstdCompressSync(text, level1);
}

/** Told from the first bytes: an outbox may still hold gzip from before an update. Null for what is neither. */
export function encodingOf(body: Uint8Array): Encoding | null {
  if (body[0] === 0x28 && body[1] === 0xb5 && body[2] === 0x2f && body[3] === 0xfd) return 'zstd';
  return body[0] === 0x1f && body[1] === 0x8b ? 'gzip' : null;
}

/** The text of a body. @throws Error when it is damaged */
export function decompress(body: Uint8Array): string {
  const encoding = encodingOf(body);
  if (encoding === null) throw new Error('the body is neither zstd nor gzip');
  const expand = encoding === 'zstd' ? zstdDecompressSync : gunzipSync;
  return expand(body, { maxOutputLength: maxTextBytes }).toString('utf8');
}

/** CRC-32 over all parts: tells flipped bits, which SQLite does not notice inside a value. */
export function checksum(...parts: readonly (string | Uint8Array)[]): number {
  let value = 0;
  for (const part of parts) value = crc32(part, value);
  return value;
}
