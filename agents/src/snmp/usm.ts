import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  type KeyObject,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';
import { BerError, BerReader, BerWriter } from './ber.ts';
import {
  type MessageFormat,
  type Reply,
  type RequestKind,
  type RequestOptions,
  readPdu,
  reportTag,
  writePdu,
} from './message.ts';
import type { OidBytes } from './oid.ts';

/** HMAC by protocol and how much of it is sent: RFC 3414 section 6 and 7, RFC 7860. */
const digests = {
  md5: { hash: 'md5', length: 12 },
  sha: { hash: 'sha1', length: 12 },
  sha224: { hash: 'sha224', length: 16 },
  sha256: { hash: 'sha256', length: 24 },
  sha384: { hash: 'sha384', length: 32 },
  sha512: { hash: 'sha512', length: 48 },
} as const;

export type UsmAuth = { readonly protocol: keyof typeof digests; readonly key: Buffer };
/** Localized keys: 16 octets for DES (key, then pre-IV) and AES-128, 32 for AES-256. */
export type UsmPriv = { readonly protocol: 'des' | 'aes' | 'aes256'; readonly key: Buffer };

/** What is known of the device's SNMP engine (RFC 3414 section 2.3). */
export interface UsmEngine {
  readonly id: Buffer;
  readonly boots: number;
  /** Its snmpEngineTime in seconds … */
  readonly time: number;
  /** … at this moment of `performance.now()`. */
  readonly learntAt: number;
}

/** msgFlags (RFC 3412 section 6.4): a report is wanted when the message cannot be used. */
const reportable = 0x04;
/** Of snmpEngineBoots and snmpEngineTime (RFC 3411 section 5). */
const highest = 0x7fff_ffff;
const zeros = new Uint8Array(48);
const none = new Uint8Array(0);

/** Whose values a PDU is about (RFC 3412 section 6.8): an answer names the same as what it answers. */
export interface UsmScope {
  readonly engineId: Uint8Array;
  readonly name: Uint8Array;
}

/** What stands before the scoped PDU of a v3 message; nothing of it has been checked. */
export interface UsmHeader {
  readonly messageId: number;
  readonly flags: number;
  readonly engineId: Uint8Array;
  readonly boots: number;
  readonly time: number;
  readonly user: string;
  readonly digestStart: number;
  readonly digestEnd: number;
  readonly salt: Uint8Array;
  /** Stands before the scoped PDU, or before the octets that hide it. */
  readonly rest: BerReader;
}

/** @throws BerError for what is no message of the user-based security model */
export function readUsmHeader(datagram: Uint8Array): UsmHeader {
  const rest = new BerReader(datagram);
  rest.expect(0x30);
  rest.enter();
  if (rest.integer() !== 3) throw new BerError('an answer of another SNMP version');
  rest.expect(0x30);
  const header = new BerReader(datagram, rest.start, rest.end);
  const messageId = header.integer();
  header.integer();
  const flags = header.octets()[0] ?? 0;
  if (header.integer() !== 3) throw new BerError('an unknown security model');
  rest.expect(0x04);
  const security = new BerReader(datagram, rest.start, rest.end);
  security.expect(0x30);
  security.enter();
  const engineId = security.octets();
  const boots = security.integer();
  const time = security.integer();
  const user = Buffer.from(security.octets()).toString('utf8');
  security.expect(0x04);
  const { start: digestStart, end: digestEnd } = security;
  const salt = security.octets();
  return { messageId, flags, engineId, boots, time, user, digestStart, digestEnd, salt, rest };
}

/**
 * SNMPv3 with the user-based security model (RFC 3412, 3414, 3826, 7860). Keys are KeyObjects, made once: handing raw
 * keys to node:crypto for every message costs four times as much.
 */
export class UsmFormat implements MessageFormat {
  private engine: UsmEngine;
  private readonly user: Uint8Array;
  private readonly context: Uint8Array;
  private readonly auth: { hash: string; length: number; key: KeyObject } | null;
  private readonly priv: { protocol: UsmPriv['protocol']; key: KeyObject; preIv: Uint8Array } | null;
  private readonly writer: BerWriter;
  private readonly salt: Buffer;
  private readonly flags: Uint8Array;
  /** Of the request that was written last. */
  private asked = 0;

  constructor(options: {
    engine: UsmEngine;
    user: string;
    context: string;
    auth: UsmAuth | null;
    priv: UsmPriv | null;
  }) {
    const { auth, priv } = options;
    this.engine = options.engine;
    this.user = Buffer.from(options.user, 'utf8');
    this.context = Buffer.from(options.context, 'utf8');
    this.auth = auth && { ...digests[auth.protocol], key: createSecretKey(auth.key) };
    this.priv = priv && {
      protocol: priv.protocol,
      // DES is triple DES with one key three times; plain DES is not in OpenSSL 3's default provider.
      key: createSecretKey(
        priv.protocol === 'des'
          ? Buffer.concat([priv.key, priv.key, priv.key].map((k) => k.subarray(0, 8)))
          : priv.key,
      ),
      preIv: priv.protocol === 'des' ? priv.key.subarray(8, 16) : none,
    };
    this.flags = Uint8Array.of(reportable | (auth ? 0x01 : 0) | (priv ? 0x02 : 0));
    this.writer = new BerWriter(8192);
    this.salt = randomBytes(8);
  }

  encode(kind: RequestKind, requestId: number, oids: readonly OidBytes[], options: RequestOptions): Buffer {
    const { repetitions, nonRepeaters, vlan, integer } = options;
    const name = vlan === null ? this.context : Buffer.from(`vlan-${vlan}`);
    this.asked = requestId;
    return this.seal(requestId, this.flags, { engineId: this.engine.id, name }, (writer) =>
      writePdu(writer, kind, requestId, oids, repetitions, nonRepeaters, integer),
    );
  }

  /** An answer or report of this engine to message `messageId`: `pdu` is the finished element. Nothing is asked for in return. */
  answer(
    messageId: number,
    pdu: Uint8Array,
    scope: UsmScope = { engineId: this.engine.id, name: this.context },
  ): Buffer {
    const flags = Uint8Array.of((this.flags[0] ?? 0) & ~reportable);
    return this.seal(messageId, flags, scope, (writer) => writer.bytes(pdu));
  }

  private seal(
    messageId: number,
    flags: Uint8Array,
    scope: UsmScope,
    write: (writer: BerWriter) => void,
  ): Buffer {
    const { writer, auth, priv, engine } = this;
    const time = engine.time + Math.floor((performance.now() - engine.learntAt) / 1000);

    writer.reset();
    const scoped = writer.mark;
    write(writer);
    writer.element(0x04, scope.name);
    writer.element(0x04, scope.engineId);
    writer.wrap(0x30, scoped);

    let salt: Uint8Array = none;
    if (priv) {
      const plain = writer.take();
      salt = this.nextSalt(priv.protocol);
      writer.reset();
      writer.element(0x04, this.crypt(plain, salt, engine.boots, time, true));
    }
    const parameters = writer.mark;
    writer.element(0x04, salt);
    const authMark = writer.mark;
    writer.element(0x04, auth ? zeros.subarray(0, auth.length) : none);
    writer.element(0x04, this.user);
    writer.integer(time);
    writer.integer(engine.boots);
    writer.element(0x04, engine.id);
    writer.wrap(0x30, parameters);
    writer.wrap(0x04, parameters);

    const header = writer.mark;
    writer.integer(3);
    writer.element(0x04, flags);
    writer.integer(65_507);
    writer.integer(messageId);
    writer.wrap(0x30, header);
    writer.integer(3);
    writer.wrap(0x30, writer.size);

    const datagram = writer.take();
    if (auth) {
      // authMark is the end of the digest's element: its content are the last octets before it.
      const at = datagram.length - (writer.size - authMark) - auth.length;
      createHmac(auth.hash, auth.key).update(datagram).digest().copy(datagram, at, 0, auth.length);
    }
    return datagram;
  }

  /**
   * Reads an answer or a report; a report is given the request id of the message that it is about. What an authentic answer
   * says of the device's clock is taken over: one that runs fast or slow never leaves the time window.
   */
  decode(datagram: Uint8Array): Reply {
    const { pdu, secure, authentic, header } = this.open(datagram);
    const reply = readPdu(pdu);
    if (header.messageId !== this.asked) throw new BerError('an answer to another message');
    if (authentic) this.learn(header);
    // A report about what could not be read has request id 0: its message id says which (RFC 3412 section 7.1, 7.2).
    if (reply.tag === reportTag) return { ...reply, requestId: header.messageId };
    // Only reports may come with less security than was asked for (RFC 3412 section 7.2). An authentic answer carries
    // our random request id, so it is fresh without a look at the clock.
    if (!secure) throw new BerError('an answer with less security than the request');
    return reply;
  }

  /** Boots and time of an answer to the request under way. Not only later ones (RFC 3414 section 3.2, 7b): it cannot be a replay. */
  private learn({ boots, time }: UsmHeader): void {
    if (boots < 0 || boots > highest || time < 0 || time > highest) return;
    this.engine = { id: this.engine.id, boots, time, learntAt: performance.now() };
  }

  /**
   * Opens a message: `pdu` stands before the PDU. `secure`: it is as authentic and as private as this user's are.
   * @throws BerError, also for what is encrypted and not authentic
   */
  open(datagram: Uint8Array): {
    readonly pdu: BerReader;
    readonly secure: boolean;
    readonly authentic: boolean;
    readonly scope: UsmScope;
    readonly header: UsmHeader;
  } {
    const header = readUsmHeader(datagram);
    const { flags, salt } = header;
    const authentic =
      (flags & 0x01) !== 0 && this.isAuthentic(datagram, header.digestStart, header.digestEnd);
    let plain = header.rest;
    if (flags & 0x02) {
      if (!this.priv || !authentic) throw new BerError('an encrypted answer that cannot be trusted');
      if (salt.length !== 8) throw new BerError('a privacy parameter of impossible size');
      plain = new BerReader(this.crypt(plain.octets(), salt, header.boots, header.time, false));
    }
    plain.expect(0x30);
    plain.enter();
    const scope = { engineId: plain.octets(), name: plain.octets() };
    const secure = (!this.auth || authentic) && (!this.priv || (flags & 0x02) !== 0);
    return { pdu: plain, secure, authentic, scope, header };
  }

  private isAuthentic(datagram: Uint8Array, start: number, end: number): boolean {
    const { auth } = this;
    if (!auth || end - start !== auth.length) return false;
    const digest = createHmac(auth.hash, auth.key)
      .update(datagram.subarray(0, start))
      .update(zeros.subarray(0, auth.length))
      .update(datagram.subarray(end))
      .digest();
    return timingSafeEqual(digest.subarray(0, auth.length), datagram.subarray(start, end));
  }

  private crypt(
    content: Uint8Array,
    salt: Uint8Array,
    boots: number,
    time: number,
    encrypt: boolean,
  ): Buffer {
    const { priv } = this;
    if (!priv) throw new BerError('no privacy key');
    if (priv.protocol === 'des') {
      if (!encrypt && content.length % 8 !== 0) throw new BerError('DES content of impossible size');
      const iv = Buffer.from(priv.preIv.map((byte, i) => byte ^ (salt[i] ?? 0)));
      const cipher = (encrypt ? createCipheriv : createDecipheriv)('des-ede3-cbc', priv.key, iv);
      cipher.setAutoPadding(false);
      const padding = encrypt ? (8 - (content.length % 8)) % 8 : 0;
      return Buffer.concat([
        cipher.update(content),
        cipher.update(zeros.subarray(0, padding)),
        cipher.final(),
      ]);
    }
    // RFC 3826 section 3.1.2.1: boots, time, salt.
    const iv = Buffer.allocUnsafe(16);
    iv.writeUInt32BE(boots >>> 0, 0);
    iv.writeUInt32BE(time >>> 0, 4);
    iv.set(salt, 8);
    const name = priv.protocol === 'aes256' ? 'aes-256-cfb' : 'aes-128-cfb';
    // CFB is a stream: `update` gives everything, `final` nothing.
    return (encrypt ? createCipheriv : createDecipheriv)(name, priv.key, iv).update(content);
  }

  /** A salt is never used twice with one key: it counts up from a random start. */
  private nextSalt(protocol: UsmPriv['protocol']): Uint8Array {
    const { salt } = this;
    for (let i = 7; i >= 0; i--) {
      const next = ((salt[i] ?? 0) + 1) & 0xff;
      salt[i] = next;
      if (next !== 0) break;
    }
    if (protocol === 'des') salt.writeUInt32BE(this.engine.boots >>> 0, 0);
    return salt;
  }
}
