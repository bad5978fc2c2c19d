import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { firstKeyId, type KeyRing, openKeyRing } from './key-ring.ts';

const ivBytes = 12;
const tagBytes = 16;

/** Keeps secrets unreadable in the database and its backups. */
export interface SecretBox {
  seal(plain: string): string;
  /** @throws Error when the text was sealed with a key that is not there, or has been changed. */
  open(sealed: string): string;
}

/**
 * AES-256-GCM with the keys from a file of mode 0600, which is made when it is missing. It lies outside the database: whoever
 * has only one of both has nothing. A sealed text names its key, so that keys can be replaced.
 * @throws Error when the file is not a key.
 */
export async function openSecretBox(keyFile: string): Promise<SecretBox> {
  return secretBoxOf(await openKeyRing(keyFile), keyFile);
}

/** `source`: where the keys come from, for complaints. */
export function secretBoxOf(ring: KeyRing, source: string): SecretBox {
  return {
    seal(plain) {
      const key = ring.keys.get(ring.current);
      if (key === undefined) throw new Error(`${source} does not hold its current key.`);
      const head = `v2.${ring.current}`;
      const iv = randomBytes(ivBytes);
      const cipher = createCipheriv('aes-256-gcm', key, iv);
      cipher.setAAD(Buffer.from(head));
      const text = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return `${head}.${Buffer.concat([iv, cipher.getAuthTag(), text]).toString('base64url')}`;
    },
    open(sealed) {
      const { head, keyId, body } = partsOf(sealed);
      const key = ring.keys.get(keyId);
      const bytes = Buffer.from(body, 'base64url');
      if (bytes.length < ivBytes + tagBytes) throw new Error('This is not a sealed secret.');
      if (key === undefined) throw otherKey(source);
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, ivBytes));
      if (head !== null) decipher.setAAD(Buffer.from(head));
      decipher.setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
      try {
        return (
          decipher.update(bytes.subarray(ivBytes + tagBytes), undefined, 'utf8') + decipher.final('utf8')
        );
      } catch (error) {
        throw otherKey(source, error);
      }
    },
  };
}

function otherKey(source: string, cause?: unknown): Error {
  return new Error(`A secret cannot be opened: it was sealed with another key than the one in ${source}.`, {
    cause,
  });
}

/** `v1.BODY` from before keys had names, `v2.KEY.BODY` since. */
function partsOf(sealed: string): { head: string | null; keyId: string; body: string } {
  const [version, second = '', third = ''] = sealed.split('.');
  if (version === 'v1') return { head: null, keyId: firstKeyId, body: second };
  if (version === 'v2') return { head: `v2.${second}`, keyId: second, body: third };
  throw new Error('This is not a sealed secret.');
}

/** Finds sealed texts within a longer one. What only looks like one is told by opening it. */
export const sealedText = /\bv(?:1|2\.[a-z0-9]{1,20})\.[A-Za-z0-9_-]{38,}/g;
