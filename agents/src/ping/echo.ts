/** The round-trip time, or null when no answer came. */
export type Echo = { readonly rttMs: number | null };

/** ICMP cannot be sent from here at all (no such command, no permission): this says nothing about the host. */
export class PingUnavailableError extends Error {
  override name = 'PingUnavailableError';
}

/** What sends ICMP echoes; two programs can, and one conformance suite holds for both. */
export interface Echoer {
  /**
   * One echo request, answered within 2 s or not.
   * @throws PingUnavailableError when none can be sent; RangeError on an address that is none; the signal's reason.
   */
  echo(host: string, signal: AbortSignal): Promise<Echo>;
}

export const echoTimeoutMs = 2000;
