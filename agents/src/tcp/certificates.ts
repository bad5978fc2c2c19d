import type { Reading } from '@rackhaus/config/contract';
import { type ShownCertificate, tlsPorts } from './certificate.ts';

const lookEveryMs = 3_600_000;
const lookAgainMs = 600_000;

/** Watches when the certificates of one device expire: looks once an hour, and tells with every round how long they hold. */
export class Certificates {
  readonly #look: (port: number) => Promise<ShownCertificate | null>;
  readonly #monotonicMs: () => number;
  readonly #known = new Map<number, { validUntil: number | null; lookAt: number }>();

  constructor(options: {
    look: (port: number) => Promise<ShownCertificate | null>;
    monotonicMs: () => number;
  }) {
    this.#look = options.look;
    this.#monotonicMs = options.monotonicMs;
  }

  /** Of these ports, which accept connections. @param time milliseconds since 1970 */
  async readings(deviceId: number, ports: readonly number[], time: number): Promise<Reading[]> {
    const tls = ports.filter((port) => tlsPorts.has(port));
    await Promise.all(tls.map((port) => this.#lookWhenDue(port)));
    return tls.flatMap((port) => {
      const validUntil = this.#known.get(port)?.validUntil ?? null;
      if (validUntil === null) return [];
      const values = { certificate: Math.round((validUntil - time) / 1_000_000) * 1000 };
      return [{ deviceId, kind: 'service' as const, entity: `tcp/${port}`, time, values }];
    });
  }

  async #lookWhenDue(port: number): Promise<void> {
    const now = this.#monotonicMs();
    const before = this.#known.get(port);
    if (before !== undefined && before.lookAt > now) return;
    const found = await this.#look(port);
    this.#known.set(port, {
      // A handshake that fails once says nothing new of the certificate.
      validUntil: found?.validUntil ?? before?.validUntil ?? null,
      lookAt: now + (found === null ? lookAgainMs : lookEveryMs),
    });
  }
}
