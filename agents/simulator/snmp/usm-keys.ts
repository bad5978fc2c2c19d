import { createHash } from 'node:crypto';

/** Authentication protocols: hash, and the bytes of the digest that travel (RFC 3414 section 6 and 7, RFC 7860). */
export const authProtocols = {
  md5: { hash: 'md5', macLength: 12 },
  sha: { hash: 'sha1', macLength: 12 },
  sha224: { hash: 'sha224', macLength: 16 },
  sha256: { hash: 'sha256', macLength: 24 },
  sha384: { hash: 'sha384', macLength: 32 },
  sha512: { hash: 'sha512', macLength: 48 },
} as const;
export type AuthProtocol = keyof typeof authProtocols;

/**
 * Privacy protocols: DES (RFC 3414 section 8), AES-128 (RFC 3826), and AES-256 with the key made longer in Blumenthal's
 * or in Reeder's way (draft-blumenthal-aes-usm-04, draft-reeder-snmpv3-usm-3desede-00).
 */
export const privProtocols = {
  des: { keyLength: 16 },
  aes: { keyLength: 16 },
  aes256b: { keyLength: 32 },
  aes256r: { keyLength: 32 },
} as const;
export type PrivProtocol = keyof typeof privProtocols;

/** Password to key for one engine (RFC 3414 appendix A.2). Takes a few milliseconds: hashes a megabyte. */
export function localizedKey(protocol: AuthProtocol, password: Uint8Array, engineId: Uint8Array): Buffer {
  const { hash } = authProtocols[protocol];
  const key = stretchedHash(hash, password);
  return createHash(hash).update(key).update(engineId).update(key).digest();
}

/** Hash of the password repeated to a megabyte, in parts: sixty engines must not hold sixty megabytes. */
function stretchedHash(name: string, password: Uint8Array): Buffer {
  const total = 1_048_576;
  const repeats = Math.ceil(8192 / password.length);
  const part = Buffer.alloc(repeats * password.length, password);
  const hash = createHash(name);
  for (let left = total; left > 0; left -= part.length)
    hash.update(left >= part.length ? part : part.subarray(0, left));
  return hash.digest();
}

/** The privacy key of one engine, made longer where the hash is too short for the cipher. */
export function localizedPrivKey(
  auth: AuthProtocol,
  priv: PrivProtocol,
  password: Uint8Array,
  engineId: Uint8Array,
): Buffer {
  const { keyLength } = privProtocols[priv];
  let key = localizedKey(auth, password, engineId);
  while (key.length < keyLength) {
    const more =
      priv === 'aes256r'
        ? localizedKey(auth, key, engineId)
        : createHash(authProtocols[auth].hash).update(key).digest();
    key = Buffer.concat([key, more]);
  }
  return key.subarray(0, keyLength);
}
