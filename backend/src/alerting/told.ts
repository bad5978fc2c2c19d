import { EscalationPlan, type IncidentDetail } from '@rackhaus/config/contract';
import type { Database } from '../database/tables.ts';
import { after, everybodyWhoCouldAct, type Position } from '../on-call/escalation/steps.ts';

const mostDeliveries = 500;

/** Who was told of an incident, how, and whether it arrived; in the order of telling. */
export async function toldOf(db: Database, incidentId: number): Promise<IncidentDetail['told']> {
  const rows = await db
    .selectFrom('deliveries as d')
    .leftJoin('channels as c', 'c.id', 'd.channel_id')
    .leftJoin('users as u', 'u.id', 'd.user_id')
    .select([
      'd.id',
      'u.name as person',
      'c.name as channel',
      'c.kind as channelKind',
      'd.kind as notice',
      'd.step',
      'd.state',
      'd.created_at as createdAt',
      'd.sent_at as sentAt',
      'd.receipt_at as receiptAt',
      'd.late',
      'd.last_error as error',
    ])
    .where('d.incident_id', '=', incidentId)
    .orderBy('d.id')
    .limit(mostDeliveries)
    .execute();
  return rows.map((row) => ({
    ...row,
    channel: row.channel ?? '',
    channelKind: row.channelKind ?? '',
    late: row.late === 1,
  }));
}

/** Who is told next unless somebody takes it; null: nobody. */
export async function nextOf(db: Database, incidentId: number): Promise<IncidentDetail['next']> {
  const row = await db
    .selectFrom('incident_escalations as i')
    .leftJoin('escalations as e', 'e.id', 'i.escalation_id')
    .select(['i.next_at as at', 'i.step', 'i.round', 'e.name as escalation', 'e.plan'])
    .where('i.incident_id', '=', incidentId)
    .executeTakeFirst();
  if (row === undefined || row.at === null) return null;
  if (row.plan === null) return administratorsNext(db, { at: row.at, step: row.step, round: row.round });
  const { steps, repeat } = EscalationPlan.parse(JSON.parse(row.plan));
  // What is kept is the step that was told last, from 0; below that, nobody has been reached yet.
  const next = after({ step: row.step, round: row.round }, { steps, repeat });
  if (next === null) return null;
  return {
    at: row.at,
    step: next.step + 1,
    people: await namesOf(db, steps[next.step]?.to ?? []),
    escalation: row.escalation ?? '',
  };
}

/** Where no plan fits, and it has no name then: whoever could act. */
async function administratorsNext(
  db: Database,
  { at, ...position }: Position & { at: number },
): Promise<IncidentDetail['next']> {
  const next = after(position, everybodyWhoCouldAct);
  if (next === null) return null;
  const people = await db
    .selectFrom('users')
    .select('name')
    .where('role', '=', 'administrator')
    .where('disabled', '=', 0)
    .orderBy('name')
    .execute();
  return { at, step: next.step + 1, people: people.map(({ name }) => name), escalation: '' };
}

/** Names of people, rotas and channels, in their order. */
async function namesOf(db: Database, to: EscalationPlan['steps'][number]['to']): Promise<string[]> {
  const names: string[] = [];
  for (const target of to) {
    const found = await nameOf(db, target);
    if (found !== undefined) names.push(found.name);
  }
  return names;
}

function nameOf(db: Database, target: EscalationPlan['steps'][number]['to'][number]) {
  switch (target.kind) {
    case 'rota':
      return db.selectFrom('rotas').select('name').where('id', '=', target.rotaId).executeTakeFirst();
    case 'person':
      return db.selectFrom('users').select('name').where('id', '=', target.userId).executeTakeFirst();
    case 'channel':
      return db.selectFrom('channels').select('name').where('id', '=', target.channelId).executeTakeFirst();
  }
}
