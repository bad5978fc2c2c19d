import { randomInt } from 'node:crypto';
import { isIP } from 'node:net';
import type { SnmpCredentials } from '@rackhaus/config/contract';
import { BerError } from './ber.ts';
import { decodeValue, type SnmpValue } from './decode.ts';
import { SnmpError, type SnmpRefusal } from './error.ts';
import { bufferBytes, type Place } from './in-flight.ts';
import {
  CommunityFormat,
  errorStatus,
  type MessageFormat,
  type Reply,
  type RequestKind,
  type RequestOptions,
  reportTag,
  VarBinds,
} from './message.ts';
import { decodeOid, type OidBytes } from './oid.ts';
import { type UdpEndpoint, UdpHub } from './udp.ts';
import { openUsm } from './v3-discovery.ts';

const usmStats = '1.3.6.1.6.3.15.1.1.';
/** Reports that a fresh discovery cures (RFC 3414 section 5): usmStatsNotInTimeWindows, usmStatsUnknownEngineIDs. */
const curable = new Set(['2', '4']);
/** Reports that only other credentials cure. */
const refusals: Readonly<Record<string, readonly [SnmpRefusal, string]>> = {
  1: ['level', 'the device does not support this security level'],
  3: ['user', 'the device does not know this user'],
  5: ['key', 'the device refuses the authentication key or protocol'],
  6: ['privacy', 'the device cannot decrypt: privacy key or protocol differ'],
};

interface ExchangeLimits extends RequestOptions {
  readonly timeoutMs: number;
  readonly tries: number;
  readonly expectedBytes: number;
  readonly traffic: Traffic;
}

interface Waiting {
  readonly requestId: number;
  readonly settle: (reply: Reply | Error) => void;
}

/** What was sent to a device and came back. */
export interface Traffic {
  /** Repeats included. */
  requests: number;
  timeouts: number;
  /** Sent again, the same or for less. */
  retries: number;
  values: number;
}

/** What asks a device: all of it, or the part that belongs to one VLAN. */
export type Asking = Pick<SnmpSession, 'version' | 'timeoutMs' | 'request' | 'traffic'>;
/** What is asked beside the polls: its traffic is not theirs. */
export type AskingBeside = Asking & Pick<SnmpSession, 'inVlan'>;

/** Bytes of an answer to a request of one name and no value of length. */
const shortAnswerBytes = 40;
/** Relays take their time, and cards of PDU are slow. */
const setTimeoutMs = 5000;
const timerGrainMs = 250;
const graceMs = 500;

interface AskOptions {
  readonly repetitions?: number;
  readonly nonRepeaters?: number;
  readonly timeoutMs?: number;
  readonly tries?: number;
  readonly vlan?: number;
  /** Of the answer; a guess by the names when left out. */
  readonly expectedBytes?: number;
  readonly traffic?: Traffic;
  readonly integer?: number;
}

/**
 * Asks one device, one request at a time: who asks meanwhile waits for the turn. v1 and v2c speak our codec; for v3 net-snmp discovers the engine and makes the
 * localized keys, then the same codec carries the session, which is kept and discovered anew when the device says that
 * its engine or clock is another one.
 */
export class SnmpSession {
  readonly version: SnmpCredentials['version'];
  private readonly host: string;
  private readonly port: number;
  private readonly credentials: SnmpCredentials;
  private readonly hub: UdpHub;
  private readonly ownsHub: boolean;
  private readonly firstMs: number;
  private endpoint: UdpEndpoint | null = null;
  private format: MessageFormat | null = null;
  private waiting: Waiting | null = null;
  private place: Place | null = null;
  /** Of all requests but those made by {@link beside}. */
  readonly traffic: Traffic = noTraffic();
  private closed = false;
  private opening = new AbortController();
  /** A request is under way; others wait for their turn, first come, first served. */
  private busy = false;
  private readonly turns: (() => void)[] = [];
  private cancels = 0;
  /** Smoothed round trip in ms; decides how long to wait. */
  private roundTripMs: number | null = null;

  /** @param options.firstMs how long the very first answer is waited for */
  constructor(options: {
    host: string;
    port: number;
    credentials: SnmpCredentials;
    hub?: UdpHub;
    firstMs?: number;
  }) {
    this.firstMs = options.firstMs ?? 2000;
    this.host = options.host;
    this.port = options.port;
    this.credentials = options.credentials;
    this.version = options.credentials.version;
    this.ownsHub = options.hub === undefined;
    this.hub = options.hub ?? new UdpHub();
  }

  /** How long an answer is waited for: generous towards devices not yet known, and towards slow ones. */
  get timeoutMs(): number {
    return this.roundTripMs === null
      ? this.firstMs
      : Math.min(8000, Math.max(1000, 500 + this.roundTripMs * 6));
  }

  /**
   * One request, one datagram.
   * @throws SnmpError
   */
  async request(kind: RequestKind, oids: readonly OidBytes[], options: AskOptions = {}): Promise<Reply> {
    const { cancels } = this;
    if (this.busy) await new Promise<void>((resolve) => this.turns.push(resolve));
    this.busy = true;
    try {
      if (cancels !== this.cancels) throw new SnmpError('closed', 'the poll was cancelled');
      return await this.requestNow(kind, oids, options);
    } finally {
      const next = this.turns.shift();
      // Still busy with the next one: nobody comes before it.
      if (next) next();
      else this.busy = false;
    }
  }

  /** The same device as it shows itself within one VLAN; for devices that keep a bridge for each. */
  inVlan(vlan: number): Asking {
    return this.asking(this.traffic, vlan);
  }

  /** The same device, asked without being counted as traffic of the polls. */
  beside(): AskingBeside {
    const traffic = noTraffic();
    return Object.assign(this.asking(traffic), { inVlan: (vlan: number) => this.asking(traffic, vlan) });
  }

  private asking(traffic: Traffic, vlan?: number): Asking {
    const session = this;
    const own = vlan === undefined ? { traffic } : { traffic, vlan };
    return {
      version: this.version,
      traffic,
      get timeoutMs() {
        return session.timeoutMs;
      },
      request: (kind, oids, options) => session.request(kind, oids, { ...options, ...own }),
    };
  }

  private async requestNow(
    kind: RequestKind,
    oids: readonly OidBytes[],
    options: AskOptions,
  ): Promise<Reply> {
    const tries = options.tries ?? 1;
    for (let discoveries = 0; ; discoveries++) {
      const format = this.ready ?? (await this.open());
      const reply = await this.exchange(format, kind, oids, {
        repetitions: options.repetitions ?? 0,
        nonRepeaters: options.nonRepeaters ?? 0,
        vlan: options.vlan ?? null,
        integer: options.integer ?? 0,
        timeoutMs: options.timeoutMs ?? this.timeoutMs,
        tries,
        expectedBytes: options.expectedBytes ?? oids.length * shortAnswerBytes,
        traffic: options.traffic ?? this.traffic,
      });
      if (reply.tag !== reportTag) return reply;
      const report = reportOf(reply);
      if (!curable.has(report) || discoveries > 0) {
        const [refusal, message] = refusals[report] ?? [null, `the device reports SNMPv3 error ${report}`];
        throw new SnmpError('refused', message, refusal);
      }
      this.format = null;
    }
  }

  /**
   * The values of these instances, in their order; a missing one is undefined. What the device refuses as a whole (too
   * big, one name unknown in v1, one object broken) is asked again in halves.
   * @throws SnmpError when it does not answer.
   */
  async get(oids: readonly OidBytes[], tries = 2): Promise<SnmpValue[]> {
    if (oids.length === 0) return [];
    const reply = await this.request('get', oids, { tries });
    if (reply.errorStatus === errorStatus.authorizationError)
      throw new SnmpError('refused', 'the device gives this user or community no access', 'access');
    if (reply.errorStatus !== errorStatus.none) {
      if (oids.length === 1) return [undefined];
      const named = reply.errorIndex - 1;
      if (reply.errorStatus === errorStatus.noSuchName && named >= 0 && named < oids.length) {
        const rest = await this.get(oids.filter((_, i) => i !== named));
        rest.splice(named, 0, undefined);
        return rest;
      }
      const middle = oids.length >> 1;
      return [...(await this.get(oids.slice(0, middle))), ...(await this.get(oids.slice(middle)))];
    }
    const values: SnmpValue[] = new Array(oids.length).fill(undefined);
    const varbinds = new VarBinds(reply);
    try {
      for (let i = 0; i < oids.length && varbinds.next(); i++) {
        // Some agents leave out what they do not have: each value goes to the name it carries.
        const at = sameOid(oids[i], reply.bytes, varbinds)
          ? i
          : oids.findIndex((oid) => sameOid(oid, reply.bytes, varbinds));
        if (at >= 0) values[at] = decodeValue(reply.bytes, varbinds.tag, varbinds.start, varbinds.end);
        if (values[at] !== undefined) this.traffic.values++;
      }
    } catch (error) {
      if (!(error instanceof BerError)) throw error;
      // Broken from here on: what was read before stays good.
    }
    return values;
  }

  /**
   * Writes an INTEGER, by one datagram that is never sent again: without an answer nobody knows whether it was taken. What an SNMPv3 device
   * reports that it did not even look at (its clock, its engine) is sent once more. Only switching may use this.
   * @returns the device's error-status; 0: it was taken @throws SnmpError
   */
  async setInteger(oid: OidBytes, integer: number): Promise<number> {
    return (await this.request('set', [oid], { tries: 1, integer, timeoutMs: setTimeoutMs })).errorStatus;
  }

  /** Ends the request under way, and those that wait for it, with SnmpError `closed`; the session stays usable. */
  cancel(): void {
    this.cancels++;
    this.opening.abort();
    this.opening = new AbortController();
    this.place?.leave();
    this.waiting?.settle(new SnmpError('closed', 'the poll was cancelled'));
  }

  /** Ends what is under way with SnmpError `closed`; the session cannot be used again. */
  close(): void {
    this.closed = true;
    this.opening.abort();
    this.place?.leave();
    this.waiting?.settle(new SnmpError('closed', 'the session was closed'));
    this.endpoint?.close();
    this.endpoint = null;
    if (this.ownsHub) this.hub.close();
  }

  /** What {@link open} has opened; null: it has to be asked. */
  private get ready(): MessageFormat | null {
    return this.closed || !this.endpoint ? null : this.format;
  }

  private async open(): Promise<MessageFormat> {
    if (this.closed) throw new SnmpError('closed', 'the session was closed');
    if (!this.endpoint) {
      const endpoint = await this.hub.open(this.host, this.port);
      if (this.closed) {
        endpoint.close();
        throw new SnmpError('closed', 'the session was closed');
      }
      endpoint.listen((datagram) => this.receive(datagram));
      this.endpoint = endpoint;
    }
    this.format ??=
      this.credentials.version === '3'
        ? await openUsm(this.endpoint, this.credentials, this.timeoutMs, this.opening.signal)
        : new CommunityFormat(this.credentials.version, this.credentials.community, this.hub.writer);
    return this.format;
  }

  /** Once there is room for the answer. */
  private async exchange(
    format: MessageFormat,
    kind: RequestKind,
    oids: readonly OidBytes[],
    limits: ExchangeLimits,
  ): Promise<Reply> {
    const { endpoint, cancels } = this;
    if (!endpoint) throw new SnmpError('closed', 'the session was closed');
    const place = endpoint.inFlight.enter(bufferBytes(limits.expectedBytes));
    this.place = place;
    try {
      if (place.admitted) await place.admitted;
      if (this.closed || cancels !== this.cancels) throw new SnmpError('closed', 'the poll was cancelled');
      return await this.send(endpoint, format, kind, oids, limits);
    } finally {
      place.leave();
      this.place = null;
    }
  }

  private send(
    endpoint: UdpEndpoint,
    format: MessageFormat,
    kind: RequestKind,
    oids: readonly OidBytes[],
    limits: ExchangeLimits,
  ): Promise<Reply> {
    const { traffic } = limits;
    if (this.waiting) throw new Error('a session carries one request at a time');
    // Random, so that nobody who does not see the request can answer it.
    const requestId = randomInt(1, 0x7fff_ffff);
    const datagram = format.encode(kind, requestId, oids, limits);
    return new Promise((resolve, reject) => {
      let triesLeft = limits.tries;
      let waitMs = limits.timeoutMs;
      let timer: NodeJS.Timeout;
      const startedAt = performance.now();
      const settle = (outcome: Reply | Error): void => {
        clearTimeout(timer);
        this.waiting = null;
        if (outcome instanceof Error) reject(outcome);
        else {
          const tookMs = performance.now() - startedAt;
          this.roundTripMs = this.roundTripMs === null ? tookMs : this.roundTripMs * 0.8 + tookMs * 0.2;
          resolve(outcome);
        }
      };
      const send = (): void => {
        triesLeft--;
        traffic.requests++;
        endpoint.send(datagram, (error) => {
          if (this.waiting?.requestId === requestId)
            settle(new SnmpError('network', `the request could not be sent: ${error.message}`));
        });
        // Rounded: timers of equal length are one list to Node, one of its own for each request would be a list for each.
        const lastsMs = Math.ceil(waitMs / timerGrainMs) * timerGrainMs;
        const due = performance.now() + lastsMs;
        timer = setTimeout(() => {
          // The agent itself was busy for long: the answer may lie in the socket, unread. It gets some time more.
          if (performance.now() - due > timerGrainMs) timer = setTimeout(expire, graceMs);
          else expire();
        }, lastsMs);
      };
      const expire = (): void => {
        traffic.timeouts++;
        if (triesLeft > 0) {
          // The same id again: an answer that was only slow still counts.
          waitMs *= 2;
          traffic.retries++;
          send();
        } else {
          this.forgetAddress();
          settle(new SnmpError('timeout', `no answer from ${this.host} port ${this.port}`));
        }
      };
      this.waiting = { requestId, settle };
      send();
    });
  }

  /** A name may have moved to another address: it is looked up again after silence. */
  private forgetAddress(): void {
    if (isIP(this.host) !== 0) return;
    this.endpoint?.close();
    this.endpoint = null;
  }

  private receive(datagram: Uint8Array): void {
    const { waiting, format } = this;
    if (!waiting || !format) return;
    let reply: Reply;
    try {
      reply = format.decode(datagram);
    } catch {
      // Not SNMP, not for us or not to be trusted: as if it had not come. The request waits on for its answer.
      return;
    }
    if (reply.requestId === waiting.requestId) waiting.settle(reply);
  }
}

function noTraffic(): Traffic {
  return { requests: 0, timeouts: 0, retries: 0, values: 0 };
}

function sameOid(oid: OidBytes | undefined, bytes: Uint8Array, varbinds: VarBinds): boolean {
  if (!oid || varbinds.oidEnd - varbinds.oidStart !== oid.length) return false;
  for (let i = oid.length - 1; i >= 0; i--) if (oid[i] !== bytes[varbinds.oidStart + i]) return false;
  return true;
}

function reportOf(reply: Reply): string {
  const varbinds = new VarBinds(reply);
  try {
    if (!varbinds.next()) return 'without a reason';
  } catch {
    return 'without a readable reason';
  }
  const oid = decodeOid(reply.bytes, varbinds.oidStart, varbinds.oidEnd);
  return oid.startsWith(usmStats) ? (oid.slice(usmStats.length).split('.')[0] ?? oid) : oid;
}
