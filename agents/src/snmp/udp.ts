import { createSocket, type Socket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { isIP, SocketAddress } from 'node:net';
import { BerWriter } from './ber.ts';
import { SnmpError } from './error.ts';
import { InFlight } from './in-flight.ts';

/** Linux's default for a socket (net.core.rmem_default). */
const usualBufferBytes = 212_992;
/** The rest is for answers longer than expected, and for what nobody asked for. */
const usableShare = 0.75;

interface SharedSocket {
  readonly socket: Socket;
  readonly inFlight: InFlight;
}

/** One device's end of the shared sockets: only what comes from exactly this address and port arrives here. */
export class UdpEndpoint {
  readonly address: string;
  readonly port: number;
  /** Of the socket: to be entered before a request is sent. */
  readonly inFlight: InFlight;
  private readonly transmit: (datagram: Uint8Array, failed: (error: Error) => void) => void;
  private readonly release: () => void;
  private readonly receivers = new Set<(datagram: Buffer) => void>();

  constructor(options: {
    address: string;
    port: number;
    inFlight: InFlight;
    transmit: (datagram: Uint8Array, failed: (error: Error) => void) => void;
    release: () => void;
  }) {
    this.address = options.address;
    this.port = options.port;
    this.inFlight = options.inFlight;
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
  private readonly sockets = new Map<4 | 6, SharedSocket>();
  private readonly endpoints = new Map<string, Set<UdpEndpoint>>();
  private readonly receiveBuffer: number;
  /** For requests of all devices: what it holds is copied before the next one is written. */
  readonly writer = new BerWriter(8192);

  private readonly resolve: (host: string) => Promise<string>;

  /** @param options.resolve the address of a name, or why there is none to be used: an Error whose message says it */
  constructor(options: { receiveBuffer?: number; resolve?: (host: string) => Promise<string> } = {}) {
    this.resolve = options.resolve ?? addressOf;
    this.receiveBuffer = options.receiveBuffer ?? 4 * 1024 * 1024;
  }

  /**
   * An endpoint for a device by IP address or host name.
   * @throws SnmpError `network` when the name has no address.
   */
  async open(host: string, port: number): Promise<UdpEndpoint> {
    let address: string;
    try {
      address = await this.resolve(host);
    } catch (error) {
      throw new SnmpError('network', error instanceof Error ? error.message : String(error));
    }
    const kind = isIP(address) === 6 ? 6 : 4;
    if (kind === 6) address = new SocketAddress({ address, family: 'ipv6' }).address;
    const key = `${address} ${port}`;
    const { socket, inFlight } = this.socket(kind);
    const endpoint = new UdpEndpoint({
      address,
      port,
      inFlight,
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
    for (const { socket } of this.sockets.values()) socket.close();
    this.sockets.clear();
    this.endpoints.clear();
  }

  private socket(family: 4 | 6): SharedSocket {
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
    const inFlight = new InFlight(usualBufferBytes * usableShare);
    socket.bind(0, () => {
      try {
        socket.setRecvBufferSize(this.receiveBuffer);
      } catch {
        // Not all systems cut it to what they allow: its default stays.
      }
      // What the system made of it: fewer answers may be in flight where it allows less.
      inFlight.setLimit(socket.getRecvBufferSize() * usableShare);
    });
    socket.unref();
    const shared = { socket, inFlight };
    this.sockets.set(family, shared);
    return shared;
  }
}

async function addressOf(host: string): Promise<string> {
  if (isIP(host) !== 0) return host;
  try {
    return (await lookup(host)).address;
  } catch {
    throw new Error(`the name ${host} has no address`);
  }
}
