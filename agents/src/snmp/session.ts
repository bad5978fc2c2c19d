import { randomInt } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { SnmpCredentials } from '@rackhaus/config/contract';
import netSnmp from 'net-snmp';
import { BerError } from './ber.ts';
import { decodeValue, type SnmpValue } from './decode.ts';
import { SnmpError } from './error.ts';
import {
  CommunityFormat,
  errorStatus,
  type MessageFormat,
  type Reply,
  type RequestKind,
  reportTag,
  VarBinds,
} from './message.ts';
import { decodeOid, type OidBytes } from './oid.ts';
import { type UdpEndpoint, UdpHub } from './udp.ts';
import { type UsmEngine, UsmFormat, type UsmPriv } from './usm.ts';

const usmStats = '1.3.6.1.6.3.15.1.1.';
/** Reports that a fresh discovery cures (RFC 3414 section 5): usmStatsNotInTimeWindows, usmStatsUnknownEngineIDs. */
const curable = new Set(['2', '4']);
/** Reports that only other credentials cure. */
const refusals: Readonly<Record<string, string>> = {
  1: 'the device does not support this security level',
  3: 'the device does not know this user',
  5: 'the device refuses the authentication key or protocol',
  6: 'the device cannot decrypt: privacy key or protocol differ',
};

interface Waiting {
  readonly requestId: number;
  readonly settle: (reply: Reply | Error) => void;
}

/**
 * Asks one device, one request at a time. v1 and v2c speak our codec; for v3 net-snmp discovers the engine and makes the
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
  private endpoint: UdpEndpoint | null = null;
  private format: MessageFormat | null = null;
  private waiting: Waiting | null = null;
  private closed = false;
  /** Smoothed round trip in ms; decides how long to wait. */
  private roundTripMs: number | null = null;

  constructor(options: { host: string; port: number; credentials: SnmpCredentials; hub?: UdpHub }) {
    this.host = options.host;
    this.port = options.port;
    this.credentials = options.credentials;
    this.version = options.credentials.version;
    this.ownsHub = options.hub === undefined;
    this.hub = options.hub ?? new UdpHub();
  }

  /** How long an answer is waited for: generous towards devices not yet known, and towards slow ones. */
  get timeoutMs(): number {
    return this.roundTripMs === null ? 2000 : Math.min(8000, Math.max(1000, 500 + this.roundTripMs * 6));
  }

  /**
   * One request, one datagram.
   * @throws SnmpError
   */
  async request(
    kind: RequestKind,
    oids: readonly OidBytes[],
    options: { repetitions?: number; timeoutMs?: number; tries?: number } = {},
  ): Promise<Reply> {
    const tries = options.tries ?? 1;
    for (let discoveries = 0; ; discoveries++) {
      const format = await this.open();
      const reply = await this.exchange(format, kind, oids, options.repetitions ?? 0, {
        timeoutMs: options.timeoutMs ?? this.timeoutMs,
        tries,
      });
      if (reply.tag !== reportTag) return reply;
      const report = reportOf(reply);
      if (!curable.has(report) || discoveries > 0)
        throw new SnmpError('refused', refusals[report] ?? `the device reports SNMPv3 error ${report}`);
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
      throw new SnmpError('refused', 'the device gives this user or community no access');
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
      }
    } catch (error) {
      if (!(error instanceof BerError)) throw error;
      // Broken from here on: what was read before stays good.
    }
    return values;
  }

  /** Ends the request under way with SnmpError `closed`; the session stays usable. */
  cancel(): void {
    this.waiting?.settle(new SnmpError('closed', 'the poll was cancelled'));
  }

  /** Ends what is under way with SnmpError `closed`; the session cannot be used again. */
  close(): void {
    this.closed = true;
    this.waiting?.settle(new SnmpError('closed', 'the session was closed'));
    this.endpoint?.close();
    this.endpoint = null;
    if (this.ownsHub) this.hub.close();
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
        ? await openUsm(this.endpoint, this.credentials, this.timeoutMs)
        : new CommunityFormat(this.credentials.version, this.credentials.community);
    return this.format;
  }

  private exchange(
    format: MessageFormat,
    kind: RequestKind,
    oids: readonly OidBytes[],
    repetitions: number,
    limits: { timeoutMs: number; tries: number },
  ): Promise<Reply> {
    const { endpoint } = this;
    if (!endpoint) throw new SnmpError('closed', 'the session was closed');
    if (this.waiting) throw new Error('a session carries one request at a time');
    // Random, so that nobody who does not see the request can answer it.
    const requestId = randomInt(1, 0x7fff_ffff);
    const datagram = format.encode(kind, requestId, oids, repetitions);
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
        endpoint.send(datagram, (error) => {
          if (this.waiting?.requestId === requestId)
            settle(new SnmpError('network', `the request could not be sent: ${error.message}`));
        });
        timer = setTimeout(() => {
          if (triesLeft > 0) {
            // The same id again: an answer that was only slow still counts.
            waitMs *= 2;
            send();
          } else settle(new SnmpError('timeout', `no answer from ${this.host} port ${this.port}`));
        }, waitMs);
      };
      this.waiting = { requestId, settle };
      send();
    });
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
    // A report about a message that the device could not read carries request id 0 (RFC 3412 section 7.1).
    if (reply.requestId === waiting.requestId || (reply.tag === reportTag && reply.requestId === 0))
      waiting.settle(reply);
  }
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

type V3Credentials = Extract<SnmpCredentials, { version: '3' }>;

const authProtocols = {
  md5: 'md5',
  sha: 'sha',
  sha224: 'sha224',
  sha256: 'sha256',
  sha384: 'sha384',
  sha512: 'sha512',
};
const privProtocols = { des: 'des', aes: 'aes', aes256b: 'aes256b', aes256r: 'aes256r' };

/**
 * Lets net-snmp discover the engine and its clock (RFC 3414 section 4) and prove user and keys with one GET, then takes
 * over engine and localized keys.
 */
async function openUsm(
  endpoint: UdpEndpoint,
  credentials: V3Credentials,
  timeoutMs: number,
): Promise<UsmFormat> {
  const { user, auth, priv, context = '' } = credentials;
  if (priv && !auth) throw new SnmpError('refused', 'SNMPv3 privacy needs authentication as well');
  // net-snmp's DES needs OpenSSL's legacy provider: for DES it only discovers and authenticates.
  const shownPriv = priv?.protocol === 'des' ? undefined : priv;
  const level = shownPriv ? 'authPriv' : auth ? 'authNoPriv' : 'noAuthNoPriv';
  const session = netSnmp.createV3Session(
    endpoint.address,
    {
      name: user,
      level: constant(netSnmp.SecurityLevel, level),
      ...(auth && {
        authProtocol: constant(netSnmp.AuthProtocols, authProtocols[auth.protocol]),
        authKey: auth.key,
      }),
      ...(shownPriv && {
        privProtocol: constant(netSnmp.PrivProtocols, privProtocols[shownPriv.protocol]),
        privKey: shownPriv.key,
      }),
    },
    {
      version: netSnmp.Version3,
      port: endpoint.port,
      timeout: timeoutMs,
      retries: 1,
      backoff: 2,
      context,
      dgramModule: { createSocket: () => new EndpointSocket(endpoint) },
    },
  );
  // Without a listener one datagram that is not SNMP would end the process.
  session.on('error', () => {});
  try {
    await new Promise<void>((resolve, reject) =>
      session.get([sysUpTime], (error) => {
        // An error status (no access at this level, no such name) is an authentic answer all the same.
        if (error && error.name !== 'RequestFailedError') reject(asSnmpError(error, endpoint));
        else resolve();
      }),
    );
    const engineId = session.msgSecurityParameters?.msgAuthoritativeEngineID;
    if (!engineId) throw new SnmpError('refused', 'the device did not tell its SNMPv3 engine');
    const time = session.getEngineTime();
    const engine: UsmEngine = {
      id: Buffer.from(engineId),
      boots: time?.engineBoots ?? 0,
      time: time?.engineTime ?? 0,
      learntAt: performance.now(),
    };
    return new UsmFormat({
      engine,
      user,
      context,
      auth: auth ? { protocol: auth.protocol, key: localize(auth.protocol, auth.key, engine.id) } : null,
      priv: priv && auth ? localizedPrivacy(auth.protocol, priv, engine.id) : null,
    });
  } finally {
    session.close();
  }
}

const sysUpTime = '1.3.6.1.2.1.1.3.0';

function localize(protocol: keyof typeof authProtocols, key: string, engineId: Buffer): Buffer {
  return netSnmp.Authentication.passwordToKey(
    constant(netSnmp.AuthProtocols, authProtocols[protocol]),
    key,
    engineId,
  );
}

function localizedPrivacy(
  authProtocol: keyof typeof authProtocols,
  priv: NonNullable<V3Credentials['priv']>,
  engineId: Buffer,
): UsmPriv {
  const auth = constant(netSnmp.AuthProtocols, authProtocols[authProtocol]);
  const { Encryption } = netSnmp;
  switch (priv.protocol) {
    case 'des':
    case 'aes':
      return {
        protocol: priv.protocol,
        key: Encryption.generateLocalizedKey({ KEY_LENGTH: 16 }, auth, priv.key, engineId),
      };
    case 'aes256b':
      return {
        protocol: 'aes256',
        key: Encryption.generateLocalizedKeyBlumenthal({ KEY_LENGTH: 32 }, auth, priv.key, engineId),
      };
    case 'aes256r':
      return {
        protocol: 'aes256',
        key: Encryption.generateLocalizedKeyReeder({ KEY_LENGTH: 32 }, auth, priv.key, engineId),
      };
  }
}

function asSnmpError(error: Error, endpoint: UdpEndpoint): Error {
  if (error instanceof SnmpError) return error;
  if (error.name === 'RequestTimedOutError')
    return new SnmpError('timeout', `no answer from ${endpoint.address} port ${endpoint.port}`);
  if (error.name === 'ResponseInvalidError')
    return new SnmpError('refused', `SNMPv3 was refused: ${error.message}`);
  return new SnmpError('refused', `SNMPv3 failed: ${error.message}`);
}

function constant(table: Readonly<Record<string, number>>, name: string): number {
  const value = table[name];
  if (value === undefined) throw new SnmpError('refused', `net-snmp does not know ${name}`);
  return value;
}

/** What net-snmp takes for a socket: an endpoint of the hub, so that only datagrams of the device reach it. */
class EndpointSocket extends EventEmitter {
  private readonly endpoint: UdpEndpoint;
  private readonly silence: () => void;

  constructor(endpoint: UdpEndpoint) {
    super();
    this.endpoint = endpoint;
    this.silence = endpoint.listen((datagram) => this.emit('message', datagram));
  }

  send(
    content: Buffer,
    offset: number,
    length: number,
    _port: number,
    _address: string,
    done: (error: Error | null) => void,
  ): void {
    const { endpoint } = this;
    done(null);
    endpoint.send(Buffer.from(content.subarray(offset, offset + length)), (error) =>
      this.emit('error', new SnmpError('network', `the request could not be sent: ${error.message}`)),
    );
  }

  close(): void {
    this.silence();
    this.emit('close');
  }

  ref(): void {}
  unref(): void {}
}
