import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

/** Where devices send what they tell by themselves. */
export interface DatagramTarget {
  readonly address: string;
  readonly port: number;
}

/** Sends datagrams of devices, each from its own address. */
export class OwnSockets {
  readonly #what: string;
  readonly #target: DatagramTarget;
  readonly #sockets = new Map<string, Promise<Socket>>();

  /** @param what for complaints: `traps` */
  constructor(what: string, target: DatagramTarget) {
    this.#what = what;
    this.#target = target;
  }

  async send(from: string, message: Uint8Array): Promise<void> {
    const opened = this.#sockets.get(from) ?? this.#open(from);
    this.#sockets.set(from, opened);
    const socket = await opened;
    await new Promise<void>((resolve, reject) => {
      socket.send(message, this.#target.port, this.#target.address, (error) =>
        error ? reject(error) : resolve(),
      );
    });
  }

  async close(): Promise<void> {
    const sockets = await Promise.allSettled(this.#sockets.values());
    this.#sockets.clear();
    for (const socket of sockets) if (socket.status === 'fulfilled') socket.value.close();
  }

  async #open(address: string): Promise<Socket> {
    const socket = createSocket('udp4');
    socket.bind(0, address);
    await once(socket, 'listening');
    // Nobody listens yet, or no longer: that is not the device's concern.
    socket.on('error', (error) => console.error(`${this.#what} from ${address}:`, error));
    socket.unref();
    return socket;
  }
}
