import type { BilingualText } from '@rackhaus/config/contract';
import type { Database } from '../../database/tables.ts';
import { type EnqueuedMessage, enqueue } from '../delivery/enqueue.ts';
import { courseOfIncident, findStep, keepPosition, type Planning } from './escalate.ts';
import { type IncidentRow, titleOf } from './incident-message.ts';
import type { Waiting } from './notice.ts';
import { type ToldChannel, toldBefore } from './told-before.ts';

/** How an incident of the night stands in the morning. `over`: somebody had been told of it before the night. */
type Standing = 'open' | 'taken' | 'gone' | 'over';
interface Line {
  readonly incident: IncidentRow;
  readonly standing: Standing;
}
interface Summary extends ToldChannel {
  readonly lines: Line[];
}

/**
 * Tells at the end of quiet hours what they held, each person in one message: what is still open, and what came and went.
 * For what is open this is the first step of its plan; the wait before the second one begins now.
 */
export async function tellSummary(planning: Planning, held: readonly Waiting[]): Promise<void> {
  const { tx, about } = planning;
  const { now } = about;
  const { numUpdatedRows } = await tx
    .updateTable('notices')
    .set({ planned_at: now })
    .where('planned_at', 'is', null)
    .where(
      'id',
      'in',
      held.map(({ id }) => id),
    )
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return;
  const summaries = await collect(planning, held);
  if (summaries.length === 0) return;
  const told = summaries.map(({ channelId, userId, lines }) => ({
    channelId,
    userId,
    incidents: lines.map(({ incident }) => incident.id),
  }));
  const { id } = await tx
    .insertInto('notices')
    .values({
      incident_id: null,
      kind: 'summary',
      time: now,
      planned_at: now,
      detail: JSON.stringify({ told }),
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  for (const { channelId, userId, lines } of summaries)
    await enqueue(tx, {
      noticeId: id,
      incidentId: null,
      channelId,
      userId,
      kind: 'summary',
      step: null,
      message: summaryMessage(lines, now),
      now,
    });
}

async function collect(planning: Planning, held: readonly Waiting[]): Promise<Summary[]> {
  const byChannel = new Map<number, Summary>();
  for (const [incidentId, notices] of Map.groupBy(held, (notice) => notice.incidentId)) {
    if (incidentId === null) continue;
    const incident = await load(planning.tx, incidentId);
    if (incident === undefined) continue;
    const began = notices.some(({ kind }) => kind !== 'acknowledged' && kind !== 'resolved');
    const standing = standingOf(incident, began);
    if (standing === null) continue;
    const channels = began ? await firstStep(planning, incident) : await toldBefore(planning.tx, incident);
    for (const channel of channels) {
      const summary = byChannel.get(channel.channelId) ?? { ...channel, lines: [] };
      summary.lines.push({ incident, standing });
      byChannel.set(channel.channelId, summary);
    }
  }
  return [...byChannel.values()];
}

async function load(tx: Database, id: number): Promise<IncidentRow | undefined> {
  return tx.selectFrom('incidents').selectAll().where('id', '=', id).executeTakeFirst();
}

/** null: there is nothing left to say. */
function standingOf(incident: IncidentRow, began: boolean): Standing | null {
  if (incident.state === 'resolved') return began ? 'gone' : 'over';
  if (incident.state === 'acknowledged') return began ? 'taken' : null;
  return began ? 'open' : null;
}

async function firstStep(planning: Planning, incident: IncidentRow): Promise<ToldChannel[]> {
  const told = findStep(incident, courseOfIncident(incident, planning), { step: 0, round: 0 }, planning);
  if (told === null) return [];
  await keepPosition(planning, incident, told);
  return told.choice.recipients.map(({ channel, userId }) => ({ channelId: channel.id, userId }));
}

const standings = {
  open: { de: 'noch offen', en: 'still open' },
  taken: { de: 'übernommen', en: 'taken' },
  gone: { de: 'kam und ging', en: 'came and went' },
  over: { de: 'vorbei', en: 'over' },
} as const satisfies Record<Standing, BilingualText>;
const order: readonly Standing[] = ['open', 'taken', 'gone', 'over'];
/** More are counted. */
const namedLines = 12;

/** Pure. What is open comes first. */
export function summaryMessage(lines: readonly Line[], now: number): EnqueuedMessage {
  const sorted = lines.toSorted(
    (a, b) => order.indexOf(a.standing) - order.indexOf(b.standing) || a.incident.since - b.incident.since,
  );
  const open = sorted.filter(({ standing }) => standing === 'open').length;
  const count = sorted.length;
  const text = (language: 'de' | 'en'): string => {
    const shown = sorted.slice(0, namedLines).map(({ incident, standing }) => {
      const place = incident.place === '' ? '' : ` (${incident.place})`;
      return `${titleOf(incident)[language]}${place}: ${standings[standing][language]}`;
    });
    const more = count - shown.length;
    if (more > 0) shown.push(language === 'de' ? `und ${more} weitere` : `and ${more} more`);
    return shown.join('\n');
  };
  return {
    notice: 'summary',
    incidentId: null,
    severity: 'warning',
    title: {
      de: `In der Ruhezeit: ${count === 1 ? '1 Meldung' : `${count} Meldungen`}, ${open === 0 ? 'nichts mehr offen' : `${open} noch offen`}`,
      en: `In the quiet hours: ${count === 1 ? '1 alert' : `${count} alerts`}, ${open === 0 ? 'nothing open any more' : `${open} still open`}`,
    },
    place: '',
    effect: { de: '', en: '' },
    text: { de: text('de'), en: text('en') },
    since: Math.min(now, ...sorted.map(({ incident }) => incident.since)),
    time: now,
    drill: false,
  };
}
