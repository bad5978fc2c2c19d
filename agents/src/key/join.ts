import { Problem } from '@rackhaus/config/contract';
import type { Logger } from 'pino';
import { pause, retryAfterMs, retryDelayMs } from '../delivery/back-off.ts';
import { BackendAwayError, type BackendClient, type Reply } from '../delivery/backend-client.ts';
import type { OwnKey } from './own-key.ts';

const timeoutMs = 15_000;

/** The server does not take this agent in: for people, with what to do. */
export class JoinRefusedError extends Error {
  override name = 'JoinRefusedError';
}

const explanations: Readonly<Record<string, string>> = {
  used: 'This token has been used already: each serves for one agent, once.',
  expired: 'This token has expired: it serves for a day.',
  unknown:
    'The server does not know this token: it was replaced by a newer one, or belongs to another server.',
};
const whatToDo =
  'On the page Administration > Machines, "Connect again" at the agent shows a new one. An agent that has joined before starts without --token.';

/**
 * Joins with a token of one use, again and again while the server is away. Resolves at once when there is nothing to join with.
 * @throws JoinRefusedError
 */
export async function join(options: {
  client: BackendClient;
  key: OwnKey;
  signal: AbortSignal;
  now: () => number;
  log: Logger;
}): Promise<void> {
  const { client, key, signal, now, log } = options;
  for (let failures = 1; !signal.aborted; failures++) {
    const joining = key.joining();
    if (joining === null) return;
    const { problem, waitMs } = await ask(client, joining, signal, now);
    if (problem === null) {
      key.joined();
      log.info('this agent has joined; its key is kept in its data folder');
      return;
    }
    if (signal.aborted) return;
    if (failures === 1) log.warn({ problem }, 'joining has to wait for the server');
    await pause(Math.max(waitMs ?? 0, retryDelayMs(failures, Math.random())), signal);
  }
}

async function ask(
  client: BackendClient,
  joining: { token: string; key: string },
  signal: AbortSignal,
  now: () => number,
): Promise<{ problem: string | null; waitMs: number | null }> {
  try {
    const reply = await client.request({
      method: 'POST',
      path: 'api/agent/enrol',
      anonymous: true,
      headers: { 'content-type': 'application/json' },
      body: Buffer.from(JSON.stringify(joining)),
      timeoutMs,
      signal,
    });
    if (reply.status === 200) return { problem: null, waitMs: null };
    if ([400, 401, 403, 404, 409].includes(reply.status)) throw new JoinRefusedError(refusal(reply));
    return {
      problem: `it answered ${reply.status}`,
      waitMs: retryAfterMs(reply.headers['retry-after'], now()),
    };
  } catch (error) {
    if (!(error instanceof BackendAwayError)) throw error;
    return { problem: error.message, waitMs: null };
  }
}

function refusal(reply: Reply): string {
  if (reply.status === 404) return 'At this address is no Rackhaus that agents can join; look at --server.';
  let reason: string | undefined;
  try {
    reason = Problem.safeParse(JSON.parse(reply.body.toString('utf8'))).data?.reason;
  } catch {
    // A proxy's page: what it answered is said below.
  }
  return `${explanations[reason ?? ''] ?? `The server refuses this token (${reply.status}).`} ${whatToDo}`;
}
