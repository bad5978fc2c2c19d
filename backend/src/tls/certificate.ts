import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { parseAddress } from '../inventory/network/ip.ts';

export interface CertificateFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

/** A certificate and its key as they are served, and what people want to know of it. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
  readonly subject: string;
  readonly issuer: string;
  /** DNS names and addresses that it holds for. */
  readonly names: readonly string[];
  /** Milliseconds since 1970. */
  readonly validFrom: number;
  readonly validTo: number;
  /** SHA-256, hexadecimal pairs with colons, upper case. */
  readonly fingerprint: string;
}

/**
 * Reads a certificate (with those of its issuers behind it) and its key, and checks that they can be served now.
 * @throws Error that names the file and what is wrong with it; it holds nothing of the key
 */
export async function readCertificate(files: CertificateFiles, now: number): Promise<Certificate> {
  const { certFile, keyFile } = files;
  const cert = await textOf(certFile, 'certificate');
  const key = await textOf(keyFile, 'key');
  const chain = chainOf(cert, certFile);
  const leaf = chain[0];
  if (leaf === undefined) throw new Error(`${certFile} holds no certificate.`);
  await refuseReadByOthers(keyFile);
  const privateKey = keyOf(key, keyFile);
  if (!leaf.checkPrivateKey(privateKey))
    throw new Error(
      `The key in ${keyFile} does not belong to the first certificate in ${certFile} (${nameOf(leaf.subject)}). Please put the server's own certificate first, before those of its issuers.`,
    );
  refuseWeak(privateKey, keyFile);
  const found = describe(cert, key, leaf);
  if (now > found.validTo)
    throw new Error(`The certificate in ${certFile} has expired: it was valid until ${day(found.validTo)}.`);
  if (now < found.validFrom)
    throw new Error(
      `The certificate in ${certFile} is not valid yet: it will be from ${day(found.validFrom)}.`,
    );
  return found;
}

/** What a pair says of itself, without looking at times. @throws Error for what is no certificate */
export function describe(cert: string, key: string, leaf = new X509Certificate(cert)): Certificate {
  return {
    cert,
    key,
    subject: nameOf(leaf.subject),
    issuer: nameOf(leaf.issuer),
    names: (leaf.subjectAltName ?? '')
      .split(', ')
      .flatMap((part) => /^(?:DNS|IP Address):(.+)$/.exec(part)?.[1] ?? [])
      .map((name) => parseAddress(name)?.text ?? name),
    validFrom: leaf.validFromDate.getTime(),
    validTo: leaf.validToDate.getTime(),
    fingerprint: leaf.fingerprint256,
  };
}

async function textOf(file: string, what: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const why =
      code === 'ENOENT'
        ? 'there is no such file'
        : code === 'EACCES'
          ? 'this program may not read it'
          : code === 'EISDIR'
            ? 'it is a folder'
            : String(code ?? error);
    throw new Error(`The ${what} cannot be read from ${file}: ${why}.`, { cause: error });
  }
}

function chainOf(text: string, file: string): X509Certificate[] {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0)
    throw new Error(
      `${file} holds no certificate in PEM form (a block that begins with "-----BEGIN CERTIFICATE-----")${
        text.includes('PRIVATE KEY-----') ? '; it holds a key: are the two files mixed up?' : '.'
      }`,
    );
  return blocks.map((block, index) => {
    try {
      return new X509Certificate(block);
    } catch (error) {
      throw new Error(`Certificate ${index + 1} in ${file} is damaged.`, { cause: error });
    }
  });
}

function keyOf(text: string, file: string): KeyObject {
  if (!text.includes('PRIVATE KEY-----'))
    throw new Error(
      `${file} holds no private key in PEM form (a block that begins with "-----BEGIN PRIVATE KEY-----").`,
    );
  if (/ENCRYPTED/.test(text))
    throw new Error(
      `The key in ${file} is protected by a passphrase; please store it without one, readable by this program only.`,
    );
  try {
    return createPrivateKey(text);
  } catch {
    // Without the cause, which may hold of the key.
    throw new Error(`The key in ${file} is damaged.`);
  }
}

async function refuseReadByOthers(file: string): Promise<void> {
  const { mode } = await stat(file);
  if ((mode & 0o007) !== 0)
    throw new Error(
      `The key in ${file} can be read by everybody on this machine (mode ${(mode & 0o777).toString(8)}); please: chmod 600 ${file}`,
    );
}

function refuseWeak(key: KeyObject, file: string): void {
  const bits = key.asymmetricKeyDetails?.modulusLength;
  if (key.asymmetricKeyType === 'rsa' && bits !== undefined && bits < 2048)
    throw new Error(`The RSA key in ${file} has ${bits} bits; at least 2048 are needed.`);
}

/** The common name of a distinguished name as node prints it, else all of it. */
function nameOf(distinguished: string): string {
  return /^CN=(.+)$/m.exec(distinguished)?.[1] ?? distinguished.replaceAll('\n', ', ');
}

const day = (time: number) => new Date(time).toISOString().slice(0, 10);
