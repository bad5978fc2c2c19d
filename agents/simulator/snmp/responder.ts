import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { answer, answerError, ErrorStatus } from './answer.ts';
import { BerError, BerReader, Tag } from './ber.ts';
import { faultyStore, type ResponderFaults } from './faults.ts';
import { maxDatagram, Output } from './output.ts';
import { type Request, readRequest } from './request.ts';
import type { OidStore } from './store.ts';

export interface ResponderCounts {
  received: number;
  answered: number;
  /** Not SNMP, or not a request. */
  malformed: number;
  wrongCommunity: number;
  /** Left unanswered by a fault. */
  lost: number;
}

export interface SnmpResponderOptions {
  readonly store: OidStore;
  /** Communities that are answered (v1, v2c); none when left out and there are v3 users. */
  readonly community?: string | readonly string[];
  /** Other views by name: community `<community>@<name>`. */
  readonly contexts?: ReadonlyMap<string, OidStore>;
  readonly faults?: ResponderFaults;
  /** Largest message that is sent, in bytes. */
  readonly maxMessageSize?: number;
  /** Most VarBinds in a GETBULK answer. */
  readonly maxVarBinds?: number;
  /** Asked before every answer: false is silence (a device without power). */
  readonly alive?: () => boolean;
  /** 0..1, for loss and jitter. */
  readonly random?: () => number;
}

/** An SNMP agent on UDP that answers from a store. What is not a proper request gets no answer. */
export class SnmpResponder {
  /** May be changed at any time. */
  faults: ResponderFaults;
  readonly counts: ResponderCounts = { received: 0, answered: 0, malformed: 0, wrongCommunity: 0, lost: 0 };
  readonly #views: ReadonlyMap<string, OidStore>;
  readonly #alive: () => boolean;
  readonly #random: () => number;
  readonly #maxMessageSize: number;
  readonly #maxVarBinds: number;
  readonly #out = new Output();
  readonly #timers = new Set<NodeJS.Timeout>();
  #socket: Socket | null = null;
  #otherSocket: Socket | null = null;

  constructor(options: SnmpResponderOptions) {
    this.faults = options.faults ?? {};
    this.#alive = options.alive ?? (() => true);
    this.#random = options.random ?? Math.random;
    this.#maxMessageSize = Math.min(options.maxMessageSize ?? maxDatagram, maxDatagram);
    this.#maxVarBinds = options.maxVarBinds ?? Number.POSITIVE_INFINITY;
    const views = new Map<string, OidStore>();
    for (const community of [options.community ?? []].flat()) {
      views.set(community, options.store);
      for (const [name, store] of options.contexts ?? []) views.set(`${community}@${name}`, store);
    }
    this.#views = views;
  }

  /** Binds the socket; port 0 takes any free one. Rejects when the address cannot be bound. */
  async listen(host = '127.0.0.1', port = 0): Promise<{ port: number }> {
    const socket = await bound(host, port);
    this.#socket = socket;
    socket.on('message', (datagram, sender) => this.#receive(datagram, sender));
    return { port: socket.address().port };
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    const sockets = [this.#socket, this.#otherSocket];
    this.#socket = null;
    this.#otherSocket = null;
    await Promise.all(sockets.map((socket) => socket && new Promise<void>((done) => socket.close(done))));
  }

  /** The answer to a datagram, or null for silence. Public for tests; applies no latency and no loss. */
  respond(datagram: Uint8Array): Uint8Array | null {
    try {
      return this.#respond(datagram);
    } catch (error) {
      if (!(error instanceof BerError)) throw error;
      this.counts.malformed++;
      return null;
    }
  }

  #respond(datagram: Uint8Array): Uint8Array | null {
    const reader = new BerReader(datagram);
    reader.enter(Tag.sequence);
    if (reader.end !== datagram.length) throw new BerError('more than one message');
    const version = reader.integer();
    if (version !== 0 && version !== 1) throw new BerError(`version ${version}`);
    const community = reader.octets();
    const request = readRequest(reader);
    reader.leave(datagram.length);
    const store = this.#views.get(Buffer.from(community).toString('latin1'));
    if (store === undefined) {
      this.counts.wrongCommunity++;
      return null;
    }
    if (version === 0 && request.kind === 'bulk') throw new BerError('GETBULK in SNMPv1');
    this.#answer(request, store, version === 0, this.#maxMessageSize - community.length - 14);
    this.#out.prependOctets(community);
    this.#out.prependInteger(version);
    this.#out.wrap(Tag.sequence);
    return this.#out.message();
  }

  #answer(request: Request, store: OidStore, version1: boolean, maxPdu: number): void {
    const options = {
      version1,
      maxPdu,
      maxVarBinds: this.#maxVarBinds,
      requestId: this.faults.wrongRequestId ? (request.requestId ^ 0x2a) & 0x7fffffff : request.requestId,
    };
    const asked = (request.oids.length / 2) * Math.max(1, request.maxRepetitions);
    if (this.faults.tooBigAbove !== undefined && asked > this.faults.tooBigAbove)
      answerError(request, ErrorStatus.tooBig, options, this.#out);
    else answer(request, faultyStore(store, this.faults), options, this.#out);
  }

  #receive(datagram: Buffer, sender: RemoteInfo): void {
    this.counts.received++;
    const { lossRatio = 0, latencyMs = 0, jitterMs = 0 } = this.faults;
    if (this.faults.silent || !this.#alive() || (lossRatio > 0 && this.#random() < lossRatio)) {
      this.counts.lost++;
      return;
    }
    const whole = this.respond(datagram);
    if (whole === null) return;
    const reply = this.faults.truncated ? whole.subarray(0, Math.ceil(whole.length * 0.6)) : whole;
    if (latencyMs === 0 && jitterMs === 0) {
      this.#send(reply, sender);
      return;
    }
    const timer = setTimeout(
      () => {
        this.#timers.delete(timer);
        this.#send(reply, sender);
      },
      latencyMs + jitterMs * this.#random(),
    );
    this.#timers.add(timer);
  }

  #send(reply: Uint8Array, sender: RemoteInfo): void {
    if (this.faults.otherPort && this.#otherSocket === null) {
      const host = this.#socket?.address().address;
      if (host === undefined) return;
      this.#otherSocket = createSocket('udp4');
      this.#otherSocket.on('error', ignoreSendError);
      this.#otherSocket.bind(0, host);
    }
    const socket = this.faults.otherPort ? this.#otherSocket : this.#socket;
    if (socket === null) return;
    this.counts.answered++;
    socket.send(reply, sender.port, sender.address, ignoreSendError);
  }
}

/** A client that is gone by the time of the answer is its own affair: UDP promises nothing. */
function ignoreSendError(): void {}

function bound(host: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createSocket({ type: host.includes(':') ? 'udp6' : 'udp4', recvBufferSize: 1_048_576 });
    socket.once('error', reject);
    socket.bind({ address: host, port, exclusive: true }, () => {
      socket.off('error', reject);
      socket.on('error', ignoreSendError);
      resolve(socket);
    });
  });
}
