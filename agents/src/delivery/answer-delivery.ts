import type { Logger } from 'pino';
import { pause, retryDelayMs } from './back-off.ts';
import { BackendAwayError, type BackendClient } from './backend-client.ts';

/** Somebody waits for it; what could not be told by then is asked for anew, or is not known. */
const mostTries = 5;

/** An answer to a job of the backend, and what the log calls it. */
export interface AnswerToDeliver {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly timeoutMs: number;
  /** Names it in the log, without anything of its content. */
  readonly about: Readonly<Record<string, string | number>>;
  readonly words: { readonly notTaken: string; readonly waits: string; readonly givenUp: string };
}

/**
 * Delivers an answer to the backend, a few times where that is away or busy. What it refuses or never takes is logged; resolves either way,
 * and at once when the signal says so.
 */
export async function deliverAnswer(
  { path, headers, body, timeoutMs, about, words }: AnswerToDeliver,
  { client, log, signal }: { client: BackendClient; log: Logger; signal: AbortSignal },
): Promise<void> {
  for (let tries = 1; !signal.aborted; tries++) {
    try {
      const reply = await client.request({ method: 'POST', path, headers, body, timeoutMs, signal });
      if (reply.status === 204) return;
      if (reply.status < 500 && reply.status !== 429) {
        log.warn({ status: reply.status, ...about }, words.notTaken);
        return;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof BackendAwayError)) throw error;
      if (tries === 1) log.warn({ problem: error.message }, words.waits);
    }
    if (tries >= mostTries) {
      log.warn(about, words.givenUp);
      return;
    }
    await pause(retryDelayMs(tries, Math.random()), signal);
  }
}
