import type { Socket } from 'node:net';
import { failureOf } from './connection.ts';
import { CheckFailure } from './result.ts';

/** More than any answer that is waited for here. */
const mostBytes = 100_000;

/** What a socket has received and nobody has taken yet. `detach` hands the socket back, to be encrypted. */
export class Incoming {
  readonly #socket: Socket;
  readonly #signal: AbortSignal;
  #bytes: Buffer = Buffer.alloc(0);
  #failure: CheckFailure | null = null;
  #wake: () => void = () => {};

  constructor(socket: Socket, signal: AbortSignal) {
    this.#socket = socket;
    this.#signal = signal;
    socket.on('data', this.#receive);
    socket.on('error', this.#fail);
    socket.on('close', this.#closed);
    signal.addEventListener('abort', this.#giveUp, { once: true });
  }

  /** The first bytes, as many as `length` finds to be one whole; null: more are needed. @throws CheckFailure */
  async take(length: (bytes: Buffer) => number | null): Promise<Buffer> {
    for (;;) {
      const whole = length(this.#bytes);
      if (whole !== null && this.#bytes.length >= whole) {
        const taken = this.#bytes.subarray(0, whole);
        this.#bytes = this.#bytes.subarray(whole);
        return taken;
      }
      if (this.#signal.aborted) throw new CheckFailure('timeout');
      if (this.#bytes.length > mostBytes) throw new CheckFailure('protocol', 'an answer without end');
      if (this.#failure !== null) throw this.#failure;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  detach(): void {
    this.#socket.pause();
    this.#socket.off('data', this.#receive);
    this.#socket.off('close', this.#closed);
    this.#signal.removeEventListener('abort', this.#giveUp);
  }

  readonly #receive = (part: Buffer | string): void => {
    this.#bytes = Buffer.concat([this.#bytes, Buffer.from(part)]);
    this.#wake();
  };

  readonly #fail = (error: unknown): void => {
    this.#failure ??= failureOf(error);
    this.#wake();
  };

  readonly #closed = (): void => this.#fail(new CheckFailure('closed'));
  readonly #giveUp = (): void => this.#wake();
}
