import { createDecipheriv, createECDH, createPublicKey, hkdfSync, randomBytes, verify } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';

/** A browser's side of Web Push, by the RFCs and without the library that sends. For tests. */
export interface BrowserKeys {
  readonly p256dh: string;
  readonly auth: string;
  /** Decrypts what a push service was given. @throws Error where it is not as RFC 8188 and 8291 say */
  decrypt(body: Buffer): string;
}

export function newBrowser(): BrowserKeys {
  const ecdh = createECDH('prime256v1');
  const own = ecdh.generateKeys();
  const auth = randomBytes(16);
  return {
    p256dh: own.toString('base64url'),
    auth: auth.toString('base64url'),
    decrypt(body) {
      // RFC 8188, 2.1: salt (16), record size (4), length of key id (1), key id, records.
      const salt = body.subarray(0, 16);
      const recordSize = body.readUInt32BE(16);
      const idLength = body.readUInt8(20);
      const sender = body.subarray(21, 21 + idLength);
      const record = body.subarray(21 + idLength);
      if (idLength !== 65 || sender[0] !== 4) throw new Error('The key id is not an uncompressed point.');
      if (record.length > recordSize) throw new Error('There must be one record only (RFC 8291, 4).');
      // RFC 8291, 3.4
      const shared = ecdh.computeSecret(sender);
      const info = Buffer.concat([Buffer.from('WebPush: info\0'), own, sender]);
      const key = Buffer.from(hkdfSync('sha256', shared, auth, info, 32));
      const derive = (name: string, length: number) =>
        Buffer.from(hkdfSync('sha256', key, salt, Buffer.from(`Content-Encoding: ${name}\0`), length));
      const decipher = createDecipheriv('aes-128-gcm', derive('aes128gcm', 16), derive('nonce', 12));
      decipher.setAuthTag(record.subarray(-16));
      const padded = Buffer.concat([decipher.update(record.subarray(0, -16)), decipher.final()]);
      // RFC 8188, 2: the last record ends with 2 and zeros.
      const end = padded.findLastIndex((octet) => octet !== 0);
      if (padded[end] !== 2) throw new Error('The padding does not begin with 2.');
      return padded.subarray(0, end).toString('utf8');
    },
  };
}

const Header = z.strictObject({ typ: z.literal('JWT'), alg: z.literal('ES256') });
const Claims = z.strictObject({ aud: z.string(), exp: z.number(), sub: z.string() });

/**
 * Checks who sends (RFC 8292): a token for this origin, signed with the key that the browser subscribed to, good for a day at most.
 * @throws Error naming what is wrong
 */
export function verifyVapid(
  headers: IncomingHttpHeaders,
  expected: { publicKey: string; origin: string; nowSeconds: number },
): { subject: string } {
  const parts = /^vapid t=([-\w]+)\.([-\w]+)\.([-\w]+),\s*k=([-\w]+)$/.exec(headers.authorization ?? '');
  if (parts === null) throw new Error(`Authorization is not of RFC 8292: ${headers.authorization}`);
  const [, header = '', claims = '', signature = '', key = ''] = parts;
  if (key !== expected.publicKey) throw new Error('It is another key than the browser subscribed to.');
  const point = Buffer.from(key, 'base64url');
  const publicKey = createPublicKey({
    format: 'jwk',
    key: {
      kty: 'EC',
      crv: 'P-256',
      x: point.subarray(1, 33).toString('base64url'),
      y: point.subarray(33, 65).toString('base64url'),
    },
  });
  Header.parse(JSON.parse(Buffer.from(header, 'base64url').toString()));
  const signed = verify(
    'sha256',
    Buffer.from(`${header}.${claims}`),
    { key: publicKey, dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  );
  if (!signed) throw new Error('The signature is wrong.');
  const { aud, exp, sub } = Claims.parse(JSON.parse(Buffer.from(claims, 'base64url').toString()));
  if (aud !== expected.origin) throw new Error(`It is meant for ${aud}.`);
  if (exp <= expected.nowSeconds || exp > expected.nowSeconds + 86_400) throw new Error(`It ends at ${exp}.`);
  return { subject: sub };
}
