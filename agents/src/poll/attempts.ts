import { SnmpError } from '../snmp/error.ts';

/** Which parts of polls failed of late, so that one that never answers does not cost every poll its time. */
export class Attempts {
  private readonly failures = new Map<string, { count: number; until: number; message: string }>();
  private readonly isThere: () => Promise<unknown>;
  private readonly pauseMs: number;

  constructor(options: {
    /** Rejects when the device itself does not answer. */
    isThere: () => Promise<unknown>;
    /** How long a part that failed twice is left out, ms. */
    pauseMs: number;
  }) {
    this.isThere = options.isThere;
    this.pauseMs = options.pauseMs;
  }

  failedLast(part: string): boolean {
    return this.failures.size > 0 && this.failures.has(part);
  }

  /**
   * Does one part of a poll, at a moment of `performance.now()`. One that gets no answer while the device is there costs
   * that part only; after two failures in a row it is left out until the next refresh is due.
   * @returns why the part was not done, or null.
   * @throws SnmpError when the device itself is silent, or the poll was cancelled.
   */
  async do(part: string, at: number, work: () => Promise<void>): Promise<string | null> {
    const before = this.failures.get(part);
    if (before && before.count >= 2 && at < before.until)
      return `${part}: ${before.message}; left out for now`;
    try {
      await work();
      this.failures.delete(part);
      return null;
    } catch (error) {
      if (!(error instanceof SnmpError) || error.code === 'closed') throw error;
      await this.isThere();
      this.failures.set(part, {
        count: (before?.count ?? 0) + 1,
        until: at + this.pauseMs,
        message: error.message,
      });
      return `${part}: ${error.message}`;
    }
  }
}
