import type { PortStatus } from '@rackhaus/config/contract';
import type { Database } from '../../database/tables.ts';
import { AppError } from '../../problem.ts';
import { cableCards, portCards } from '../cards.ts';

/** A port and what is plugged into it, in front and behind. @throws AppError not-found */
export async function portStatus(db: Database, portId: number): Promise<PortStatus> {
  const port = (await portCards(db, [portId])).get(portId);
  if (port === undefined)
    throw new AppError('not-found', `There is no port ${portId}.`, undefined, { reason: 'gone' });
  const ends = await db
    .selectFrom('link_ends')
    .select(['link_id', 'port_side'])
    .where('port_id', '=', portId)
    .execute();
  const cables = await cableCards(
    db,
    ends.map((end) => end.link_id),
  );
  const at = (side: 'front' | 'rear') =>
    cables.get(ends.find((end) => end.port_side === side)?.link_id ?? 0) ?? null;
  return { port, front: at('front'), rear: at('rear') };
}
