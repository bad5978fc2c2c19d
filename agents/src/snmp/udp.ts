import { createSocket, type Socket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { isIP, SocketAddress } from 'node:net';
import { SnmpError } from './error.ts';

/** One device's end of the shared sockets: only what comes from exactly this address and port arrives here. */
export class UdpEndpoint {
  readonly address: string;
  readonly port: number;
  private readonly transmit: (datagram: Uint8Array, failed: (error: Error) => void) => void;
  private readonly release: () => void;
  private readonly receivers = new Set<(datagram: Buffer) => void>();

  constructor(options: {
    address: string;
    port: number;
    transmit: (datagram: Uint8Array, failed: (error: Error) => void) => void;
    release: () => void;
  }) {
    this.address = options.address;
    this.port = options.port;
    this.transmit = options.transmit;
    this.release = options.release;
  }

  /** Sends one datagram. `failed` is called when the system refuses it (no route, too long). */
  send(datagram: Uint8Array, failed: (error: Error) => void): void {
    this.transmit(datagram, failed);
  }

  /** Calls `receiver` with each datagram of the device until the returned function is called. */
  listen(receiver: (datagram: Buffer) => void): () => void {
    this.receivers.add(receiver);
    return () => this.receivers.delete(receiver);
  }

  deliver(datagram: Buffer): void {
    for (const receiver of this.receivers) receiver(datagram);
  }

  close(): void {
    this.receivers.clear();
    this.release();
  }
}

/**
 * One UDP socket per address family for any number of devices, told apart by sender. A socket for each would cost a
 * file descriptor and 5-8 kB each; and a datagram from anyone who was not asked falls through here.
 */
export class UdpHub {
  private readonly sockets = new Map<4 | 6, Socket>();
  private readonly endpoints = new Map<string, Set<UdpEndpoint>>();
  private readonly receiveBuffer: number;

  constructor(options: { receiveBuffer?: number } = {}) {
    this.receiveBuffer = options.receiveBuffer ?? 4 * 1024 * 1024;
  }

  /**
   * An endpoint for a device by IP address or host name.
   * @throws SnmpError `network` when the name has no address.
   */
  async open(host: string, port: number): Promise<UdpEndpoint> {
    let address = host;
    let family = isIP(host);
    if (family === 0) {
      try {
        const found = await lookup(host);
        address = found.address;
        family = found.family;
      } catch {
        throw new SnmpError('network', `the name ${host} has no address`);
      }
    }
    const kind = family === 6 ? 6 : 4;
    if (kind === 6) address = new SocketAddress({ address, family: 'ipv6' }).address;
    const key = `${address} ${port}`;
    const socket = this.socket(kind);
    const endpoint = new UdpEndpoint({
      address,
      port,
      transmit: (datagram, failed) =>
        socket.send(datagram, port, address, (error) => {
          if (error) failed(error);
        }),
      release: () => {
        const sharing = this.endpoints.get(key);
        sharing?.delete(endpoint);
        if (sharing?.size === 0) this.endpoints.delete(key);
      },
    });
    const sharing = this.endpoints.get(key);
    if (sharing) sharing.add(endpoint);
    else this.endpoints.set(key, new Set([endpoint]));
    return endpoint;
  }

  /** Closes the sockets; endpoints stay silent from now on. */
  close(): void {
    for (const socket of this.sockets.values()) socket.close();
    this.sockets.clear();
    this.endpoints.clear();
  }

  private socket(family: 4 | 6): Socket {
    const known = this.sockets.get(family);
    if (known) return known;
    const socket = createSocket({
      type: family === 6 ? 'udp6' : 'udp4',
      // Addresses are resolved already; the default would go through the resolver's thread pool for each datagram.
      lookup: (host, _options, callback) => callback(null, host, family),
    });
    socket.on('message', (datagram, sender) => {
      const sharing = this.endpoints.get(`${sender.address} ${sender.port}`);
      if (sharing) for (const endpoint of sharing) endpoint.deliver(datagram);
    });
    // An ICMP error of one device must not end the others: requests end by their own time limit.
    socket.on('error', () => {});
    socket.bind(0, () => {
      try {
        socket.setRecvBufferSize(this.receiveBuffer);
      } catch {
        // The system's limit is lower: its default stays, and fewer answers may be in flight.
      }
    });
    socket.unref();
    this.sockets.set(family, socket);
    return socket;
  }
}
