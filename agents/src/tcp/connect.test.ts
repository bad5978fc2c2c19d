import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { acceptsConnection } from './connect.ts';

const { signal } = new AbortController();

describe('acceptsConnection', () => {
  let server: Server | null = null;
  afterEach(() => void server?.close());

  async function listen(): Promise<number> {
    const listening = createServer((socket) => socket.on('error', () => {}));
    server = listening;
    await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
    const address = listening.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  it('is true for a port that listens', async () => {
    const port = await listen();
    await expect(acceptsConnection({ host: '127.0.0.1', port, timeoutMs: 1000, signal })).resolves.toBe(true);
  });

  it('is false for a port that does not', async () => {
    const port = await listen();
    const closing = server;
    await new Promise((resolve) => closing?.close(resolve));
    server = null;
    await expect(acceptsConnection({ host: '127.0.0.1', port, timeoutMs: 1000, signal })).resolves.toBe(
      false,
    );
  });

  it('is false for a name that does not exist', async () => {
    const host = 'no-such-host.invalid';
    await expect(acceptsConnection({ host, port: 80, timeoutMs: 1000, signal })).resolves.toBe(false);
  });

  it('is false when aborted before', async () => {
    const port = await listen();
    const aborted = AbortSignal.abort();
    await expect(
      acceptsConnection({ host: '127.0.0.1', port, timeoutMs: 1000, signal: aborted }),
    ).resolves.toBe(false);
  });
});
