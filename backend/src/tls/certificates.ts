import { existsSync, type StatWatcher, unwatchFile, watchFile } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { hostname, networkInterfaces } from 'node:os';
import { dirname } from 'node:path';
import { writePrivateFile } from '../access/private-file.ts';
import { type Certificate, type CertificateFiles, readCertificate } from './certificate.ts';
import { makeSelfSigned } from './self-signed.ts';

const lookEveryMs = 5000;
/** Certificate and key are written one after the other: between them they do not match. */
const settleMs = 1000;

/** The certificate that this server shows. It follows its files; a new one that cannot be served leaves the old one in place. */
export class Certificates {
  readonly source: 'files' | 'self-signed';
  readonly #files: CertificateFiles;
  readonly #now: () => number;
  readonly #everyMs: number;
  readonly #onError: (message: string) => void;
  readonly #listeners = new Set<(certificate: Certificate) => void>();
  #current: Certificate | null = null;
  #problem: string | null = null;
  #timer: NodeJS.Timeout | undefined;
  #reloading: Promise<void> = Promise.resolve();
  readonly #watchers: StatWatcher[] = [];
  readonly #changed = () => this.#soon();

  constructor(options: {
    source: 'files' | 'self-signed';
    files: CertificateFiles;
    now: () => number;
    /** Told once of each new problem with files that have changed. */
    onError: (message: string) => void;
    /** How often the files are looked at. For tests. */
    everyMs?: number;
  }) {
    this.source = options.source;
    this.#files = options.files;
    this.#now = options.now;
    this.#onError = options.onError;
    this.#everyMs = options.everyMs ?? lookEveryMs;
  }

  /** Reads the files, for `self-signed` after making them where there are none. @throws Error that says what is wrong */
  async start(): Promise<void> {
    if (this.source === 'self-signed') await this.#makeMissing();
    this.#current = await readCertificate(this.#files, this.#now());
    // By asking, not by events: it follows symbolic links and folders of other machines, as certificate programs use them.
    for (const file of [this.#files.certFile, this.#files.keyFile])
      this.#watchers.push(watchFile(file, { interval: this.#everyMs, persistent: false }, this.#changed));
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    for (const file of [this.#files.certFile, this.#files.keyFile]) unwatchFile(file, this.#changed);
    await this.#reloading;
  }

  /** What is shown now. @throws Error before `start()` */
  get current(): Certificate {
    if (this.#current === null) throw new Error('The certificate has not been read yet.');
    return this.#current;
  }

  /** Why files that have changed since are not used; null: all is well. */
  get problem(): string | null {
    return this.#problem;
  }

  get files(): CertificateFiles {
    return this.#files;
  }

  /** Told of each new certificate. */
  onChange(listener: (certificate: Certificate) => void): void {
    this.#listeners.add(listener);
  }

  #soon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => {
        this.#reloading = this.#reloading.then(() => this.#reload());
      },
      Math.min(settleMs, this.#everyMs),
    );
  }

  async #reload(): Promise<void> {
    try {
      const next = await readCertificate(this.#files, this.#now());
      this.#problem = null;
      if (next.cert === this.#current?.cert && next.key === this.#current.key) return;
      for (const listener of this.#listeners) listener(next);
      this.#current = next;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (message !== this.#problem) this.#onError(message);
      this.#problem = message;
    }
  }

  async #makeMissing(): Promise<void> {
    const { certFile, keyFile } = this.#files;
    if (existsSync(certFile) && existsSync(keyFile)) return;
    const names = [...new Set([hostname(), 'localhost'])].filter((name) => /^[-\w.]+$/.test(name));
    const addresses = Object.values(networkInterfaces())
      .flatMap((list) => list ?? [])
      // Those of the moment only (link-local ones with their zone) help nobody.
      .filter(({ address, scopeid }) => scopeid === undefined || scopeid === 0 || address === '::1')
      .map(({ address }) => address);
    const made = await makeSelfSigned({
      names,
      addresses: [...new Set(['127.0.0.1', '::1', ...addresses])],
      now: this.#now(),
    });
    await mkdir(dirname(keyFile), { recursive: true, mode: 0o700 });
    await writePrivateFile(keyFile, made.key);
    await writePrivateFile(certFile, made.cert);
  }
}
