import { type DrillList, drillScenarios } from '@rackhaus/config/contract';
import { z } from 'zod';
import type { Database } from '../../database/tables.ts';

/** More are not shown at once: with one a month that is many years. */
const most = 200;

/** The record of each drill, newest first: what happened after how many seconds. */
export function listDrills(db: Database): Promise<DrillList> {
  return db.transaction().execute(async (tx) => {
    const drills = await tx
      .selectFrom('drills')
      .leftJoin('incidents', 'incidents.id', 'drills.incident_id')
      .select([
        'drills.id',
        'drills.name',
        'drills.scenario',
        'drills.incident_id',
        'drills.device',
        'drills.started_at',
        'drills.started_by',
        'drills.ended_at',
        'drills.result',
        'incidents.opened_at',
        'incidents.acknowledged_at',
        'incidents.acknowledged_by',
      ])
      .orderBy('drills.id', 'desc')
      .limit(most)
      .execute();
    const told = await deliveriesOf(
      tx,
      drills.flatMap(({ incident_id: id }) => (id === null ? [] : [id])),
    );
    return {
      drills: drills.map((drill) => {
        const after = (time: number | null) =>
          time === null ? null : Math.max(0, (time - drill.started_at) / 1000);
        const deliveries = told.get(drill.incident_id ?? 0) ?? [];
        const sent = deliveries.flatMap(({ sent_at: at }) => (at === null ? [] : [at]));
        return {
          id: drill.id,
          name: drill.name,
          scenario: z.enum(drillScenarios).parse(drill.scenario),
          incidentId: drill.incident_id,
          device: drill.device,
          startedAt: drill.started_at,
          startedBy: drill.started_by,
          endedAt: drill.ended_at,
          openedSeconds: after(drill.opened_at),
          firstSentSeconds: after(sent.length === 0 ? null : Math.min(...sent)),
          acknowledgedSeconds: after(drill.acknowledged_at),
          acknowledgedBy: drill.acknowledged_by,
          told: deliveries.map((delivery) => ({
            person: delivery.person,
            channel: delivery.channel ?? '',
            sentSeconds: after(delivery.sent_at),
            receiptSeconds: after(delivery.receipt_at),
            error: delivery.last_error,
          })),
          result: drill.result,
        };
      }),
    };
  });
}

/** What was sent because of the fault; not that it was over. */
async function deliveriesOf(tx: Database, incidentIds: readonly number[]) {
  if (incidentIds.length === 0) return new Map<number, never[]>();
  const rows = await tx
    .selectFrom('deliveries')
    .leftJoin('channels', 'channels.id', 'deliveries.channel_id')
    .leftJoin('users', 'users.id', 'deliveries.user_id')
    .select([
      'deliveries.incident_id',
      'deliveries.sent_at',
      'deliveries.receipt_at',
      'deliveries.last_error',
      'channels.name as channel',
      'users.name as person',
    ])
    .where('deliveries.incident_id', 'in', incidentIds)
    .where('deliveries.kind', 'in', ['opened', 'worse', 'escalated', 'reminder', 'drill'])
    .orderBy('deliveries.id')
    .execute();
  return Map.groupBy(rows, (row) => row.incident_id ?? 0);
}
