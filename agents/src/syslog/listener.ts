import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { createServer, type Server, type Socket } from 'node:net';
import type { Logger } from 'pino';
import { Framing } from './framing.ts';

/** Where messages are received, by UDP and TCP. `insisted`: somebody set the port, so that it is an error when it cannot be had. */
export interface SyslogPlace {
  readonly port: number;
  readonly insisted: boolean;
}

const mostConnections = 512;
const mostPerAddress = 16;
/** A connection on which nothing has come for this long is closed; the sender opens another. */
const idleMs = 6 * 3_600_000;
/** What the kernel keeps while this process is busy: a switch that restarts says a hundred things at once. */
const receiveBytes = 4_000_000;
/** A connection waits for others after so many messages. */
const mostAtOnce = 500;

/** One UDP socket and one TCP server for IPv4 and IPv6 (IPv4 only where there is no IPv6). */
export class SyslogListener {
  readonly #where: SyslogPlace;
  readonly #receive: (message: Buffer, from: string) => void;
  readonly #welcome: (from: string) => boolean;
  readonly #log: Logger;
  readonly #connections = new Map<Socket, string>();
  #udp: UdpSocket | null = null;
  #tcp: Server | null = null;
  #stopped = false;

  /**
   * @param options.receive called with each message and its sender's address
   * @param options.welcome whether somebody at this address may connect
   */
  constructor(options: {
    where: SyslogPlace;
    receive: (message: Buffer, from: string) => void;
    welcome: (from: string) => boolean;
    log: Logger;
  }) {
    this.#where = options.where;
    this.#receive = options.receive;
    this.#welcome = options.welcome;
    this.#log = options.log;
  }

  /** The ports, once bound; null while there is none. */
  get ports(): { readonly udp: number | null; readonly tcp: number | null } {
    const tcp = this.#tcp?.address();
    return {
      udp: this.#udp?.address().port ?? null,
      tcp: typeof tcp === 'object' && tcp !== null ? tcp.port : null,
    };
  }

  /** Resolves when it listens, or cannot: the agent works without messages, too. */
  async start(): Promise<void> {
    const udp = (await this.#bindUdp('udp6')) === null ? null : await this.#bindUdp('udp4');
    const tcp = (await this.#bindTcp('::')) === null ? null : await this.#bindTcp('0.0.0.0');
    const { port, insisted } = this.#where;
    if (udp === null || tcp === null) this.#log.info(this.ports, 'messages of devices are received');
    for (const [way, problem] of [
      ['UDP', udp],
      ['TCP', tcp],
    ])
      if (problem !== null)
        this.#log[insisted ? 'error' : 'info'](
          { port, way, problem },
          'messages of devices are not received: the port cannot be had (set SYSLOG_PORT to another one, or to 0)',
        );
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#udp?.close();
    this.#udp = null;
    const server = this.#tcp;
    this.#tcp = null;
    const closed = server && new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of this.#connections.keys()) socket.destroy();
    await closed;
  }

  /** Returns why not, or null. */
  #bindUdp(type: 'udp4' | 'udp6'): Promise<string | null> {
    const socket = createSocket({ type });
    return new Promise((resolve) => {
      const refused = (error: Error) => {
        socket.close();
        resolve(error.message);
      };
      socket.once('error', refused);
      socket.bind(this.#where.port, () => {
        socket.off('error', refused);
        socket.on('error', (error) => this.#log.warn({ err: error }, 'the socket for messages of devices'));
        socket.on('message', (message, sender) => this.#receive(message, plainAddress(sender.address)));
        try {
          socket.setRecvBufferSize(receiveBytes);
        } catch (error) {
          this.#log.debug({ err: error }, 'the receive buffer stays as it is');
        }
        if (this.#stopped) socket.close();
        else this.#udp = socket;
        resolve(null);
      });
    });
  }

  #bindTcp(host: string): Promise<string | null> {
    const server = createServer((socket) => this.#connected(socket));
    return new Promise((resolve) => {
      const refused = (error: Error) => resolve(error.message);
      server.once('error', refused);
      server.listen(this.#where.port, host, () => {
        server.off('error', refused);
        server.on('error', (error) => this.#log.warn({ err: error }, 'the server for messages of devices'));
        if (this.#stopped) server.close();
        else this.#tcp = server;
        resolve(null);
      });
    });
  }

  #connected(socket: Socket): void {
    const from = plainAddress(socket.remoteAddress ?? '');
    const others = [...this.#connections.values()].filter((address) => address === from).length;
    if (
      from === '' ||
      this.#connections.size >= mostConnections ||
      others >= mostPerAddress ||
      !this.#welcome(from)
    ) {
      socket.destroy();
      return;
    }
    this.#connections.set(socket, from);
    const framing = new Framing();
    socket.setTimeout(idleMs, () => socket.destroy());
    socket.setKeepAlive(true, 60_000);
    socket.on('data', (chunk: Buffer) => this.#hand(socket, framing.push(chunk), from));
    socket.on('end', () => this.#hand(socket, framing.end(), from));
    socket.on('error', (error) => this.#log.debug({ err: error, from }, 'a connection for messages'));
    socket.on('close', () => this.#connections.delete(socket));
  }

  /** So many at once that others get their turn. */
  #hand(socket: Socket, messages: readonly Buffer[], from: string): void {
    for (const message of messages.slice(0, mostAtOnce)) this.#receive(message, from);
    if (messages.length <= mostAtOnce) return;
    socket.pause();
    setImmediate(() => {
      this.#hand(socket, messages.slice(mostAtOnce), from);
      socket.resume();
    });
  }
}

/** IPv4 as IPv4 also on an IPv6 socket, and without the interface of a link-local address. */
function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/, '').replace(/%.*$/, '');
}
