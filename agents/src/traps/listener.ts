import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import type { Logger } from 'pino';

/** Where notifications are received. `insisted`: somebody set the port, so that it is an error when it cannot be had. */
export interface TrapPort {
  readonly port: number;
  readonly insisted: boolean;
}

/** One UDP socket for IPv4 and IPv6 (IPv4 only where there is no IPv6). */
export class TrapListener {
  readonly #where: TrapPort;
  readonly #receive: (datagram: Buffer, from: string) => Uint8Array | null;
  readonly #log: Logger;
  #socket: Socket | null = null;
  #stopped = false;

  /** @param options.receive called with each datagram and its sender's address; what it returns is sent back */
  constructor(options: {
    where: TrapPort;
    receive: (datagram: Buffer, from: string) => Uint8Array | null;
    log: Logger;
  }) {
    this.#where = options.where;
    this.#receive = options.receive;
    this.#log = options.log;
  }

  /** The port, once bound; null while there is none. */
  get port(): number | null {
    return this.#socket?.address().port ?? null;
  }

  /** Resolves when it listens, or cannot: the agent works without notifications, too. */
  async start(): Promise<void> {
    const problem = (await this.#bind('udp6')) === null ? null : await this.#bind('udp4');
    const { port, insisted } = this.#where;
    if (problem === null) this.#log.info({ port: this.port }, 'traps are received');
    else
      this.#log[insisted ? 'error' : 'info'](
        { port, problem },
        'traps are not received: the port cannot be had (set TRAP_PORT to another one, or to 0)',
      );
  }

  stop(): void {
    this.#stopped = true;
    this.#socket?.close();
    this.#socket = null;
  }

  /** Returns why not, or null. */
  #bind(type: 'udp4' | 'udp6'): Promise<string | null> {
    const socket = createSocket({ type });
    return new Promise((resolve) => {
      const refused = (error: Error) => {
        socket.close();
        resolve(error.message);
      };
      socket.once('error', refused);
      socket.bind(this.#where.port, () => {
        socket.off('error', refused);
        // An ICMP error that came back to an answer.
        socket.on('error', (error) => this.#log.debug({ err: error }, 'the socket for traps'));
        socket.on('message', (datagram, sender) => this.#take(socket, datagram, sender));
        if (this.#stopped) socket.close();
        else this.#socket = socket;
        resolve(null);
      });
    });
  }

  #take(socket: Socket, datagram: Buffer, sender: RemoteInfo): void {
    const answer = this.#receive(datagram, plainAddress(sender.address));
    if (answer !== null)
      socket.send(answer, sender.port, sender.address, (error) => {
        if (error) this.#log.debug({ err: error }, 'an inform could not be answered');
      });
  }
}

/** IPv4 as IPv4 also on an IPv6 socket, and without the interface of a link-local address. */
function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/, '').replace(/%.*$/, '');
}
