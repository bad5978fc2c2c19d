import { BilingualText, Condition } from '@rackhaus/config/contract';
import type { Database } from '../../database/tables.ts';
import { dependentsOf } from '../../inventory/services/needs.ts';

/** Services that suffer from open incidents. */
export type AffectedServices = (
  tx: Database,
) => Promise<
  readonly { readonly incidentId: number; readonly serviceId: number; readonly title: BilingualText }[]
>;

/** What makes a service suffer: its device cannot be reached, or does not do what it is there for. A full disk alone does not. */
const sufferingFamilies: ReadonlySet<string> = new Set(['reachability', 'service']);

/**
 * Services that run on a device that an open incident has taken away, and those that need them; each for the incident
 * that began first. Drills and what is in maintenance are left out.
 */
export function affectedServices(familyOf: (ruleId: string) => string | null): AffectedServices {
  return async (tx) => {
    const rows = await tx
      .selectFrom('incident_members')
      .innerJoin('incidents', 'incidents.id', 'incident_members.incident_id')
      .select([
        'incidents.id as incident',
        'incidents.title',
        'incident_members.role',
        'incident_members.condition',
        'incident_members.device_id as device',
      ])
      .where('incidents.state', 'in', ['open', 'acknowledged'])
      .where('incidents.drill', '=', 0)
      .where('incidents.held_by', 'is', null)
      .where('incident_members.ended_at', 'is', null)
      .where('incident_members.device_id', '!=', 0)
      .orderBy('incidents.since')
      .orderBy('incidents.id')
      .execute();
    const gone = rows.filter(
      ({ role, condition }) =>
        role === 'affected' ||
        sufferingFamilies.has(familyOf(Condition.parse(JSON.parse(condition)).rule) ?? ''),
    );
    if (gone.length === 0) return [];
    const runsOn = await tx.selectFrom('service_devices').select(['service_id', 'device_id']).execute();
    const needs = (await tx.selectFrom('service_needs').select(['service_id', 'needs_id']).execute()).map(
      (row) => ({ from: row.service_id, to: row.needs_id }),
    );
    const found = new Map<number, { incidentId: number; serviceId: number; title: BilingualText }>();
    for (const [incidentId, members] of Map.groupBy(gone, ({ incident }) => incident)) {
      const devices = new Set(members.map(({ device }) => device));
      const roots = new Set(runsOn.filter((row) => devices.has(row.device_id)).map((row) => row.service_id));
      const title = BilingualText.parse(JSON.parse(members[0]?.title ?? '{}'));
      for (const { id: serviceId } of dependentsOf(needs, [...roots]))
        if (!found.has(serviceId)) found.set(serviceId, { incidentId, serviceId, title });
    }
    return [...found.values()];
  };
}
