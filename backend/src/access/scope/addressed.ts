import { RecordKind } from '@rackhaus/config/contract';
import { type RawBuilder, sql } from 'kysely';
import type { Database } from '../../database/tables.ts';
import type { SitePlace } from '../../http/permission.ts';
import { AppError } from '../../problem.ts';
import { idsInReach, inReach, type Reach, tableOf } from './in-sites.ts';
import { changeInReach } from './past-reach.ts';

/** What an address can name once the kind of a record is known. */
export type AddressedPlace = Exclude<SitePlace, 'record' | 'place'>;

/** What a value of an address names, by what the table of permissions says of it. */
export function addressed(
  place: SitePlace,
  value: unknown,
  address: Readonly<Record<string, unknown>>,
): { readonly place: AddressedPlace; readonly id: number } {
  if (place === 'record') return { place: RecordKind.parse(address.kind), id: Number(value) };
  if (place !== 'place') return { place, id: Number(value) };
  const [kind, id] = String(value).split(':');
  return { place: RecordKind.parse(kind), id: Number(id) };
}

/**
 * Refuses what lies in another site. What is not there at all is the route's to miss.
 * @throws AppError forbidden
 */
export async function refuseOtherPlace(
  db: Database,
  reach: Reach,
  place: AddressedPlace,
  id: number,
): Promise<void> {
  if (!Number.isSafeInteger(id)) return;
  const { rows } = await sql<{ inside: number | null }>`select ${conditionOf(place, reach)} as inside
    from ${sql.table(tableFor(place))} where id = ${id}`.execute(db);
  const [row] = rows;
  if (row !== undefined && row.inside !== 1)
    throw new AppError('forbidden', 'This lies in a site that your account is not for.', undefined, {
      reason: 'other-site',
    });
}

function tableFor(place: AddressedPlace): string {
  switch (place) {
    case 'incident':
      return 'incidents';
    case 'finding':
      return 'drift_findings';
    case 'change':
      return 'changes';
    default:
      return tableOf(place);
  }
}

function conditionOf(place: AddressedPlace, reach: Reach): RawBuilder<boolean> {
  if (place === 'incident') return incidentInReach(reach);
  if (place === 'finding') return findingInReach(reach);
  if (place === 'change') return changeInReach(reach);
  return inReach(place, reach);
}

/** An incident is in the site of what it is about; one of no site (a silent agent) is for those who are for all. */
export function incidentInReach({ sites }: Reach): RawBuilder<boolean> {
  return sql<boolean>`coalesce(site_id, 0) in (select value from json_each(${JSON.stringify([...sites])}))`;
}

/** A difference is where the port is at which it was seen. */
export function findingInReach(reach: Reach): RawBuilder<boolean> {
  return sql<boolean>`port_id in ${idsInReach('port', reach)}`;
}
