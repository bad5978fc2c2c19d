import type { IncidentCause, IncidentDetail } from '@rackhaus/config/contract';
import type { Database } from '../database/tables.ts';
import type { Member } from './incident.ts';

/** What was documented near an incident in the day before it. */
export async function changesNear(
  _db: Database,
  _about: { cause: IncidentCause; since: number; members: readonly Member[] },
): Promise<IncidentDetail['changes']> {
  return [];
}
