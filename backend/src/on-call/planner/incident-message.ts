import { BilingualText, type NoticeKind } from '@rackhaus/config/contract';
import type { Selectable } from 'kysely';
import type { AlertingTables } from '../../alerting/tables.ts';
import type { Database } from '../../database/tables.ts';
import type { EnqueuedMessage } from '../delivery/enqueue.ts';

export type IncidentRow = Selectable<AlertingTables['incidents']>;

/** What hangs on an incident, as far as a message says it. */
export interface Effect {
  readonly devices: number;
  readonly services: readonly string[];
}

const namedServices = 3;

/** "23 Geräte, Telefonie betroffen"; empty where nothing hangs on it. */
export function effectText({ devices, services }: Effect): EnqueuedMessage['effect'] {
  const named = services.slice(0, namedServices);
  const more = services.length - named.length;
  const list = (count: string | null, and: string, end: string): string => {
    const parts = [...(count === null ? [] : [count]), ...named, ...(more > 0 ? [and] : [])];
    return parts.length === 0 ? '' : `${parts.join(', ')} ${end}`;
  };
  return {
    de: list(
      devices === 0 ? null : devices === 1 ? '1 Gerät' : `${devices} Geräte`,
      `${more} weitere Dienste`,
      'betroffen',
    ),
    en: list(
      devices === 0 ? null : devices === 1 ? '1 device' : `${devices} devices`,
      `${more} more services`,
      'affected',
    ),
  };
}

/**
 * Devices that cannot be reached because of it, and the services that run on them or on what has failed. A warning of a device
 * takes nothing from the services on it.
 */
export async function effectOf(
  tx: Database,
  incident: Pick<IncidentRow, 'id' | 'severity'>,
): Promise<Effect> {
  const members = () =>
    tx
      .selectFrom('incident_members')
      .where('incident_id', '=', incident.id)
      .where('ended_at', 'is', null)
      .where('device_id', '<>', 0);
  const suffering = () =>
    incident.severity === 'critical' ? members() : members().where('role', '=', 'affected');
  const { devices } = await members()
    .where('role', '=', 'affected')
    .select(({ fn }) => fn.count<number>('device_id').distinct().as('devices'))
    .executeTakeFirstOrThrow();
  const services = await tx
    .selectFrom('services')
    .select('name')
    .where(
      'id',
      'in',
      tx
        .selectFrom('service_devices')
        .select('service_id')
        .where('device_id', 'in', suffering().select('device_id')),
    )
    // What matters most is named.
    .orderBy(({ eb }) => eb.case('importance').when('high').then(0).when('normal').then(1).else(2).end())
    .orderBy('name')
    .execute();
  return { devices: Number(devices), services: services.map(({ name }) => name) };
}

/** What is said of an incident. */
export async function incidentMessage(
  tx: Database,
  incident: IncidentRow,
  notice: NoticeKind,
  now: number,
): Promise<EnqueuedMessage> {
  return {
    notice,
    incidentId: incident.id,
    severity: incident.severity,
    title: titleOf(incident),
    place: incident.place,
    effect: effectText(await effectOf(tx, incident)),
    text: textOf(incident, notice),
    since: incident.since,
    time: notice === 'resolved' ? (incident.resolved_at ?? now) : now,
    drill: incident.drill !== 0,
  };
}

export function titleOf(incident: Pick<IncidentRow, 'title'>): BilingualText {
  return BilingualText.parse(JSON.parse(incident.title));
}

function textOf(incident: IncidentRow, notice: NoticeKind): BilingualText | null {
  if (notice !== 'acknowledged' || incident.acknowledged_by === null) return null;
  return { de: `Übernommen von ${incident.acknowledged_by}.`, en: `Taken by ${incident.acknowledged_by}.` };
}
