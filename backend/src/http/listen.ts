import type { Server } from 'node:http';
import { z } from 'zod';

/** How long requests that are being answered get to finish when the server closes. */
const graceMs = 1000;

/** Listens, and returns the address as this machine reaches it. @throws Error that says what to do when it cannot. */
export async function listen(
  server: Server,
  port: number,
  host: string,
  scheme: 'http' | 'https' = 'http',
): Promise<string> {
  // Agents deliver every few seconds: let them keep their connection.
  server.keepAliveTimeout = 65_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        new Error(
          error.code === 'EADDRINUSE'
            ? `Port ${port} on ${host} is in use. Set PORT to another one.`
            : `Listening on ${host}, port ${port}, failed: ${error.message}`,
          { cause: error },
        ),
      );
    });
    server.listen(port, host, () => {
      server.removeAllListeners('error');
      resolve();
    });
  });
  const address = z.object({ port: z.number() }).parse(server.address());
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `${scheme}://${reachable.includes(':') ? `[${reachable}]` : reachable}:${address.port}`;
}

/** Takes no more requests, lets running ones finish for a moment, then ends them. */
export async function closeServer(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearTimeout(timer);
}
