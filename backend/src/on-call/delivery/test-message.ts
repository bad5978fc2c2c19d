import type { ChannelTested } from '@rackhaus/config/contract';
import type { z } from 'zod';
import type { Database } from '../../database/tables.ts';
import { AppError } from '../../problem.ts';
import type { Outcome } from '../channels/sender.ts';
import type { Settings } from '../settings/settings.ts';
import { enqueue } from './enqueue.ts';

/** A modem that has to be started anew takes long; nobody waits longer than that for an answer. */
const longestWaitMs = 150_000;

const texts = {
  de: {
    sent: 'Die Nachricht ist unterwegs. Bitte bestätigen Sie dort den Empfang.',
    failed: (error: string) => `Die Nachricht ging nicht hinaus. ${error}`,
    waiting: 'Die Nachricht ist noch nicht hinausgegangen; sie wird weiter versucht.',
  },
  en: {
    sent: 'The message is on its way. Please confirm there that it arrived.',
    failed: (error: string) => `The message did not go out. ${error}`,
    waiting: 'The message has not gone out yet; it is still being tried.',
  },
} as const;

/** Tests of a channel that somebody asks for: through the same queue as all that counts. */
export class TestMessages {
  readonly #db: Database;
  readonly #settings: Settings;
  readonly #now: () => number;
  readonly #wake: () => void;
  readonly #waiting = new Map<number, (outcome: Outcome) => void>();

  constructor(options: { db: Database; settings: Settings; now: () => number; wake: () => void }) {
    this.#db = options.db;
    this.#settings = options.settings;
    this.#now = options.now;
    this.#wake = options.wake;
  }

  /** To be told of what came of each attempt. */
  outcome(deliveryId: number, outcome: Outcome): void {
    this.#waiting.get(deliveryId)?.(outcome);
  }

  /** Sends now, and resolves when it has gone out or failed. @throws AppError `too-many` while one is on its way */
  async send(channel: {
    id: number;
    name: string;
    userId: number | null;
  }): Promise<z.infer<typeof ChannelTested>> {
    const id = await this.#enqueue(channel);
    const t = texts[(await this.#settings.read()).language];
    const outcome = await new Promise<Outcome | null>((resolve) => {
      const timer = setTimeout(() => resolve(null), longestWaitMs);
      this.#waiting.set(id, (told) => {
        clearTimeout(timer);
        resolve(told);
      });
      this.#wake();
    }).finally(() => this.#waiting.delete(id));
    if (outcome === null) return { sent: false, message: t.waiting };
    if (outcome.kind === 'sent') return { sent: true, message: t.sent };
    // Who asked has been told: it must not arrive some time later, when nobody asks any more.
    await this.#db
      .updateTable('deliveries')
      .set({ state: 'failed' })
      .where('id', '=', id)
      .where('state', '=', 'waiting')
      .execute();
    return { sent: false, message: t.failed(outcome.error) };
  }

  async #enqueue(channel: { id: number; name: string; userId: number | null }): Promise<number> {
    const now = this.#now();
    return this.#db.transaction().execute(async (tx) => {
      const busy = await tx
        .selectFrom('deliveries')
        .select('id')
        .where('channel_id', '=', channel.id)
        .where('kind', '=', 'test')
        .where('state', '=', 'waiting')
        .executeTakeFirst();
      if (busy !== undefined) throw new AppError('too-many', 'A test is on its way already.');
      const notice = await tx
        .insertInto('notices')
        .values({ incident_id: null, kind: 'test', time: now, planned_at: now })
        .returning('id')
        .executeTakeFirstOrThrow();
      await enqueue(tx, {
        noticeId: notice.id,
        incidentId: null,
        channelId: channel.id,
        userId: channel.userId,
        kind: 'test',
        step: null,
        message: {
          notice: 'test',
          incidentId: null,
          severity: 'warning',
          title: { de: 'Nachricht von Rackhaus', en: 'Message from Rackhaus' },
          place: '',
          effect: { de: '', en: '' },
          text: {
            de: `Dieser Weg funktioniert: ${channel.name}.`,
            en: `This way works: ${channel.name}.`,
          },
          since: now,
          time: now,
          drill: false,
        },
        now,
      });
      const made = await tx
        .selectFrom('deliveries')
        .select('id')
        .where('notice_id', '=', notice.id)
        .executeTakeFirstOrThrow();
      return made.id;
    });
  }
}
