import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { pipeline, Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { OutgoingRefused } from './refused.ts';

/**
 * `web`: an address that anybody may have entered; private networks have to be allowed. `server`: a mail, directory or sign-in server
 * that an administrator sets, which stands in the town hall's own network as a rule. Neither leads to this machine itself or to
 * link-local addresses where that is not allowed.
 */
export type Purpose = 'web' | 'server';

export interface OutgoingInit {
  readonly method?: string;
  readonly headers?: ConstructorParameters<typeof Headers>[0];
  readonly body?: string | Uint8Array | URLSearchParams | null;
  /** Left out: `manual`, the redirect itself is the answer. */
  readonly redirect?: 'manual' | 'follow';
  readonly signal?: AbortSignal | null;
  /** For all of it, until the last byte has been read. */
  readonly timeoutMs?: number;
  /** Of the answer, after decompression; reading fails beyond. */
  readonly mostBytes?: number;
  /** Certificates (PEM) to believe instead of those that this system trusts. */
  readonly ca?: string | null;
  /** Left out: `web`. */
  readonly purpose?: Purpose;
}

/** One request over a connection of its own, whose address `lookup` finds. @throws as {@link Outgoing.fetch} */
export async function request(
  url: URL,
  options: {
    method: string;
    headers: Headers;
    body: string | Uint8Array | URLSearchParams | null;
    signal: AbortSignal;
    mostBytes: number;
    lookup: LookupFunction;
    ca: string | null;
  },
): Promise<Response> {
  const { signal } = options;
  const headers = new Headers(options.headers);
  if (!headers.has('accept-encoding')) headers.set('accept-encoding', 'gzip, deflate, br');
  if (options.body instanceof URLSearchParams && !headers.has('content-type'))
    headers.set('content-type', 'application/x-www-form-urlencoded;charset=UTF-8');
  const body =
    options.body === null
      ? null
      : Buffer.from(options.body instanceof Uint8Array ? options.body : String(options.body));
  headers.delete('content-length');
  if (body !== null) headers.set('content-length', String(body.length));
  try {
    signal.throwIfAborted();
    const incoming = await new Promise<IncomingMessage>((resolve, reject) => {
      const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
      const outgoing = send(url, {
        method: options.method,
        headers: Object.fromEntries(headers),
        lookup: options.lookup,
        signal,
        // No connection of somebody else's is used again: who made that one asked nobody.
        agent: false,
        ...(options.ca === null ? {} : { ca: options.ca }),
      });
      outgoing.once('response', resolve);
      outgoing.once('error', reject);
      outgoing.end(body ?? undefined);
    });
    return responseOf(incoming, options);
  } catch (error) {
    throw failure(error, signal);
  }
}

function responseOf(
  incoming: IncomingMessage,
  options: { method: string; signal: AbortSignal; mostBytes: number },
): Response {
  const status = incoming.statusCode ?? 0;
  const headers = new Headers();
  for (let i = 0; i + 1 < incoming.rawHeaders.length; i += 2)
    headers.append(incoming.rawHeaders[i] ?? '', incoming.rawHeaders[i + 1] ?? '');
  const empty = options.method === 'HEAD' || [204, 205, 304].includes(status);
  if (empty || status < 200 || status > 599) {
    incoming.destroy();
    if (!empty) throw new Error(`the answer has the status ${status}, which HTTP does not know`);
    return new Response(null, { status, headers });
  }
  const plain = unpacked(incoming, headers.get('content-encoding'));
  const stream = Readable.toWeb(Readable.from(limited(plain, options), { objectMode: false }));
  return new Response(stream as ReadableStream<Uint8Array>, { status, headers });
}

function unpacked(incoming: IncomingMessage, encoding: string | null): Readable {
  const decoder =
    encoding === 'gzip' || encoding === 'x-gzip'
      ? createGunzip()
      : encoding === 'deflate'
        ? createInflate()
        : encoding === 'br'
          ? createBrotliDecompress()
          : null;
  // What goes wrong in either is told by the decoder, from which is read.
  return decoder === null ? incoming : pipeline(incoming, decoder, () => undefined);
}

async function* limited(
  source: Readable,
  { signal, mostBytes }: { signal: AbortSignal; mostBytes: number },
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  try {
    // Leaving the loop ends the connection.
    for await (const part of source) {
      const chunk: unknown = part;
      if (!(chunk instanceof Uint8Array)) continue;
      bytes += chunk.length;
      if (bytes > mostBytes) throw new Error(`the answer has more than ${Math.floor(mostBytes / 1e6)} MB`);
      yield chunk;
    }
  } catch (error) {
    throw failure(error, signal);
  }
}

/** In the form in which `fetch` throws, so that callers tell errors apart by what they know. */
function failure(error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  if (error instanceof OutgoingRefused) return error;
  const [first] = error instanceof AggregateError ? error.errors : [];
  return new TypeError('fetch failed', { cause: first ?? error });
}
