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

const zeros = new Uint8Array(48);
const none = new Uint8Array(0);

/**
 * SNMPv3 with the user-based security model (RFC 3412, 3414, 3826, 7860). Keys are KeyObjects, made once: handing raw
 * keys to node:crypto for every message costs four times as much.
 */
export class UsmFormat implements MessageFormat {
  private readonly engine: UsmEngine;
  private readonly user: Uint8Array;
  private readonly context: Uint8Array;
  private readonly auth: { hash: string; length: number; key: KeyObject } | null;
  private readonly priv: { protocol: UsmPriv['protocol']; key: KeyObject; preIv: Uint8Array } | null;
  private readonly writer: BerWriter;
  private readonly salt: Buffer;
  private readonly flags: Uint8Array;

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
    this.flags = Uint8Array.of(0x04 | (auth ? 0x01 : 0) | (priv ? 0x02 : 0));
    this.writer = new BerWriter(8192);
    this.salt = randomBytes(8);
  }

  encode(kind: RequestKind, requestId: number, oids: readonly OidBytes[], options: RequestOptions): Buffer {
    const { writer, auth, priv, engine } = this;
    const { repetitions, nonRepeaters, vlan } = options;
    const time = engine.time + Math.floor((performance.now() - engine.learntAt) / 1000);

    writer.reset();
    const scoped = writer.mark;
    writePdu(writer, kind, requestId, oids, repetitions, nonRepeaters);
    writer.element(0x04, vlan === null ? this.context : Buffer.from(`vlan-${vlan}`));
    writer.element(0x04, engine.id);
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
    writer.element(0x04, this.flags);
    writer.integer(65_507);
    writer.integer(requestId);
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

  decode(datagram: Uint8Array): Reply {
    const reader = new BerReader(datagram);
    reader.expect(0x30);
    reader.enter();
    if (reader.integer() !== 3) throw new BerError('an answer of another SNMP version');

    reader.expect(0x30);
    const header = new BerReader(datagram, reader.start, reader.end);
    header.integer();
    header.integer();
    const flags = header.octets()[0] ?? 0;
    if (header.integer() !== 3) throw new BerError('an unknown security model');

    reader.expect(0x04);
    const security = new BerReader(datagram, reader.start, reader.end);
    security.expect(0x30);
    security.enter();
    security.octets();
    const boots = security.integer();
    const time = security.integer();
    security.octets();
    security.expect(0x04);
    const digestStart = security.start;
    const digestEnd = security.end;
    const salt = security.octets();

    const authentic = (flags & 0x01) !== 0 && this.isAuthentic(datagram, digestStart, digestEnd);
    let plain = reader;
    if (flags & 0x02) {
      if (!this.priv || !authentic) throw new BerError('an encrypted answer that cannot be trusted');
      if (salt.length !== 8) throw new BerError('a privacy parameter of impossible size');
      plain = new BerReader(this.crypt(reader.octets(), salt, boots, time, false));
    }
    plain.expect(0x30);
    plain.enter();
    plain.octets();
    plain.octets();
    const reply = readPdu(plain);
    // Only reports may come with less security than was asked for (RFC 3412 section 7.2). An authentic answer carries
    // our random request id, so it is fresh without a look at the clock.
    if (reply.tag !== reportTag && ((this.auth && !authentic) || (this.priv && (flags & 0x02) === 0)))
      throw new BerError('an answer with less security than the request');
    return reply;
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
