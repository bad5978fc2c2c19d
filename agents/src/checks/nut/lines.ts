import type { Socket } from 'node:net';
import { Incoming } from '../incoming.ts';

/** Speaks with upsd line by line. `detach` hands the socket back, to be encrypted. */
export class LineSocket {
  readonly #socket: Socket;
  readonly #incoming: Incoming;

  constructor(socket: Socket, signal: AbortSignal) {
    this.#socket = socket;
    this.#incoming = new Incoming(socket, signal);
  }

  send(line: string): void {
    this.#socket.write(`${line}\n`);
  }

  /** @throws CheckFailure when none comes in time */
  async next(): Promise<string> {
    const line = await this.#incoming.take((bytes) => {
      const end = bytes.indexOf(0x0a);
      return end < 0 ? null : end + 1;
    });
    return line.toString('utf8').trimEnd();
  }

  detach(): void {
    this.#incoming.detach();
  }
}
