import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writePrivateFile } from './private-file.ts';

const keyBytes = 32;
const ivBytes = 12;
const tagBytes = 16;

/** Keeps secrets unreadable in the database and its backups. */
export interface SecretBox {
  seal(plain: string): string;
  /** @throws Error when the text was sealed with another key or has been changed. */
  open(sealed: string): string;
}

/**
 * AES-256-GCM with the key from a file of mode 0600, which is made when it is missing. It lies outside the database: whoever
 * has only one of both has nothing.
 * @throws Error when the file is not a key.
 */
export async function openSecretBox(keyFile: string): Promise<SecretBox> {
  if (!existsSync(keyFile)) {
    await mkdir(dirname(keyFile), { recursive: true, mode: 0o700 });
    await writePrivateFile(keyFile, `${randomBytes(keyBytes).toString('base64')}\n`);
  }
  await chmod(keyFile, 0o600);
  const key = Buffer.from((await readFile(keyFile, 'utf8')).trim(), 'base64');
  if (key.length !== keyBytes)
    throw new Error(`${keyFile} is not a key of ${keyBytes} bytes. Please restore it from the backup.`);

  return {
    seal(plain) {
      const iv = randomBytes(ivBytes);
      const cipher = createCipheriv('aes-256-gcm', key, iv);
      const text = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return `v1.${Buffer.concat([iv, cipher.getAuthTag(), text]).toString('base64url')}`;
    },
    open(sealed) {
      const [version, body] = sealed.split('.');
      const bytes = Buffer.from(body ?? '', 'base64url');
      if (version !== 'v1' || bytes.length < ivBytes + tagBytes)
        throw new Error('This is not a sealed secret.');
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, ivBytes));
      decipher.setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
      try {
        return (
          decipher.update(bytes.subarray(ivBytes + tagBytes), undefined, 'utf8') + decipher.final('utf8')
        );
      } catch (error) {
        throw new Error(
          `A secret cannot be opened: it was sealed with another key than the one in ${keyFile}.`,
          {
            cause: error,
          },
        );
      }
    },
  };
}
