import { BackendAwayError, type BackendClient } from '../delivery/backend-client.ts';
import type { OwnKey } from './own-key.ts';

const timeoutMs = 15_000;

/**
 * Takes a new key: makes it, keeps it, tells the server, uses it. What a crash left half done is done again.
 * @returns what is wrong, or null
 */
export async function renewKey(options: {
  client: BackendClient;
  key: OwnKey;
  signal: AbortSignal;
}): Promise<string | null> {
  const { client, key, signal } = options;
  const next = key.next();
  try {
    const reply = await client.request({
      method: 'POST',
      path: 'api/agent/key',
      headers: { 'content-type': 'application/json' },
      body: Buffer.from(JSON.stringify({ key: next })),
      timeoutMs,
      signal,
    });
    // Refused: perhaps the new one is in use already, and the crash came before that was written down.
    if (reply.status === 204 || reply.status === 401) key.taken();
    return reply.status === 204 ? null : `the backend answered ${reply.status} to a new key`;
  } catch (error) {
    if (!(error instanceof BackendAwayError)) throw error;
    return error.message;
  }
}
