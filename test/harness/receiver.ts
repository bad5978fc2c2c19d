import { createServer, type IncomingHttpHeaders } from 'node:http';

export interface Heard {
  /** When the request came, as performance.now. */
  readonly at: number;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Whether it was taken, or sent away with 503. */
  readonly taken: boolean;
}

export interface Receiver {
  readonly url: string;
  /** All that came, in order. */
  readonly heard: readonly Heard[];
  /** Whether it takes what comes from now on. */
  setTaking(taking: boolean): void;
  close(): Promise<void>;
}

/** Where messages go: takes what it is sent, as a push service or an ntfy server does. Understanding it is up to the test. */
export async function startReceiver(): Promise<Receiver> {
  const heard: Heard[] = [];
  let taking = true;
  const server = createServer(async (request, response) => {
    const at = performance.now();
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const taken = taking;
    heard.push({ at, path: request.url ?? '', headers: request.headers, body: Buffer.concat(parts), taken });
    response.writeHead(taken ? 201 : 503).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    heard,
    setTaking(now) {
      taking = now;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
