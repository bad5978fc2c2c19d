import type { Database } from '../../database/tables.ts';
import type { Message } from '../message.ts';
import { EnqueuedMessage } from './enqueue.ts';
import type { Waiting } from './lane.ts';

/** Held in memory for one lane at a time; the rest waits in the database. */
const mostHeads = 100;

export interface Head extends Waiting {
  readonly key: string;
  readonly incidentId: number | null;
  readonly channelId: number;
  readonly notice: Message['notice'];
  readonly message: EnqueuedMessage;
  readonly replyCode: string | null;
  readonly createdAt: number;
  readonly attempts: number;
  /** Earlier ones of the same incident that need not be sent any more, since this one tells that it is over. */
  readonly supersedes: readonly number[];
}

/**
 * What a channel may send next: of each incident the first that waits. Where the end waits too, it is the end, which then
 * takes the place of all before it.
 */
export async function headsOf(db: Database, channelId: number): Promise<Head[]> {
  const first = await db
    .selectFrom('deliveries as d')
    .selectAll()
    .where('d.channel_id', '=', channelId)
    .where('d.state', '=', 'waiting')
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('deliveries as earlier')
            .select('earlier.id')
            .whereRef('earlier.channel_id', '=', 'd.channel_id')
            .whereRef('earlier.incident_id', '=', 'd.incident_id')
            .where('earlier.state', '=', 'waiting')
            .whereRef('earlier.id', '<', 'd.id'),
        ),
      ),
    )
    .orderBy('d.id')
    .limit(mostHeads)
    .execute();
  const incidents = first.flatMap(({ incident_id }) => (incident_id === null ? [] : [incident_id]));
  const ends =
    incidents.length === 0
      ? []
      : await db
          .selectFrom('deliveries')
          .selectAll()
          .where('channel_id', '=', channelId)
          .where('state', '=', 'waiting')
          .where('kind', '=', 'resolved')
          .where('incident_id', 'in', incidents)
          .orderBy('id')
          .execute();
  const before = await earlierOf(db, channelId, ends);
  return first.map((row) => {
    const end = ends.findLast(({ incident_id }) => incident_id !== null && incident_id === row.incident_id);
    // Begun anew after that end: the last word is not that it is over, so all is told in its order.
    return end === undefined || before.reopened.has(end.id)
      ? toHead(row, [])
      : toHead(end, before.ids.get(end.id) ?? []);
  });
}

type DeliveryRow = Awaited<ReturnType<typeof readRow>>;
const readRow = (db: Database) => db.selectFrom('deliveries').selectAll().executeTakeFirstOrThrow();

async function earlierOf(
  db: Database,
  channelId: number,
  ends: readonly DeliveryRow[],
): Promise<{ ids: Map<number, number[]>; reopened: Set<number> }> {
  const ids = new Map<number, number[]>();
  const reopened = new Set<number>();
  for (const end of ends) {
    const others = await db
      .selectFrom('deliveries')
      .select('id')
      .where('channel_id', '=', channelId)
      .where('incident_id', '=', end.incident_id)
      .where('state', '=', 'waiting')
      .where('id', '<>', end.id)
      .orderBy('id')
      .execute();
    const earlier = others.filter(({ id }) => id < end.id).map(({ id }) => id);
    if (earlier.length < others.length) reopened.add(end.id);
    ids.set(end.id, earlier);
  }
  return { ids, reopened };
}

function toHead(row: DeliveryRow, supersedes: readonly number[]): Head {
  const message = EnqueuedMessage.parse(JSON.parse(row.message));
  return {
    id: row.id,
    nextAt: row.next_at,
    critical: message.severity === 'critical',
    key: row.key,
    incidentId: row.incident_id,
    channelId: row.channel_id,
    notice: row.kind,
    message,
    replyCode: row.reply_code,
    createdAt: row.created_at,
    attempts: row.attempts,
    supersedes,
  };
}
