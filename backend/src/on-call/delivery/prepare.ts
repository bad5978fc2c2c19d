import type { SecretBox } from '../../access/secret-box.ts';
import type { Database } from '../../database/tables.ts';
import type { OpenChannel, Outgoing } from '../channels/sender.ts';
import { openStored } from '../channels/stored.ts';
import type { Message } from '../message.ts';
import type { Settings } from '../settings/settings.ts';
import { answerable } from './enqueue.ts';
import type { Head } from './heads.ts';
import type { Links } from './links.ts';
import { wordsOf } from './words.ts';

const lateAfterMs = 5 * 60_000;
const givenUpAfterMs = 3 * 86_400_000;
/** In three days there are far more; a clock that jumped ahead alone gives nothing up. */
const givenUpAfterAttempts = 20;

/** `drop`: it is not to be sent, and why. */
export type Prepared =
  | { readonly kind: 'drop'; readonly state: 'dropped' | 'failed'; readonly error: string }
  | {
      readonly kind: 'send';
      readonly channel: OpenChannel;
      readonly outgoing: Outgoing;
      readonly late: boolean;
      readonly supersedes: readonly number[];
    };

/** Decides whether a message is still to be sent, and gives it its words as of now. */
export async function prepare(
  head: Head,
  parts: {
    readonly db: Database;
    readonly secretBox: SecretBox;
    readonly settings: Pick<Settings, 'read'>;
    readonly links: () => Promise<Links>;
    readonly publicUrl: string | null;
    readonly now: () => number;
  },
): Promise<Prepared> {
  const now = parts.now();
  const channel = await parts.db
    .selectFrom('channels')
    .select(['id', 'user_id', 'name', 'sealed', 'enabled'])
    .where('id', '=', head.channelId)
    .executeTakeFirst();
  if (channel === undefined) return { kind: 'drop', state: 'dropped', error: 'The channel is gone.' };
  if (channel.enabled === 0 && head.notice !== 'test')
    return { kind: 'drop', state: 'dropped', error: 'The channel has been switched off.' };
  if (now - head.createdAt > givenUpAfterMs && head.attempts >= givenUpAfterAttempts)
    return { kind: 'drop', state: 'failed', error: 'Given up after three days.' };
  if (await isSettled(parts.db, head))
    return {
      kind: 'drop',
      state: 'dropped',
      error: 'Somebody has taken it, or it is over, in the meantime.',
    };

  const settings = await parts.settings.read();
  const asksForAnswer = head.incidentId !== null && answerable.has(head.notice);
  const token =
    asksForAnswer || head.notice === 'test'
      ? (await parts.links()).tokenOf({ id: head.id, key: head.key })
      : null;
  const message: Message = {
    ...head.message,
    link: token === null || parts.publicUrl === null ? null : `${parts.publicUrl}/a/${token}`,
    replyCode: head.replyCode,
  };
  const late = now - head.createdAt > lateAfterMs;
  const words = wordsOf(message, settings, {
    late,
    beginningUntold: head.notice === 'resolved' && !(await hasTold(parts.db, head)),
    now,
  });
  return {
    kind: 'send',
    channel: openStored(channel, parts.secretBox),
    outgoing: { key: head.key, message, words, token, settings },
    late,
    supersedes: head.supersedes,
  };
}

/** Nobody is asked again for what somebody has taken while it waited. */
async function isSettled(db: Database, head: Head): Promise<boolean> {
  if (head.incidentId === null || (head.notice !== 'escalated' && head.notice !== 'reminder')) return false;
  const incident = await db
    .selectFrom('incidents')
    .select('state')
    .where('id', '=', head.incidentId)
    .executeTakeFirst();
  return incident === undefined || incident.state === 'acknowledged' || incident.state === 'resolved';
}

async function hasTold(db: Database, head: Head): Promise<boolean> {
  const told = await db
    .selectFrom('deliveries')
    .select('id')
    .where('incident_id', '=', head.incidentId)
    .where('channel_id', '=', head.channelId)
    .where('state', '=', 'sent')
    .where('kind', 'in', [...answerable])
    .limit(1)
    .executeTakeFirst();
  return told !== undefined;
}
