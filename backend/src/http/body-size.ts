import type { Request } from 'express';
import { AppError } from '../problem.ts';

/** How long the rest of a refused body is still taken, so that the caller gets to read the refusal. */
const lingerMs = 2000;

/**
 * Calls `refuse` as soon as it is known that the body of a request is larger than `limit` bytes: by its Content-Length before
 * anything is read, else while it comes. (The body parsers would read off the whole of it first, be it gigabytes.) Returns how to
 * stop watching; undefined when it has been refused already.
 */
export function watchBodySize(
  request: Request,
  limit: number,
  refuse: (error: AppError) => void,
): (() => void) | undefined {
  const tooLarge = () => {
    const end = setTimeout(() => request.socket.destroy(), lingerMs);
    request.once('close', () => clearTimeout(end));
    request.resume();
    refuse(
      new AppError('too-large', `The body is too large: at most ${sizeText(limit)}.`, undefined, {
        reason: 'too-large',
      }),
    );
  };
  if (Number(request.get('content-length') ?? 0) > limit) {
    tooLarge();
    return undefined;
  }
  let received = 0;
  const count = (chunk: Uint8Array) => {
    received += chunk.length;
    if (received <= limit) return;
    request.off('data', count);
    tooLarge();
  };
  request.on('data', count);
  return () => request.off('data', count);
}

function sizeText(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.floor(bytes / 1000)} kB` : `${Math.floor(bytes / 1_000_000)} MB`;
}
