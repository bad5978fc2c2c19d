import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { PrivProtocol } from './usm-keys.ts';

/** Encrypts a scoped PDU; the salt travels in msgPrivacyParameters. */
export function encrypt(
  protocol: PrivProtocol,
  key: Uint8Array,
  boots: number,
  time: number,
  salt: Uint8Array,
  plain: Uint8Array,
): Uint8Array {
  if (protocol === 'des') {
    const cipher = createCipheriv('des-ede3-cbc', desKey(key), desVector(key, salt)).setAutoPadding(false);
    const padded = Buffer.alloc(Math.ceil(plain.length / 8) * 8);
    padded.set(plain);
    return Buffer.concat([cipher.update(padded), cipher.final()]);
  }
  const cipher = createCipheriv(aesName(protocol), key, aesVector(boots, time, salt));
  return Buffer.concat([cipher.update(plain), cipher.final()]);
}

/** Decrypts a scoped PDU; null when the parameters cannot belong to this protocol. DES leaves its padding behind. */
export function decrypt(
  protocol: PrivProtocol,
  key: Uint8Array,
  boots: number,
  time: number,
  salt: Uint8Array,
  secret: Uint8Array,
): Uint8Array | null {
  if (salt.length !== 8 || secret.length === 0) return null;
  if (protocol === 'des') {
    if (secret.length % 8 !== 0) return null;
    const cipher = createDecipheriv('des-ede3-cbc', desKey(key), desVector(key, salt)).setAutoPadding(false);
    return Buffer.concat([cipher.update(secret), cipher.final()]);
  }
  const cipher = createDecipheriv(aesName(protocol), key, aesVector(boots, time, salt));
  return Buffer.concat([cipher.update(secret), cipher.final()]);
}

function aesName(protocol: PrivProtocol): string {
  return protocol === 'aes' ? 'aes-128-cfb' : 'aes-256-cfb';
}

/** RFC 3826 section 3.1.2.1: boots, time, salt. */
function aesVector(boots: number, time: number, salt: Uint8Array): Buffer {
  const vector = Buffer.alloc(16);
  vector.writeUInt32BE(boots, 0);
  vector.writeUInt32BE(time, 4);
  vector.set(salt, 8);
  return vector;
}

/** OpenSSL 3 has single DES only in its legacy provider; triple DES with three equal keys is the same function. */
function desKey(key: Uint8Array): Buffer {
  const single = key.subarray(0, 8);
  return Buffer.concat([single, single, single]);
}

/** RFC 3414 section 8.1.1.1: the second half of the key, mixed with the salt. */
function desVector(key: Uint8Array, salt: Uint8Array): Buffer {
  return Buffer.from(salt.map((byte, index) => byte ^ (key[8 + index] ?? 0)));
}
