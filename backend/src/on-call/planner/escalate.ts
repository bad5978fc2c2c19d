import type { AlertSettings, BilingualText, NoticeKind } from '@rackhaus/config/contract';
import type { Database } from '../../database/tables.ts';
import { enqueue } from '../delivery/enqueue.ts';
import { type Choice, type Circumstances, reach } from '../escalation/recipients.ts';
import {
  type Course,
  courseFor,
  courseOf,
  everybodyWhoCouldAct,
  firstReaching,
  type Position,
  type Step,
} from '../escalation/steps.ts';
import type { Plans } from '../load-plans.ts';
import { wallOf } from '../rota/wall-clock.ts';
import { eventTexts, whoText } from './event-text.ts';
import { type IncidentRow, incidentMessage } from './incident-message.ts';

/** A line for the story of an incident, written after the commit. */
export interface StoryLine {
  readonly incidentId: number;
  readonly kind: 'escalated' | 'nobody';
  readonly text: BilingualText;
}

/** What planning works with, within one transaction. */
export interface Planning {
  readonly tx: Database;
  readonly about: Circumstances;
  readonly settings: AlertSettings;
  readonly story: StoryLine[];
}

/** How soon it is tried again to reach anybody at all. */
const nobodyAgainMs = 5 * 60_000;
/** In `incident_escalations.step`: nobody has been reached yet. */
export const nobodyReached = -1;

export function courseOfIncident(
  incident: Pick<IncidentRow, 'severity' | 'site_id'>,
  { about, settings }: Pick<Planning, 'about' | 'settings'>,
): Course {
  const wall = wallOf(settings.timeZone, about.now);
  return courseFor(about.plans.escalations, { severity: incident.severity, siteId: incident.site_id }, wall);
}

/** The plan by its id as it is now; where it is gone, the one that fits. */
export function courseById(id: number, incident: IncidentRow, planning: Planning): Course {
  const known = planning.about.plans.escalations.find((escalation) => escalation.id === id);
  if (id === everybodyWhoCouldAct.id) return everybodyWhoCouldAct;
  return known === undefined ? courseOfIncident(incident, planning) : courseOf(known);
}

export interface Told {
  readonly course: Course;
  readonly position: Position;
  readonly choice: Choice;
}

/**
 * The step that is to be told, from `start` on: steps that reach nobody are passed over and named in the story; where the
 * rest of the plan reaches nobody, all administrators are told. null: nobody at all can be told.
 */
export function findStep(
  incident: IncidentRow,
  course: Course,
  start: Position | null,
  { about, story }: Planning,
): Told | null {
  const line = (text: BilingualText) => story.push({ incidentId: incident.id, kind: 'nobody', text });
  const tell = (step: Step): Choice | null => reach(step.to, incident.severity, about);
  const { reached, passed } = firstReaching(course, start, tell);
  if (course.id !== everybodyWhoCouldAct.id)
    for (const position of passed) line(eventTexts.passed(course, position));
  if (reached !== null) return { course, position: reached.position, choice: reached.who };
  if (course.id === everybodyWhoCouldAct.id) return null;
  const [everybody] = everybodyWhoCouldAct.steps;
  const choice = everybody === undefined ? null : tell(everybody);
  if (choice === null) return null;
  line(eventTexts.emptyPlan(course));
  return { course: everybodyWhoCouldAct, position: { step: 0, round: 0 }, choice };
}

/**
 * Tells a step of an incident and says when the next one is due; `start` null: the plan has come to its end, nothing more is
 * told. `noticeId`: of what made it so.
 */
export async function tellStep(
  planning: Planning,
  incident: IncidentRow,
  notice: { readonly id: number; readonly kind: NoticeKind },
  course: Course,
  start: Position,
): Promise<void> {
  const { tx, about, story } = planning;
  const { now, plans } = about;
  const told = findStep(incident, course, start, planning);
  if (told === null) {
    await nobodyAtAll(planning, incident, course);
    return;
  }
  const { position, choice } = told;
  const message = await incidentMessage(tx, incident, notice.kind, now);
  for (const { channel, userId } of choice.recipients)
    await enqueue(tx, {
      noticeId: notice.id,
      incidentId: incident.id,
      channelId: channel.id,
      userId,
      kind: notice.kind,
      step: position.step + 1,
      round: position.round,
      message,
      now,
    });
  const cutOff = choice.cutOff.length === 0 ? null : whoText(choice.cutOff, plans);
  const text = eventTexts.told(told.course, position, whoText(choice.recipients, plans), cutOff);
  story.push({ incidentId: incident.id, kind: 'escalated', text });
  await keepPosition(planning, incident, told);
}

/** The wait before the next step begins; nobody waits for an incident that somebody has taken. */
export async function keepPosition(
  { tx, about }: Planning,
  incident: IncidentRow,
  { course, position }: Omit<Told, 'choice'>,
): Promise<void> {
  const wait = course.steps[position.step]?.waitMinutes ?? 0;
  await keep(tx, incident.id, {
    escalation_id: course.id,
    ...position,
    next_at: incident.state === 'open' ? about.now + wait * 60_000 : null,
  });
}

async function nobodyAtAll(
  { tx, about, story }: Planning,
  incident: IncidentRow,
  course: Course,
): Promise<void> {
  const before = await tx
    .selectFrom('incident_escalations')
    .select('step')
    .where('incident_id', '=', incident.id)
    .executeTakeFirst();
  // Said once, tried until it works.
  if (before?.step !== nobodyReached)
    story.push({ incidentId: incident.id, kind: 'nobody', text: eventTexts.nobody() });
  await keep(tx, incident.id, {
    escalation_id: course.id,
    step: nobodyReached,
    round: 0,
    next_at: incident.state === 'open' ? about.now + nobodyAgainMs : null,
  });
}

async function keep(
  tx: Database,
  incidentId: number,
  values: { escalation_id: number; step: number; round: number; next_at: number | null },
): Promise<void> {
  await tx
    .insertInto('incident_escalations')
    .values({ incident_id: incidentId, ...values })
    .onConflict((conflict) => conflict.column('incident_id').doUpdateSet(values))
    .execute();
}

export async function setNext(tx: Database, incidentId: number, nextAt: number | null): Promise<void> {
  await tx
    .updateTable('incident_escalations')
    .set({ next_at: nextAt })
    .where('incident_id', '=', incidentId)
    .execute();
}

/** What of the plans a test or a summary needs besides. */
export function isSomebody(plans: Plans, userId: number): boolean {
  return plans.people.get(userId)?.disabled === false;
}
