import { promisify } from 'node:util';
import { brotliDecompress, constants, gunzip, inflate, zstdDecompress } from 'node:zlib';
import { AppError } from '../problem.ts';

/** What a frame may make the decoder keep: 8 MB, which RFC 8878 (3.1.1.1.2) asks every decoder to bear. It could ask for 128. */
const zstdWindowLog = 23;
const leastChunk = 16_384;
const mostChunk = 262_144;

const decoders = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
  zstd: (packed: Uint8Array, options: { maxOutputLength: number; chunkSize: number }) =>
    promisify(zstdDecompress)(packed, {
      ...options,
      params: { [constants.ZSTD_d_windowLogMax]: zstdWindowLog },
    }),
} as const;

type Packing = keyof typeof decoders;

/** Whether a body may come with this Content-Encoding. */
export function isSupported(encoding: string): encoding is Packing | 'identity' {
  return encoding === 'identity' || Object.hasOwn(decoders, encoding);
}

/**
 * Decompresses, off the main thread, and stops where it would become more than `limit` bytes.
 * @throws what `tooLarge` makes; AppError `invalid` when it is damaged or cut off
 */
export async function unpack(
  packed: Uint8Array,
  encoding: Packing,
  limit: number,
  tooLarge: () => AppError,
): Promise<Uint8Array> {
  // Each chunk of the output is a trip to another thread: few for what is large.
  const chunkSize = Math.min(mostChunk, Math.max(leastChunk, packed.length * 16));
  try {
    return await decoders[encoding](packed, { maxOutputLength: limit, chunkSize });
  } catch (error) {
    if (error instanceof RangeError && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE')
      throw tooLarge();
    throw new AppError('invalid', `The body is not ${encoding}, or was damaged on its way.`);
  }
}
