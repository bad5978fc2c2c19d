import type { Database } from '../database/tables.ts';
import type { AuditKey } from './key.ts';
import { pseudonym } from './retention.ts';

/**
 * Replaces in the history of the inventory the names of people whose account is removed or disabled, in changes from before
 * `until`: by the pseudonym that the log has for the same person. @returns how many changes
 */
export async function pseudonymiseHistory(db: Database, key: AuditKey, until: number): Promise<number> {
  const gone = await db
    .selectFrom('changes')
    .leftJoin('users', (join) => join.onRef('users.id', '=', 'changes.user_id').on('users.disabled', '=', 0))
    .select('changes.user_id as id')
    .distinct()
    .where('changes.user_id', 'is not', null)
    .where('changes.time', '<', until)
    .where('users.id', 'is', null)
    .execute();
  let changed = 0;
  for (const { id } of gone) {
    if (id === null) continue;
    const name = pseudonym(key, id, '');
    const { numUpdatedRows } = await db
      .updateTable('changes')
      .set({ user_name: name })
      .where('user_id', '=', id)
      .where('time', '<', until)
      .where('user_name', '!=', name)
      .executeTakeFirst();
    changed += Number(numUpdatedRows);
  }
  return changed;
}
