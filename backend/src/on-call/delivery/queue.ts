import type { SecretBox } from '../../access/secret-box.ts';
import type { Database } from '../../database/tables.ts';
import type { Outcome, Senders } from '../channels/sender.ts';
import type { Settings } from '../settings/settings.ts';
import { type Head, headsOf } from './heads.ts';
import { Lane } from './lane.ts';
import type { Links } from './links.ts';
import { prepare } from './prepare.ts';
import { writeDown } from './write-down.ts';

export interface QueueParts {
  readonly db: Database;
  readonly secretBox: SecretBox;
  readonly senders: Senders;
  readonly settings: Pick<Settings, 'read'>;
  readonly links: () => Promise<Links>;
  readonly publicUrl: string | null;
  readonly now: () => number;
  readonly onError: (message: string, error: unknown) => void;
  /** Told after what came of an attempt has been written down. */
  readonly onOutcome: (delivery: { id: number; channelId: number }, outcome: Outcome) => void;
}

/**
 * Sends what `enqueue` has written down. Everything that counts is in the database: a process that is killed at any point sends
 * the rest, and at most repeats what it could not write down as sent, with the same key. Each channel has a lane of its own and
 * sends one message at a time; messages of one incident keep their order in each.
 */
export class DeliveryQueue {
  readonly #parts: QueueParts;
  readonly #lanes = new Map<number, Lane<Head>>();
  #looking: Promise<void> | null = null;
  #lookAgain = false;
  #started = false;

  constructor(parts: QueueParts) {
    this.#parts = parts;
  }

  /** Sends what has waited since before. */
  start(): void {
    this.#started = true;
    this.wake();
  }

  /** Resolves when what is being sent has ended. */
  async stop(): Promise<void> {
    this.#started = false;
    await this.#looking;
    await Promise.all([...this.#lanes.values()].map((lane) => lane.stop()));
    this.#lanes.clear();
  }

  /** Something may have been enqueued and committed: it is sent at once. */
  wake(): void {
    if (!this.#started) return;
    if (this.#looking !== null) {
      this.#lookAgain = true;
      return;
    }
    this.#looking = this.#look()
      .catch((error: unknown) => {
        this.#parts.onError('waiting messages could not be read', error);
        setTimeout(() => this.wake(), 5_000).unref();
      })
      .finally(() => {
        this.#looking = null;
        if (!this.#lookAgain) return;
        this.#lookAgain = false;
        this.wake();
      });
  }

  async #look(): Promise<void> {
    const rows = await this.#parts.db
      .selectFrom('deliveries')
      .select('channel_id')
      .distinct()
      .where('state', '=', 'waiting')
      .execute();
    if (!this.#started) return;
    for (const { channel_id } of rows) this.#laneOf(channel_id).wake();
  }

  #laneOf(channelId: number): Lane<Head> {
    const known = this.#lanes.get(channelId);
    if (known !== undefined) return known;
    const { db, now, onError } = this.#parts;
    const lane = new Lane<Head>({
      heads: () => headsOf(db, channelId),
      send: (head) => this.#send(head),
      now,
      onError: (error) => onError('a message could not be sent', error),
    });
    this.#lanes.set(channelId, lane);
    return lane;
  }

  async #send(head: Head): Promise<Outcome['kind']> {
    const { db, now, senders, onOutcome } = this.#parts;
    const prepared = await prepare(head, this.#parts);
    if (prepared.kind === 'drop') {
      await writeDown(db, { head, outcome: prepared, now: now(), late: false, supersedes: [] });
      return 'sent';
    }
    const { channel, outgoing, late, supersedes } = prepared;
    const outcome = await senders[channel.settings.kind](channel, outgoing).catch(
      (error: unknown): Outcome => {
        this.#parts.onError('a message could not be sent', error);
        return { kind: 'later', error: 'Rackhaus itself failed to send it; see the log.' };
      },
    );
    await writeDown(db, { head, outcome, now: now(), late, supersedes });
    onOutcome({ id: head.id, channelId: channel.id }, outcome);
    // Its owner is told of it by another way.
    if (outcome.kind === 'gone') this.wake();
    return outcome.kind;
  }
}
