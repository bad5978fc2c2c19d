import { z } from 'zod';
import type { Database } from '../../database/tables.ts';
import { answerable } from '../delivery/enqueue.ts';

/** Kept with a summary: which incidents it told through which channel. */
export const SummaryDetail = z.object({
  told: z
    .array(z.object({ channelId: z.int(), userId: z.int().nullable(), incidents: z.array(z.int()) }))
    .default([]),
});

export interface ToldChannel {
  readonly channelId: number;
  readonly userId: number | null;
}

/** Every channel through which somebody has been asked to act on an incident, each once: who is told that it is over. */
export async function toldBefore(
  tx: Database,
  incident: { readonly id: number; readonly since: number },
): Promise<ToldChannel[]> {
  const rows = await tx
    .selectFrom('deliveries')
    .select(['channel_id as channelId', 'user_id as userId'])
    .where('incident_id', '=', incident.id)
    .where('kind', 'in', [...answerable])
    .where('state', '<>', 'dropped')
    .orderBy('id')
    .execute();
  const summaries = await tx
    .selectFrom('notices')
    .select('detail')
    .where('kind', '=', 'summary')
    .where('time', '>=', incident.since)
    .execute();
  const inSummaries = summaries.flatMap(({ detail }) =>
    SummaryDetail.parse(JSON.parse(detail)).told.filter(({ incidents }) => incidents.includes(incident.id)),
  );
  const all = new Map([...rows, ...inSummaries].map((each) => [each.channelId, each]));
  if (all.size === 0) return [];
  // A channel may be gone since.
  const there = await tx
    .selectFrom('channels')
    .select('id')
    .where('id', 'in', [...all.keys()])
    .execute();
  const ids = new Set(there.map(({ id }) => id));
  return [...all.values()]
    .filter(({ channelId }) => ids.has(channelId))
    .map(({ channelId, userId }) => ({ channelId, userId }));
}
