import type { ChannelKind, Severity } from '@rackhaus/config/contract';
import type { Database } from '../../database/tables.ts';

export interface ReachedBy {
  readonly id: number;
  readonly userId: number | null;
  readonly kind: ChannelKind;
  readonly name: string;
  readonly rank: number;
  readonly minSeverity: Severity;
  readonly failing: boolean;
  /** Somebody has once shown that a message had arrived. */
  readonly confirmed: boolean;
}

/**
 * The channels that are switched on: those that work first, then by rank. Of one person; null: those of nobody. Works within a
 * transaction too.
 */
export async function channelsOf(db: Database, userId: number | null): Promise<ReachedBy[]> {
  const rows = await db
    .selectFrom('channels')
    .select(['id', 'user_id', 'kind', 'name', 'rank', 'min_severity', 'failing_since', 'last_receipt_at'])
    .where('user_id', userId === null ? 'is' : '=', userId)
    .where('enabled', '=', 1)
    .orderBy('rank')
    .orderBy('id')
    .execute();
  const all = rows.map((row) => ({
    id: row.id,
    userId: row.user_id,
    kind: row.kind,
    name: row.name,
    rank: row.rank,
    minSeverity: row.min_severity,
    failing: row.failing_since !== null,
    confirmed: row.last_receipt_at !== null,
  }));
  return all.toSorted((a, b) => Number(a.failing) - Number(b.failing));
}
