import { createHash, randomBytes } from 'node:crypto';
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { answer, answerError, ErrorStatus } from './answer.ts';
import { BerError, BerReader, Tag } from './ber.ts';
import { faultyStore, type ResponderFaults } from './faults.ts';
import { maxDatagram, Output } from './output.ts';
import { type Request, readRequest } from './request.ts';
import type { OidStore } from './store.ts';
import { type EngineClock, Usm, type V3User } from './usm.ts';
import { answerV3 } from './v3.ts';

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
  readonly v3Users?: readonly V3User[];
  /** 5 to 32 bytes; one that is made of the community and the user names when left out. */
  readonly engineId?: Uint8Array;
  /** Boots and time of the SNMP engine; by default boots 1 and the time since `listen`. */
  readonly clock?: () => EngineClock;
  readonly faults?: ResponderFaults;
  /** Who may write, beside reading as the others, and what is done then: the error-status, 0 for done. Left out: nobody. */
  readonly writing?: {
    readonly community?: string;
    readonly v3User?: V3User;
    readonly set: (oid: string, value: number | null) => number;
  };
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
  readonly #contexts: ReadonlyMap<string, OidStore>;
  readonly #usm: Usm | null;
  readonly #writing: SnmpResponderOptions['writing'];
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
    const { writing } = options;
    this.#writing = writing;
    const views = new Map<string, OidStore>();
    if (writing?.community !== undefined) views.set(writing.community, options.store);
    for (const community of [options.community ?? []].flat()) {
      views.set(community, options.store);
      for (const [name, store] of options.contexts ?? []) views.set(`${community}@${name}`, store);
    }
    this.#views = views;
    this.#contexts = new Map([['', options.store], ...(options.contexts ?? [])]);
    const users = [...(options.v3Users ?? []), ...(writing?.v3User ? [writing.v3User] : [])];
    this.#usm =
      users.length === 0
        ? null
        : new Usm({
            engineId: options.engineId ?? engineIdOf(users.map((user) => user.user).join()),
            users,
            clock: options.clock ?? (() => this.#clock()),
            salt: randomBytes(8).readBigUInt64BE(),
          });
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

  /** Plays a restart of the SNMP engine: its time and sysUpTime begin anew; boots rise unless the device is one that forgets them. */
  reboot({ raiseBoots }: { raiseBoots: boolean }): void {
    this.#startedAt = performance.now();
    this.#rebooted = true;
    if (raiseBoots) this.#boots++;
  }

  #rebooted = false;
  #boots = 1;
  #startedAt = performance.now();

  #uptimeMs(): number {
    return performance.now() - this.#startedAt;
  }

  #clock(): EngineClock {
    return { boots: this.#boots, time: Math.floor(this.#uptimeMs() / 1000) };
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
    if (version === 3 && this.#usm !== null) return this.#respondV3(reader, this.#usm);
    if (version !== 0 && version !== 1) throw new BerError(`version ${version}`);
    const community = reader.octets();
    const request = readRequest(reader);
    reader.leave(datagram.length);
    const name = Buffer.from(community).toString('latin1');
    const store = this.#views.get(name);
    if (store === undefined) {
      this.counts.wrongCommunity++;
      return null;
    }
    if (version === 0 && request.kind === 'bulk') throw new BerError('GETBULK in SNMPv1');
    const mayWrite = name === this.#writing?.community;
    this.#answer(request, store, version === 0, this.#maxMessageSize - community.length - 14, mayWrite);
    if (request.kind === 'set' && this.faults.swallowedSets === true) return null;
    this.#out.prependOctets(community);
    this.#out.prependInteger(version);
    this.#out.wrap(Tag.sequence);
    return this.#out.message();
  }

  #respondV3(reader: BerReader, usm: Usm): Uint8Array | null {
    return answerV3(reader, {
      usm,
      out: this.#out,
      maxMessageSize: this.#maxMessageSize,
      // Cisco names the context of a VLAN "vlan-10" where a community says "@10".
      view: (name) => this.#contexts.get(name) ?? this.#contexts.get(name.replace(/^vlan-/, '')),
      respond: (request, store, { maxPdu }, status, user) =>
        this.#answer(request, store, false, maxPdu, user === this.#writing?.v3User?.user, status),
    });
  }

  #answer(
    request: Request,
    store: OidStore,
    version1: boolean,
    maxPdu: number,
    mayWrite: boolean,
    status: number = ErrorStatus.noError,
  ): void {
    const options = {
      version1,
      maxPdu,
      maxVarBinds: this.#maxVarBinds,
      ...(mayWrite && this.#writing ? { set: this.#writing.set } : {}),
      requestId: this.faults.wrongRequestId ? (request.requestId ^ 0x2a) & 0x7fffffff : request.requestId,
    };
    const asked = (request.oids.length / 2) * Math.max(1, request.maxRepetitions);
    if (status !== ErrorStatus.noError) answerError(request, status, options, this.#out);
    else if (this.faults.tooBigAbove !== undefined && asked > this.faults.tooBigAbove)
      answerError(request, ErrorStatus.tooBig, options, this.#out);
    else
      answer(
        request,
        faultyStore(store, this.faults, this.#rebooted ? () => this.#uptimeMs() / 10 : null),
        options,
        this.#out,
      );
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

/** RFC 3411 section 5, SnmpEngineID: enterprise number 0 is reserved and so belongs to no product; format 5, octets. */
function engineIdOf(text: string): Uint8Array {
  return Buffer.concat([
    Uint8Array.of(0x80, 0, 0, 0, 5),
    createHash('sha256').update(text).digest().subarray(0, 8),
  ]);
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
