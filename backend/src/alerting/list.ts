import type { IncidentList, IncidentQuery, IncidentSummary } from '@rackhaus/config/contract';
import { type Selectable, sql } from 'kysely';
import type { z } from 'zod';
import { incidentInReach } from '../access/scope/addressed.ts';
import type { Reach } from '../access/scope.ts';
import type { Database } from '../database/tables.ts';
import { incidentOf, windowNames } from './store.ts';
import type { AlertingTables } from './tables.ts';

/** Incidents, newest first, a page at a time; `reach`: those of these sites. What was only looked into and is over is not among them. */
export async function listIncidents(
  db: Database,
  query: z.output<typeof IncidentQuery>,
  reach: Reach | null = null,
): Promise<IncidentList> {
  const { state, severity, siteId, deviceId, search, before, limit } = query;
  let rows = db
    .selectFrom('incidents')
    .selectAll()
    .where((e) => e.or([e('opened_at', 'is not', null), e('state', '!=', 'resolved')]));
  if (reach !== null) rows = rows.where(incidentInReach(reach));
  if (state === 'open') rows = rows.where('state', '!=', 'resolved');
  if (state === 'resolved') rows = rows.where('state', '=', 'resolved');
  if (severity !== undefined) rows = rows.where('severity', '=', severity);
  if (siteId !== undefined) rows = rows.where('site_id', '=', siteId);
  if (before !== undefined) rows = rows.where('id', '<', before);
  if (deviceId !== undefined)
    rows = rows.where('id', 'in', (e) =>
      e.selectFrom('incident_members').select('incident_id').where('device_id', '=', deviceId),
    );
  if (search !== undefined && search.trim() !== '') {
    const pattern = `%${search.trim().replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
    rows = rows.where((e) =>
      e.or(
        (['title', 'place', 'cause'] as const).map(
          (column) => sql<boolean>`${e.ref(column)} like ${pattern} escape '\\'`,
        ),
      ),
    );
  }
  const found = await rows
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  return { incidents: await summaries(db, found.slice(0, limit)), more: found.length > limit };
}

/** Rows as they are shown. */
export async function summaries(
  db: Database,
  rows: readonly Selectable<AlertingTables['incidents']>[],
): Promise<IncidentSummary[]> {
  const affected = await affectedOf(
    db,
    rows.map(({ id }) => id),
  );
  const windows = await windowNames(db, rows);
  return rows.map((row) => {
    const { key: _key, advice: _advice, ...incident } = incidentOf(row);
    return {
      ...incident,
      heldBy: row.held_by === null ? null : { id: row.held_by, name: windows.get(row.held_by) ?? '' },
      affected: affected.get(row.id) ?? 0,
    };
  });
}

async function affectedOf(db: Database, ids: readonly number[]): Promise<Map<number, number>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('incident_members as m')
    .innerJoin('incidents as i', 'i.id', 'm.incident_id')
    .select(['m.incident_id as id', (e) => e.fn.count<number>('m.device_id').distinct().as('count')])
    .where('m.incident_id', 'in', [...ids])
    .where('m.role', '=', 'affected')
    .where((e) => e.or([e('m.ended_at', 'is', null), e('i.state', '=', 'resolved')]))
    .groupBy('m.incident_id')
    .execute();
  return new Map(rows.map(({ id, count }) => [id, count]));
}
