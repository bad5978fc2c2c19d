import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import { BerError, BerReader, sequence, Tag } from './ber.ts';
import { decrypt, encrypt } from './usm-cipher.ts';
import {
  type AuthProtocol,
  authProtocols,
  localizedKey,
  localizedPrivKey,
  type PrivProtocol,
} from './usm-keys.ts';
import { integer, octets } from './value.ts';

export interface V3User {
  readonly user: string;
  readonly auth?: { readonly protocol: AuthProtocol; readonly key: string } | undefined;
  readonly priv?: { readonly protocol: PrivProtocol; readonly key: string } | undefined;
}

/** What an engine says of itself at present. */
export interface EngineClock {
  readonly boots: number;
  /** Seconds since boots last rose. */
  readonly time: number;
}

/** Statistics that are reported to a client that does it wrong (RFC 3414 section 5), with their OIDs. */
export const usmStats = {
  unsupportedSecLevels: '1.3.6.1.6.3.15.1.1.1.0',
  notInTimeWindows: '1.3.6.1.6.3.15.1.1.2.0',
  unknownUserNames: '1.3.6.1.6.3.15.1.1.3.0',
  unknownEngineIds: '1.3.6.1.6.3.15.1.1.4.0',
  wrongDigests: '1.3.6.1.6.3.15.1.1.5.0',
  decryptionErrors: '1.3.6.1.6.3.15.1.1.6.0',
  unknownContexts: '1.3.6.1.6.3.12.1.5.0',
} as const;
export type UsmStat = keyof typeof usmStats;

/** The parts of a received SNMPv3 message (RFC 3412 section 6). */
export interface V3Message {
  readonly bytes: Uint8Array;
  readonly id: number;
  readonly maxSize: number;
  readonly reportable: boolean;
  readonly level: 0 | 1 | 2;
  readonly engineId: Uint8Array;
  readonly boots: number;
  readonly time: number;
  readonly user: string;
  /** Where the digest's content begins in `bytes`. */
  readonly macAt: number;
  readonly mac: Uint8Array;
  readonly salt: Uint8Array;
  /** The scoped PDU as an element, or the encrypted octets. */
  readonly data: Uint8Array;
}

/** Reads an SNMPv3 message behind its version. @throws BerError on anything that no such message may be. */
export function readV3(reader: BerReader): V3Message {
  const global = reader.enter(Tag.sequence);
  const id = reader.integer();
  const maxSize = reader.integer();
  const flags = reader.octets();
  const model = reader.integer();
  reader.leave(global);
  const flag = flags[0] ?? 0;
  const level = (flag & 3) === 3 ? 2 : (flag & 3) === 1 ? 1 : 0;
  if (flags.length !== 1 || (flag & 3) === 2) throw new BerError('privacy without authentication');
  if (model !== 3) throw new BerError('another security model than USM');
  if (id < 0 || id > 0x7fffffff || maxSize < 484 || maxSize > 0x7fffffff) throw new BerError('bad header');

  const wrapper = reader.enter(Tag.octets);
  const parameters = reader.enter(Tag.sequence);
  const engineId = reader.octets();
  const boots = reader.integer();
  const time = reader.integer();
  const user = Buffer.from(reader.octets()).toString('utf8');
  const mac = reader.octets();
  const macAt = reader.at - mac.length;
  const salt = reader.octets();
  reader.leave(parameters);
  reader.leave(wrapper);
  if (boots < 0 || boots > 0x7fffffff || time < 0 || time > 0x7fffffff || engineId.length > 32)
    throw new BerError('bad security parameters');

  let data: Uint8Array;
  if (level === 2) data = reader.octets();
  else {
    const from = reader.at;
    reader.at = reader.open(Tag.sequence);
    data = reader.bytes.subarray(from, reader.at);
  }
  return {
    bytes: reader.bytes,
    id,
    maxSize,
    reportable: (flag & 4) !== 0,
    level,
    engineId,
    boots,
    time,
    user,
    macAt,
    mac,
    salt,
    data,
  };
}

interface KnownUser {
  readonly name: string;
  /** Highest level that its keys allow. */
  readonly level: 0 | 1 | 2;
  readonly auth: { readonly protocol: AuthProtocol; readonly key: KeyObject } | null;
  readonly priv: { readonly protocol: PrivProtocol; readonly key: Uint8Array } | null;
}

/** The user-based security model of one authoritative engine (RFC 3414). */
export class Usm {
  readonly engineId: Uint8Array;
  readonly counts: Record<UsmStat, number> = {
    unsupportedSecLevels: 0,
    notInTimeWindows: 0,
    unknownUserNames: 0,
    unknownEngineIds: 0,
    wrongDigests: 0,
    decryptionErrors: 0,
    unknownContexts: 0,
  };
  readonly #users = new Map<string, KnownUser>();
  readonly #clock: () => EngineClock;
  #salt = 0n;

  /** Makes the users' keys, which takes milliseconds for each. @throws Error for privacy without authentication. */
  constructor(options: {
    engineId: Uint8Array;
    users: readonly V3User[];
    clock: () => EngineClock;
    /** Where the salts begin: differs from run to run, so that none is used twice with one key. */
    salt: bigint;
  }) {
    this.engineId = options.engineId;
    this.#clock = options.clock;
    this.#salt = options.salt;
    for (const user of options.users) this.#users.set(user.user, localized(user, options.engineId));
  }

  /**
   * Checks a message as RFC 3414 section 3.2 says, and decrypts it: the scoped PDU as an element, or what to report. The
   * report on a wrong time is authenticated, so that the client may believe it.
   */
  open(message: V3Message): { scoped: Uint8Array; level: 0 | 1 | 2 } | { report: UsmStat; level: 0 | 1 } {
    if (Buffer.compare(message.engineId, this.engineId) !== 0) return this.#report('unknownEngineIds');
    const user = this.#users.get(message.user);
    if (user === undefined) return this.#report('unknownUserNames');
    if (message.level > user.level) return this.#report('unsupportedSecLevels');
    if (message.level === 0 || user.auth === null) return { scoped: message.data, level: 0 };
    if (!this.#authentic(message, user.auth)) return this.#report('wrongDigests');
    const { boots, time } = this.#clock();
    if (message.boots !== boots || Math.abs(message.time - time) > 150)
      return this.#report('notInTimeWindows', 1);
    if (message.level === 1 || user.priv === null) return { scoped: message.data, level: 1 };
    const plain = decrypt(
      user.priv.protocol,
      user.priv.key,
      message.boots,
      message.time,
      message.salt,
      message.data,
    );
    const scoped = plain === null ? null : firstElement(plain);
    return scoped === null ? this.#report('decryptionErrors') : { scoped, level: 2 };
  }

  /** Lowest level at which a user may read: one with keys must use them. */
  requiredLevel(userName: string): 0 | 1 | 2 {
    return this.#users.get(userName)?.level ?? 0;
  }

  /** A complete answer around a scoped PDU, with the level that the request had. */
  seal(message: V3Message, level: 0 | 1 | 2, scoped: Uint8Array): Uint8Array {
    const user = this.#users.get(message.user);
    const auth = level > 0 ? (user?.auth ?? null) : null;
    const priv = level > 1 ? (user?.priv ?? null) : null;
    const { boots, time } = this.#clock();
    const salt = Buffer.alloc(priv === null ? 0 : 8);
    if (priv !== null) salt.writeBigUInt64BE(BigInt.asUintN(64, this.#salt++));
    const macLength = auth === null ? 0 : authProtocols[auth.protocol].macLength;
    const data = priv === null ? scoped : octets(encrypt(priv.protocol, priv.key, boots, time, salt, scoped));
    const whole = sequence([
      integer(3),
      sequence([
        integer(message.id),
        integer(65_507),
        octets(Uint8Array.of(priv !== null ? 3 : auth !== null ? 1 : 0)),
        integer(3),
      ]),
      octets(
        sequence([
          octets(this.engineId),
          integer(boots),
          integer(time),
          octets(user === undefined ? '' : user.name),
          octets(new Uint8Array(macLength)),
          octets(salt),
        ]),
      ),
      data,
    ]);
    if (auth !== null) {
      // Behind the digest come the salt's element and the data.
      const macAt = whole.length - data.length - (2 + salt.length) - macLength;
      whole.set(digest(auth, macLength, whole), macAt);
    }
    return whole;
  }

  #authentic(message: V3Message, auth: NonNullable<KnownUser['auth']>): boolean {
    const { macLength } = authProtocols[auth.protocol];
    if (message.mac.length !== macLength) return false;
    const blank = Buffer.from(message.bytes);
    blank.fill(0, message.macAt, message.macAt + macLength);
    return timingSafeEqual(digest(auth, macLength, blank), message.mac);
  }

  #report(stat: UsmStat, level: 0 | 1 = 0): { report: UsmStat; level: 0 | 1 } {
    this.counts[stat]++;
    return { report: stat, level };
  }
}

function localized(user: V3User, engineId: Uint8Array): KnownUser {
  const { auth, priv } = user;
  if (auth === undefined) {
    if (priv !== undefined) throw new Error(`SNMPv3 user ${user.user}: privacy needs authentication`);
    return { name: user.user, level: 0, auth: null, priv: null };
  }
  const authKey = createSecretKey(localizedKey(auth.protocol, Buffer.from(auth.key), engineId));
  return {
    name: user.user,
    level: priv === undefined ? 1 : 2,
    auth: { protocol: auth.protocol, key: authKey },
    priv:
      priv === undefined
        ? null
        : {
            protocol: priv.protocol,
            key: localizedPrivKey(auth.protocol, priv.protocol, Buffer.from(priv.key), engineId),
          },
  };
}

function digest(auth: NonNullable<KnownUser['auth']>, length: number, bytes: Uint8Array): Uint8Array {
  return createHmac(authProtocols[auth.protocol].hash, auth.key).update(bytes).digest().subarray(0, length);
}

/** The sequence at the beginning, without DES's padding behind it; null when there is none (a wrong key). */
function firstElement(plain: Uint8Array): Uint8Array | null {
  const reader = new BerReader(plain);
  try {
    reader.at = reader.open(Tag.sequence);
    return plain.subarray(0, reader.at);
  } catch (error) {
    if (error instanceof BerError) return null;
    throw error;
  }
}
