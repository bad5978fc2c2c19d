import type { NoticeKind } from '@rackhaus/config/contract';
import type { Database } from '../../database/tables.ts';
import { Message } from '../message.ts';
import { replyCodeFor } from './reply-code.ts';

/** What is told without what only sending knows. */
export const EnqueuedMessage = Message.omit({ link: true, replyCode: true });
export type EnqueuedMessage = Omit<Message, 'link' | 'replyCode'>;

export interface NewDelivery {
  readonly noticeId: number;
  readonly incidentId: number | null;
  readonly channelId: number;
  /** Whose the message is; null: nobody's, a chat or a siren. */
  readonly userId: number | null;
  readonly kind: NoticeKind;
  /** Step of the escalation, from 1; null: not part of one. */
  readonly step: number | null;
  /** How often the escalation has begun anew before. */
  readonly round?: number;
  readonly message: EnqueuedMessage;
  readonly now: number;
}

/** Notices that somebody is asked to act on: only they can be acknowledged. */
export const answerable: ReadonlySet<NoticeKind> = new Set([
  'opened',
  'worse',
  'escalated',
  'reminder',
  'drill',
]);

/**
 * Writes down that a message is to be sent to a channel, within the transaction of whoever decides so; the same notice, step,
 * round and channel again is no error and changes nothing. After the commit somebody has to call the queue's `wake()`.
 */
export async function enqueue(tx: Database, delivery: NewDelivery): Promise<void> {
  const { noticeId, incidentId, channelId, step, round = 0, kind, now } = delivery;
  await tx
    .insertInto('deliveries')
    .values({
      key: `n${noticeId}.${step ?? 0}.${round}.${channelId}`,
      notice_id: noticeId,
      incident_id: incidentId,
      channel_id: channelId,
      user_id: delivery.userId,
      kind,
      message: JSON.stringify(EnqueuedMessage.parse(delivery.message)),
      step,
      state: 'waiting',
      created_at: now,
      next_at: now,
      sent_at: null,
      receipt_at: null,
      last_error: null,
      reply_code: incidentId !== null && answerable.has(kind) ? await replyCodeFor(tx, incidentId) : null,
    })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .execute();
}
