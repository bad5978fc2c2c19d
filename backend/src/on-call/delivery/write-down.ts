import { sql } from 'kysely';
import type { Database } from '../../database/tables.ts';
import type { Outcome } from '../channels/sender.ts';
import type { Head } from './heads.ts';
import { retryDelayMs } from './lane.ts';
import { tellOfEnd } from './tell-of-end.ts';

interface Attempt {
  readonly head: Head;
  readonly outcome:
    | Outcome
    | { readonly kind: 'drop'; readonly state: 'dropped' | 'failed'; readonly error: string };
  readonly now: number;
  readonly late: boolean;
  readonly supersedes: readonly number[];
}

/** Writes down what came of an attempt, for the message and for its channel, in one transaction. */
export async function writeDown(db: Database, attempt: Attempt): Promise<void> {
  const { head, outcome, now, late } = attempt;
  await db.transaction().execute(async (tx) => {
    const delivery = tx.updateTable('deliveries').where('id', '=', head.id);
    switch (outcome.kind) {
      case 'sent':
        await delivery
          .set({
            state: 'sent',
            sent_at: now,
            late: late ? 1 : 0,
            last_error: null,
            attempts: head.attempts + 1,
          })
          .execute();
        await drop(tx, attempt.supersedes);
        await tellWorking(tx, head.channelId, now);
        return;
      case 'later':
        await delivery
          .set({
            attempts: head.attempts + 1,
            next_at: now + retryDelayMs(head.attempts + 1, Math.random()),
            last_error: outcome.error,
          })
          .execute();
        break;
      case 'refused':
      case 'gone':
        await delivery
          .set({ state: 'failed', attempts: head.attempts + 1, last_error: outcome.error })
          .execute();
        await drop(tx, attempt.supersedes);
        break;
      case 'drop':
        await delivery.set({ state: outcome.state, last_error: outcome.error }).execute();
        return;
    }
    await tx
      .updateTable('channels')
      .set({
        failing_since: sql<number>`coalesce(failing_since, ${now})`,
        last_error: outcome.error,
        ...(outcome.kind === 'gone' ? { enabled: 0 } : {}),
      })
      .where('id', '=', head.channelId)
      .execute();
    if (outcome.kind === 'gone') await tellOfEnd(tx, head.channelId, now);
  });
}

async function drop(tx: Database, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  await tx
    .updateTable('deliveries')
    .set({
      state: 'dropped',
      last_error: 'It was over before it could be sent; the message of its end says so.',
    })
    .where('id', 'in', ids)
    .where('state', '=', 'waiting')
    .execute();
}

/** A channel that works again sends at once what has waited for it. */
async function tellWorking(tx: Database, channelId: number, now: number): Promise<void> {
  const channel = await tx
    .selectFrom('channels')
    .select('failing_since')
    .where('id', '=', channelId)
    .executeTakeFirst();
  if (channel === undefined) return;
  if (channel.failing_since !== null)
    await tx
      .updateTable('deliveries')
      .set({ next_at: now })
      .where('channel_id', '=', channelId)
      .where('state', '=', 'waiting')
      .where('next_at', '>', now)
      .execute();
  await tx
    .updateTable('channels')
    .set({ last_sent_at: now, failing_since: null, last_error: null })
    .where('id', '=', channelId)
    .execute();
}
