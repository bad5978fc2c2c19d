import { BilingualText, type NoticeKind, type Severity } from '@rackhaus/config/contract';
import { z } from 'zod';
import type { Database } from '../../database/tables.ts';
import { enqueue } from '../delivery/enqueue.ts';
import { courseOfIncident, type Planning, setNext, tellStep } from './escalate.ts';
import { type IncidentRow, incidentMessage } from './incident-message.ts';
import { toldBefore } from './told-before.ts';
import { tellTest } from './weekly-test.ts';

/** A notice that is to become deliveries, with what decides when. */
export interface Waiting {
  readonly id: number;
  readonly incidentId: number | null;
  readonly kind: NoticeKind;
  readonly time: number;
  /** Of its incident; null: of none. */
  readonly severity: Severity | null;
  readonly drill: boolean;
}

/** In their order. */
export async function waitingNotices(db: Database): Promise<Waiting[]> {
  const rows = await db
    .selectFrom('notices')
    .leftJoin('incidents', 'incidents.id', 'notices.incident_id')
    .select([
      'notices.id',
      'notices.incident_id as incidentId',
      'notices.kind',
      'notices.time',
      'incidents.severity',
      'incidents.drill',
    ])
    .where('notices.planned_at', 'is', null)
    .orderBy('notices.id')
    .execute();
  return rows.map((row) => ({ ...row, drill: row.drill === 1 }));
}

/** Turns one notice into deliveries. Nothing happens to one that has been planned already. */
export async function planNotice(planning: Planning, { id, kind, incidentId }: Waiting): Promise<void> {
  const { tx, about } = planning;
  const { now } = about;
  // What quiet hours held of the same incident is part of what is told now.
  const { numUpdatedRows } = await tx
    .updateTable('notices')
    .set({ planned_at: now })
    .where('planned_at', 'is', null)
    .where((where) =>
      incidentId === null
        ? where('id', '=', id)
        : where.and([where('incident_id', '=', incidentId), where('id', '<=', id)]),
    )
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return;
  if (kind === 'test') return tellTest(planning, id);
  if (incidentId === null) return;
  const incident = await tx
    .selectFrom('incidents')
    .selectAll()
    .where('id', '=', incidentId)
    .executeTakeFirst();
  if (incident === undefined) return;
  if (kind === 'acknowledged' || kind === 'resolved') return tellOver(planning, incident, id, kind);
  // A plan that fits what it has become may be another one: it begins with its first step.
  const course = courseOfIncident(incident, planning);
  return tellStep(planning, incident, { id, kind }, course, { step: 0, round: 0 });
}

async function tellOver(
  { tx, about }: Planning,
  incident: IncidentRow,
  noticeId: number,
  kind: 'acknowledged' | 'resolved',
): Promise<void> {
  // Taken and given back since: it goes on.
  if (incident.state !== 'open') await setNext(tx, incident.id, null);
  const told = await toldBefore(tx, incident);
  if (told.length === 0) return;
  const message = await incidentMessage(tx, incident, kind, about.now);
  const text = await textOfNotice(tx, noticeId);
  for (const { channelId, userId } of told)
    await enqueue(tx, {
      noticeId,
      incidentId: incident.id,
      channelId,
      userId,
      kind,
      step: null,
      message: text === null ? message : { ...message, text },
      now: about.now,
    });
}

/** What is kept with a notice besides what its incident says, as into which other one it went. */
const NoticeDetail = z.object({ text: BilingualText.optional() });

async function textOfNotice(tx: Database, noticeId: number): Promise<BilingualText | null> {
  const { detail } = await tx
    .selectFrom('notices')
    .select('detail')
    .where('id', '=', noticeId)
    .executeTakeFirstOrThrow();
  return NoticeDetail.parse(JSON.parse(detail)).text ?? null;
}
