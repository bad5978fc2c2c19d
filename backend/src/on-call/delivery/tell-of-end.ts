import type { Database } from '../../database/tables.ts';
import { channelsOf } from '../channels/working.ts';
import { enqueue } from './enqueue.ts';

/**
 * Tells the owner of a channel that has ended, by the first other one that works, within the transaction that switches it off.
 */
export async function tellOfEnd(tx: Database, channelId: number, now: number): Promise<void> {
  const channel = await tx
    .selectFrom('channels')
    .select(['user_id', 'name'])
    .where('id', '=', channelId)
    .executeTakeFirst();
  if (channel === undefined || channel.user_id === null) return;
  const others = await channelsOf(tx, channel.user_id);
  const other = others.find(({ id, failing }) => id !== channelId && !failing);
  if (other === undefined) return;
  const notice = await tx
    .insertInto('notices')
    .values({ incident_id: null, kind: 'summary', time: now, planned_at: now })
    .returning('id')
    .executeTakeFirstOrThrow();
  await enqueue(tx, {
    noticeId: notice.id,
    incidentId: null,
    channelId: other.id,
    userId: channel.user_id,
    kind: 'summary',
    step: null,
    message: {
      notice: 'summary',
      incidentId: null,
      severity: 'warning',
      title: {
        de: `„${channel.name}“ erreicht Sie nicht mehr`,
        en: `“${channel.name}” reaches you no more`,
      },
      place: '',
      effect: { de: '', en: '' },
      text: {
        de: 'Der Browser hat das Abonnement beendet. Bitte öffnen Sie Rackhaus auf diesem Gerät, dann wird es erneuert.',
        en: 'The browser has ended the subscription. Please open Rackhaus on that device, which renews it.',
      },
      since: now,
      time: now,
      drill: false,
    },
    now,
  });
}
