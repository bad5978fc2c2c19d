import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** A house behind one address: sixty people with several screens each. */
const mostOfOneAddress = 600;
const mostConnections = 6000;

/** How long a client may take; for `createServer`. Headers at once, a body as `readBody` says, and five minutes in all. */
export const patience = {
  headersTimeout: 15_000,
  requestTimeout: 300_000,
  /** How often the two above are looked at. */
  connectionsCheckingInterval: 5000,
  maxHeaderSize: 16_384,
} as const;

/** A connection over which nothing moves in either direction, also one whose answer nobody takes. */
const stillMs = 180_000;

/** Closes further connections of an address that has so many already; those of `proxies` are of many people. */
export function limitConnections(
  server: Server,
  options: { isProxy: (address: string) => boolean; mostOfOneAddress?: number },
): void {
  const most = options.mostOfOneAddress ?? mostOfOneAddress;
  const counts = new Map<string, number>();
  server.maxConnections = mostConnections;
  server.maxHeadersCount = 100;
  server.timeout = stillMs;
  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? '';
    if (options.isProxy(address)) return;
    const count = (counts.get(address) ?? 0) + 1;
    if (count > most) {
      socket.destroy();
      return;
    }
    counts.set(address, count);
    socket.once('close', () => {
      const left = (counts.get(address) ?? 1) - 1;
      if (left > 0) counts.set(address, left);
      else counts.delete(address);
    });
  });
}
