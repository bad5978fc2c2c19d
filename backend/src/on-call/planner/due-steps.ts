import type { Database } from '../../database/tables.ts';
import { isQuiet, quietEnd } from '../escalation/quiet.ts';
import { after } from '../escalation/steps.ts';
import { courseById, nobodyReached, type Planning, setNext, tellStep } from './escalate.ts';
import type { IncidentRow } from './incident-message.ts';

/** How soon an incident that maintenance holds is looked at again. */
const heldAgainMs = 60_000;

/** Incidents whose next step is due, longest waiting first. */
export async function dueIncidents(db: Database, now: number): Promise<number[]> {
  const rows = await db
    .selectFrom('incident_escalations')
    .select('incident_id as id')
    .where('next_at', '<=', now)
    .orderBy('next_at')
    .execute();
  return rows.map(({ id }) => id);
}

/** Tells the next step of an incident, once, however long ago it was due; or says why not now. */
export async function takeStep(planning: Planning, incidentId: number): Promise<void> {
  const { tx, about } = planning;
  const stand = await tx
    .selectFrom('incident_escalations')
    .selectAll()
    .where('incident_id', '=', incidentId)
    .where('next_at', '<=', about.now)
    .executeTakeFirst();
  const incident = await tx
    .selectFrom('incidents')
    .selectAll()
    .where('id', '=', incidentId)
    .executeTakeFirst();
  if (stand === undefined || incident === undefined) return;
  const later = postponed(incident, planning);
  if (later !== undefined) return setNext(tx, incidentId, later);

  const course = courseById(stand.escalation_id, incident, planning);
  const next =
    stand.step === nobodyReached
      ? { step: 0, round: 0 }
      : after({ step: stand.step, round: stand.round }, course);
  if (next === null) return setNext(tx, incidentId, null);
  const notice = await tx
    .insertInto('notices')
    .values({ incident_id: incidentId, kind: 'escalated', time: about.now, planned_at: about.now })
    .returning('id')
    .executeTakeFirstOrThrow();
  await tellStep(planning, incident, { id: notice.id, kind: 'escalated' }, course, next);
}

/** When to look again; null: never; undefined: the step is to be told now. */
function postponed(incident: IncidentRow, { about, settings }: Planning): number | null | undefined {
  const { now } = about;
  if (incident.state !== 'open') return null;
  if (incident.snoozed_until !== null && incident.snoozed_until > now) return incident.snoozed_until;
  if (incident.held_by !== null) return now + heldAgainMs;
  if (incident.severity !== 'critical' && incident.drill === 0 && isQuiet(settings, now))
    return quietEnd(settings, now);
  return undefined;
}
