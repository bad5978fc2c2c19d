import { agentHeaders } from '@rackhaus/config/contract';
import { encodingOf } from '../outbox/body.ts';
import type { Batch, Outcome } from '../outbox/outbox.ts';
import { retryAfterMs } from './back-off.ts';
import { BackendAwayError, type BackendClient, type Reply } from './backend-client.ts';

/** What became of sending a batch once. */
export interface Sent {
  readonly outcome: Outcome;
  /** Why it was not accepted, for the log. */
  readonly reason: string;
  /** The backend asked to wait this long. */
  readonly retryAfterMs: number | null;
}

const defaultTimeoutMs = 15_000;
const maxReasonLength = 300;

/** Posts one batch. Never rejects: a backend that is away is an outcome. */
export async function sendBatch(options: {
  client: BackendClient;
  outboxId: string;
  batch: Batch;
  now: () => number;
  signal: AbortSignal;
  timeoutMs?: number;
}): Promise<Sent> {
  const { batch } = options;
  const encoding = encodingOf(batch.body);
  try {
    const reply = await options.client.request({
      method: 'POST',
      path: `api/agent/${batch.kind}`,
      headers: {
        'content-type': batch.kind === 'readings' ? 'text/plain; charset=utf-8' : 'application/json',
        ...(encoding && { 'content-encoding': encoding }),
        [agentHeaders.outbox]: options.outboxId,
        [agentHeaders.sequence]: String(batch.sequence),
      },
      body: batch.body,
      timeoutMs: options.timeoutMs ?? defaultTimeoutMs,
      signal: options.signal,
    });
    return judge(reply, options.now());
  } catch (error) {
    if (!(error instanceof BackendAwayError)) throw error;
    return { outcome: { outcome: 'kept' }, reason: error.message, retryAfterMs: null };
  }
}

/**
 * What a reply means for the batch. Only 400 and 413 condemn it: they will be the same for ever. Anything else that is
 * not a success (a proxy's page, a redirect, a wrong token) can be put right without losing readings.
 */
export function judge(reply: Reply, now: number): Sent {
  if (reply.status === 204 || reply.status === 200)
    return { outcome: { outcome: 'accepted' }, reason: '', retryAfterMs: null };
  const text = reply.body.toString('utf8').replace(/\s+/g, ' ').slice(0, maxReasonLength);
  const reason = `${reply.status} ${text}`.trim();
  if (reply.status === 400 || reply.status === 413)
    return { outcome: { outcome: 'rejected', reason }, reason, retryAfterMs: null };
  return {
    outcome: { outcome: 'kept' },
    reason,
    retryAfterMs: retryAfterMs(reply.headers['retry-after'], now),
  };
}
