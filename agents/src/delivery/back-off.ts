const firstMs = 250;
const capMs = 15_000;

/**
 * How long to wait after `failures` failures in a row: doubling from 0.25 s to 15 s, half of it by chance so that many
 * agents do not come back at the same moment.
 * @param random in [0, 1)
 */
export function retryDelayMs(failures: number, random: number): number {
  const full = Math.min(capMs, firstMs * 2 ** Math.min(Math.max(failures - 1, 0), 10));
  return full / 2 + (full / 2) * random;
}

const longestRetryAfterMs = 300_000;

/** Reads a Retry-After header (RFC 9110, 10.2.3: seconds or a date); null when absent or not understood. At most 5 min. */
export function retryAfterMs(header: string | undefined, now: number): number | null {
  if (header === undefined) return null;
  const text = header.trim();
  const wait = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isFinite(wait) ? Math.min(longestRetryAfterMs, Math.max(0, wait)) : null;
}

/** Resolves after `delayMs`, or at once when the signal is aborted. */
export function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, delayMs);
    signal.addEventListener('abort', end, { once: true });
  });
}
