import type { IncomingMessage } from 'node:http';
import { AppError } from '../problem.ts';
import { isSupported, unpack } from './unpack.ts';

/** How long the rest of a refused body is still taken, so that the caller gets to read the refusal. */
const lingerMs = 2000;

/** How slowly a body may come: how long nothing, and how much on the average after a while. */
export interface Pace {
  readonly stillMs: number;
  readonly graceMs: number;
  readonly bytesPerSecond: number;
}
const pace: Pace = { stillMs: 20_000, graceMs: 30_000, bytesPerSecond: 1000 };

/**
 * Reads the body of a request, compressed or not. The limit holds for what comes in and for what comes out of decompression, so
 * that a small bomb stays small.
 * One that comes too slowly is given up, so that many of those hold nothing open.
 * @throws AppError `too-large` as soon as it is known: by its Content-Length before anything is read; `invalid` when it ends too
 * early or cannot be unpacked
 */
export async function readBody(
  request: IncomingMessage,
  limit: number,
  least: Pace = pace,
): Promise<Uint8Array> {
  const encoding = (request.headers['content-encoding'] ?? 'identity').toLowerCase();
  if (!isSupported(encoding))
    throw new AppError(
      'invalid',
      'The Content-Encoding is not supported; use zstd, gzip, deflate, br or none.',
    );
  const body = await gather(request, limit, least);
  if (encoding === 'identity' || body.length === 0) return body;
  return unpack(body, encoding, limit, () => tooLarge(limit));
}

function gather(request: IncomingMessage, limit: number, least: Pace): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const refuse = (why = tooLarge(limit)) => {
      stop();
      const end = setTimeout(() => request.socket.destroy(), lingerMs);
      request.once('close', () => clearTimeout(end));
      request.resume();
      reject(why);
    };
    const chunks: Uint8Array[] = [];
    let received = 0;
    const startedAt = performance.now();
    let lastAt = startedAt;
    const timer = setInterval(() => {
      const now = performance.now();
      const wanted = ((now - startedAt - least.graceMs) / 1000) * least.bytesPerSecond;
      if (now - lastAt > least.stillMs || received < wanted) refuse(tooSlow());
    }, least.stillMs / 4);
    const take = (chunk: Uint8Array) => {
      received += chunk.length;
      lastAt = performance.now();
      if (received > limit) return refuse();
      chunks.push(chunk);
    };
    const end = () => {
      stop();
      resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks, received));
    };
    const broken = () => {
      stop();
      reject(new AppError('invalid', 'The body ended too early.'));
    };
    const stop = () => {
      clearInterval(timer);
      request.off('data', take).off('end', end).off('close', broken);
    };
    // An error is followed by `close`.
    request.once('error', () => undefined);
    if (Number(request.headers['content-length'] ?? 0) > limit) return refuse();
    if (request.destroyed) return broken();
    request.on('data', take).on('end', end).on('close', broken);
  });
}

function tooSlow(): AppError {
  return new AppError('invalid', 'The body came too slowly.', undefined, { reason: 'too-slow' });
}

function tooLarge(limit: number): AppError {
  return new AppError('too-large', `The body is too large: at most ${sizeText(limit)}.`, undefined, {
    reason: 'too-large',
  });
}

function sizeText(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.floor(bytes / 1000)} kB` : `${Math.floor(bytes / 1_000_000)} MB`;
}
