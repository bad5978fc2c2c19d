import { BilingualText, Condition, IncidentCause } from '@rackhaus/config/contract';
import { type Insertable, type Selectable, sql } from 'kysely';
import type { Database } from '../database/tables.ts';
import { chunked, Rows } from '../history/rows.ts';
import { patienceMs } from './decide.ts';
import type { Change, Incident, Known, Member, Moment } from './incident.ts';
import type { AlertingTables } from './tables.ts';

/** How long an incident that was over opens again instead of another one. */
export const reopenMs = 5 * 60_000;

type Row = Selectable<AlertingTables['incidents']>;

/** What was known when it was last written. Durations begin anew: the steady clock is that of this process. */
export async function loadKnown(db: Database, time: Moment): Promise<Known> {
  const rows = await db
    .selectFrom('incidents')
    .selectAll()
    .where((e) =>
      e.or([
        e('state', '!=', 'resolved'),
        e.and([e('resolved_at', '>', time.now - reopenMs), e('opened_at', 'is not', null)]),
      ]),
    )
    .orderBy('id')
    .execute();
  const open = new Map<string, Incident>();
  const recent = new Map<string, Incident>();
  for (const incident of await whole(db, rows, time))
    (incident.state === 'resolved' ? recent : open).set(incident.key, incident);
  return { open, recent };
}

/** One incident, whatever its state; null: there is none. */
export async function loadOne(db: Database, id: number, time: Moment): Promise<Incident | null> {
  const rows = await db.selectFrom('incidents').selectAll().where('id', '=', id).execute();
  return (await whole(db, rows, time))[0] ?? null;
}

async function whole(db: Database, rows: readonly Row[], time: Moment): Promise<Incident[]> {
  const ids = rows.map(({ id }) => id);
  const members = await membersOf(db, ids);
  const told = await toldOf(db, ids);
  const windows = await windowNames(db, rows);
  return rows.map((row) => ({
    ...incidentOf(row),
    heldBy: row.held_by === null ? null : { id: row.held_by, name: windows.get(row.held_by) ?? '' },
    members: members.get(row.id) ?? new Map<string, Member>(),
    told: told.has(row.id),
    // What no cause claims any more is taken out of it after a while, whether one had.
    explained: true,
    recheck: [],
    pendingUntil: time.steady + patienceMs,
    calmSince: null,
    returns: [],
    foundAt: time.steady,
    doubtSince: null,
    gone: new Set<number>(),
  }));
}

/** A row without what is kept elsewhere. */
export function incidentOf(row: Row) {
  return {
    id: row.id,
    key: row.key,
    state: row.state,
    severity: row.severity,
    title: BilingualText.parse(JSON.parse(row.title)),
    advice: BilingualText.parse(JSON.parse(row.advice)),
    place: row.place,
    cause: IncidentCause.parse(JSON.parse(row.cause)),
    siteId: row.site_id,
    roomId: row.room_id,
    since: row.since,
    openedAt: row.opened_at,
    acknowledgedAt: row.acknowledged_at,
    acknowledgedBy: row.acknowledged_by,
    resolvedAt: row.resolved_at,
    snoozedUntil: row.snoozed_until,
    flapping: row.flapping === 1,
    unknown: row.unknown === 1,
    drill: row.drill === 1,
    updatedAt: row.updated_at,
  };
}

export function memberOf(row: Selectable<AlertingTables['incident_members']>): Member {
  return {
    role: row.role,
    condition: Condition.parse(JSON.parse(row.condition)),
    since: row.since,
    endedAt: row.ended_at,
  };
}

async function membersOf(db: Database, ids: readonly number[]): Promise<Map<number, Map<string, Member>>> {
  const all = new Map<number, Map<string, Member>>();
  for (const part of chunked(ids))
    for (const row of await db
      .selectFrom('incident_members')
      .selectAll()
      .where('incident_id', 'in', part)
      .orderBy('id')
      .execute()) {
      const members = all.get(row.incident_id) ?? new Map<string, Member>();
      all.set(row.incident_id, members.set(row.condition_id, memberOf(row)));
    }
  return all;
}

async function toldOf(db: Database, ids: readonly number[]): Promise<Set<number>> {
  const told = new Set<number>();
  for (const part of chunked(ids))
    for (const { incident_id: id, kind } of await db
      .selectFrom('notices')
      .select(['incident_id', 'kind'])
      .where('incident_id', 'in', part)
      .where('kind', 'in', ['opened', 'resolved'])
      .orderBy('id')
      .execute()) {
      if (id === null) continue;
      if (kind === 'opened') told.add(id);
      else told.delete(id);
    }
  return told;
}

export async function windowNames(
  db: Database,
  rows: readonly Pick<Row, 'held_by'>[],
): Promise<Map<number, string>> {
  const ids = [...new Set(rows.flatMap(({ held_by: id }) => id ?? []))];
  if (ids.length === 0) return new Map();
  const windows = await db.selectFrom('maintenances').select(['id', 'name']).where('id', 'in', ids).execute();
  return new Map(windows.map(({ id, name }) => [id, name]));
}

/**
 * Writes what becomes of incidents, in the caller's transaction: rows, members, events, notices.
 * @returns the incidents as they are then, with their ids, in the order of `changes`
 */
export async function writeChanges(tx: Database, changes: readonly Change[]): Promise<Incident[]> {
  const ids = new Map<Change, number>();
  // What is over makes room for its key first.
  for (const change of changes) if (change.dropped) await remove(tx, change);
  for (const change of changes)
    if (!change.dropped && change.after.state === 'resolved') await update(tx, change);
  for (const change of changes)
    if (!change.dropped && change.after.state !== 'resolved' && change.before !== null)
      await update(tx, change);
  for (const change of changes) {
    if (change.dropped) continue;
    const id = change.before === null ? await insert(tx, change.after) : change.after.id;
    ids.set(change, id);
  }
  const rows = new Rows(tx);
  for (const [change, id] of ids) await writeMembers(tx, rows, id, change);
  const written = [...ids];
  await rows.append(
    'incident_events',
    written.flatMap(([{ events }, id]) =>
      events.map(({ time, kind, by = null, text = null, title }) => ({
        incident_id: id,
        time,
        kind,
        by,
        text,
        detail: JSON.stringify(title === undefined ? {} : { title }),
      })),
    ),
  );
  await rows.append(
    'notices',
    written.flatMap(([{ notices, after }, id]) =>
      notices.map(({ kind, time, text }) => ({
        incident_id: id,
        kind,
        time,
        detail: JSON.stringify({ severity: after.severity, title: after.title, place: after.place, text }),
        planned_at: null,
      })),
    ),
  );
  return changes.map((change) => ({ ...change.after, id: ids.get(change) ?? change.after.id }));
}

async function remove(tx: Database, { after: { id } }: Change): Promise<void> {
  if (id === 0) return;
  for (const table of ['incident_members', 'incident_events'] as const)
    await tx.deleteFrom(table).where('incident_id', '=', id).execute();
  await tx.deleteFrom('incidents').where('id', '=', id).execute();
}

async function update(tx: Database, { before, after }: Change): Promise<void> {
  if (before === null) return;
  await tx.updateTable('incidents').set(rowOf(after)).where('id', '=', after.id).execute();
}

async function insert(tx: Database, incident: Incident): Promise<number> {
  const { id } = await tx
    .insertInto('incidents')
    .values(rowOf(incident))
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

function rowOf(incident: Incident): Insertable<AlertingTables['incidents']> {
  return {
    key: incident.key,
    state: incident.state,
    severity: incident.severity,
    title: JSON.stringify(incident.title),
    advice: JSON.stringify(incident.advice),
    place: incident.place,
    cause: JSON.stringify(incident.cause),
    site_id: incident.siteId,
    room_id: incident.roomId,
    since: incident.since,
    opened_at: incident.openedAt,
    acknowledged_at: incident.acknowledgedAt,
    acknowledged_by: incident.acknowledgedBy,
    resolved_at: incident.resolvedAt,
    snoozed_until: incident.snoozedUntil,
    held_by: incident.heldBy?.id ?? null,
    flapping: incident.flapping ? 1 : 0,
    unknown: incident.unknown ? 1 : 0,
    drill: incident.drill ? 1 : 0,
    updated_at: incident.updatedAt,
  };
}

/** In bulk: thousands come and go at once when a core switch does. */
async function writeMembers(tx: Database, rows: Rows, id: number, change: Change): Promise<void> {
  const { before, members } = change;
  const known = members.filter(({ condition }) => before?.members.has(condition.id) === true);
  const ended = known.filter(({ endedAt }) => endedAt !== null);
  for (const [at, of] of Map.groupBy(ended, ({ endedAt }) => endedAt))
    await sql`update incident_members set ended_at = ${at} where incident_id = ${id}
      and condition_id in (select value from json_each(${idsOf(of)}))`.execute(tx);
  const again = known.filter(({ endedAt }) => endedAt === null);
  if (again.length > 0)
    await sql`delete from incident_members where incident_id = ${id}
      and condition_id in (select value from json_each(${idsOf(again)}))`.execute(tx);
  const isKnown = new Set(ended);
  await rows.append(
    'incident_members',
    members
      .filter((member) => !isKnown.has(member))
      .map(({ condition, role, since, endedAt }) => ({
        incident_id: id,
        condition_id: condition.id,
        role,
        condition: JSON.stringify(condition),
        device_id: condition.deviceId,
        since,
        ended_at: endedAt,
      })),
  );
}

function idsOf(members: readonly Member[]): string {
  return JSON.stringify(members.map(({ condition }) => condition.id));
}
