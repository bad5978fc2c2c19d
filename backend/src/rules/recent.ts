import { sql } from 'kysely';
import { incidentInReach } from '../access/scope/addressed.ts';
import type { Reach } from '../access/scope.ts';
import type { Database } from '../database/tables.ts';

/** Of how many incidents each rule was a part since a time. What only suffered from a fault elsewhere does not count. */
export async function recentIncidents(
  db: Database,
  since: number,
  reach: Reach | null = null,
): Promise<Map<string, number>> {
  let query = db
    .selectFrom('incident_members')
    .innerJoin('incidents', 'incidents.id', 'incident_members.incident_id')
    .select(['incident_members.condition_id', 'incident_members.incident_id'])
    .distinct()
    .where('incident_members.since', '>=', since)
    .where('incident_members.role', '<>', 'affected')
    .where('incidents.drill', '=', 0);
  if (reach !== null)
    query = query.where(
      sql<boolean>`incidents.id in (select id from incidents where ${incidentInReach(reach)})`,
    );
  const rows = await query.execute();
  const incidents = new Map<string, Set<number>>();
  for (const { condition_id, incident_id } of rows) {
    const rule = condition_id.split('/')[1];
    if (rule === undefined) continue;
    const known = incidents.get(rule) ?? new Set();
    incidents.set(rule, known.add(incident_id));
  }
  return new Map([...incidents].map(([rule, ids]) => [rule, ids.size]));
}
