import { StoreUnavailable } from '../store.ts';

/** A server that is started anew is away for some seconds. */
const waitsMs = [1000, 2000, 4000, 8000, 16_000, 30_000];

export interface Patience {
  /** Ends the move after the next write, and all waiting at once; what is stored so far stays. */
  readonly signal?: AbortSignal;
  readonly wait?: (ms: number) => Promise<void>;
  /** Told why is waited, and how long. */
  readonly onWait?: (error: StoreUnavailable, ms: number) => void;
}

/** Tries again for about a minute when a store is away. @throws StoreUnavailable */
export async function patiently<T>(options: Patience, work: () => Promise<T>): Promise<T> {
  const { signal, onWait } = options;
  const wait = options.wait ?? ((ms: number) => waitFor(ms, signal));
  for (const ms of waitsMs) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof StoreUnavailable) || signal?.aborted) throw error;
      onWait?.(error, ms);
      await wait(ms);
      if (signal?.aborted) throw error;
    }
  }
  return await work();
}

/** Ends early when the signal comes. */
function waitFor(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener('abort', end);
  });
}
