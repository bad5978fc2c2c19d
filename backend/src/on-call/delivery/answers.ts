import type { AlertLink, IncidentState } from '@rackhaus/config/contract';
import type { Incidents } from '../../alerting/parts.ts';
import type { Database } from '../../database/tables.ts';
import { AppError } from '../../problem.ts';
import type { Message } from '../message.ts';
import { answerable, EnqueuedMessage } from './enqueue.ts';
import type { Links } from './links.ts';

/** Links of messages work this long after the incident is over. */
const linkLastsMs = 30 * 86_400_000;

/** A message that somebody answers, and who. */
export interface Answered {
  readonly id: number;
  readonly key: string;
  readonly kind: Message['notice'];
  readonly incidentId: number | null;
  readonly channelId: number;
  readonly channelKind: string;
  readonly userId: number | null;
  readonly person: string | null;
  readonly channelName: string;
  readonly message: EnqueuedMessage;
}

/** A message that may be answered now. */
export interface OpenAnswer extends Answered {
  readonly replyCode: string | null;
  readonly incidentState: IncidentState | null;
}

/** What people do with messages: acknowledge, and show that they arrived. */
export class Answers {
  readonly #db: Database;
  readonly #links: () => Promise<Links>;
  readonly #incidents: Pick<Incidents, 'acknowledge'>;
  readonly #now: () => number;

  constructor(options: {
    db: Database;
    links: () => Promise<Links>;
    incidents: Pick<Incidents, 'acknowledge'>;
    now: () => number;
  }) {
    this.#db = options.db;
    this.#links = options.links;
    this.#incidents = options.incidents;
    this.#now = options.now;
  }

  /** The message that a token belongs to; null: it is not valid, or not any more. */
  async byToken(token: string): Promise<Answered | null> {
    const links = await this.#links();
    const id = links.claimedId(token);
    if (id === null) return null;
    const row = await this.#rows().where('d.id', '=', id).executeTakeFirst();
    if (row === undefined || !links.matches(token, row)) return null;
    const isOver = row.incident_state === null || row.incident_state === 'resolved';
    if (isOver && this.#now() - row.created_at > linkLastsMs) return null;
    return toAnswered(row);
  }

  /** Messages that were sent to a channel and may be answered now: of incidents that are not over, and tests. Newest first. */
  async open(channelIds: readonly number[]): Promise<OpenAnswer[]> {
    if (channelIds.length === 0) return [];
    const rows = await this.#rows()
      .where('d.channel_id', 'in', channelIds)
      .where('d.attempts', '>', 0)
      .where((where) =>
        where.or([
          where.and([
            where('d.kind', 'in', [...answerable]),
            where('i.state', 'in', ['pending', 'open', 'acknowledged']),
          ]),
          where.and([
            where('d.kind', '=', 'test'),
            where('d.receipt_at', 'is', null),
            where('d.created_at', '>', this.#now() - 7 * 86_400_000),
          ]),
        ]),
      )
      .orderBy('d.id', 'desc')
      .limit(500)
      .execute();
    return rows.map((row) => ({
      ...toAnswered(row),
      replyCode: row.reply_code,
      incidentState: row.incident_state,
    }));
  }

  /** @throws AppError `conflict` when there is nothing to acknowledge */
  async acknowledge(answered: Answered, via: string): Promise<void> {
    const { incidentId, userId, person, channelName } = answered;
    if (incidentId === null || !answerable.has(answered.kind))
      throw new AppError('conflict', 'There is nothing to acknowledge in this message.');
    await this.received(answered);
    await this.#incidents.acknowledge(incidentId, { userId, name: person ?? channelName, via });
  }

  /** Writes down that a message has arrived; the first time counts. */
  async received({ id, channelId }: Pick<Answered, 'id' | 'channelId'>): Promise<void> {
    const now = this.#now();
    await this.#db.transaction().execute(async (tx) => {
      await tx
        .updateTable('deliveries')
        .set({ receipt_at: now })
        .where('id', '=', id)
        .where('receipt_at', 'is', null)
        .execute();
      await tx.updateTable('channels').set({ last_receipt_at: now }).where('id', '=', channelId).execute();
    });
  }

  /** What the page of a link shows. */
  async link(answered: Answered): Promise<AlertLink> {
    const incident =
      answered.incidentId === null
        ? undefined
        : await this.#db
            .selectFrom('incidents')
            .select(['state', 'since', 'acknowledged_by'])
            .where('id', '=', answered.incidentId)
            .executeTakeFirst();
    return {
      incidentId: answered.incidentId,
      title: answered.message.title,
      place: answered.message.place,
      state: incident?.state ?? null,
      since: incident?.since ?? answered.message.since,
      acknowledgedBy: incident?.acknowledged_by ?? null,
      person: answered.person,
      test: answered.kind === 'test',
    };
  }

  #rows() {
    return rowsOf(this.#db);
  }
}

/** Messages of people who may not sign in any more are answered by nobody. */
function rowsOf(db: Database) {
  return db
    .selectFrom('deliveries as d')
    .innerJoin('channels as c', 'c.id', 'd.channel_id')
    .leftJoin('users as u', 'u.id', 'c.user_id')
    .leftJoin('incidents as i', 'i.id', 'd.incident_id')
    .select([
      'd.id',
      'd.key',
      'd.kind',
      'd.incident_id',
      'd.channel_id',
      'd.message',
      'd.reply_code',
      'd.created_at',
      'c.kind as channel_kind',
      'c.user_id',
      'c.name as channel_name',
      'u.name as person',
      'i.state as incident_state',
    ])
    .where((where) => where.or([where('c.user_id', 'is', null), where('u.disabled', '=', 0)]));
}

function toAnswered(
  row: Awaited<ReturnType<ReturnType<typeof rowsOf>['executeTakeFirstOrThrow']>>,
): Answered {
  return {
    id: row.id,
    key: row.key,
    kind: row.kind,
    incidentId: row.incident_id,
    channelId: row.channel_id,
    channelKind: row.channel_kind,
    userId: row.user_id,
    person: row.person,
    channelName: row.channel_name,
    message: EnqueuedMessage.parse(JSON.parse(row.message)),
  };
}
