import type { Database } from '../database/tables.ts';
import type { Cause } from '../history/changes.ts';
import type { Audit } from './audit.ts';
import { type AuditBy, bySystem } from './note.ts';

/** Notes a change of the inventory within its transaction: its number and what it is about, not its content again. */
export async function noteChange(audit: Audit, tx: Database, changeId: number, cause: Cause): Promise<void> {
  const row = await tx
    .selectFrom('changes')
    .select(['source', 'counts', 'undoes', 'order_id', 'first_kind', 'first_id', 'first_name'])
    .where('id', '=', changeId)
    .executeTakeFirstOrThrow();
  const touchesCredentials = row.counts.includes('"kind":"credential"');
  const note = {
    outcome: 'done' as const,
    ...audit.whoCalls(byOf(cause)),
    ...(row.first_kind === null
      ? {}
      : { subject: { kind: row.first_kind, id: row.first_id, name: row.first_name ?? '' } }),
    detail: {
      change: changeId,
      source: row.source,
      ...(row.undoes === null ? {} : { undoes: row.undoes }),
      ...(row.order_id === null ? {} : { order: row.order_id }),
    },
  };
  await audit.noteIn(tx, { ...note, action: row.source === 'import' ? 'import' : 'change' });
  if (touchesCredentials) await audit.noteIn(tx, { ...note, action: 'credential.changed' });
}

/** An import or the server itself has no account. */
function byOf({ user, source }: Cause): AuditBy {
  if (user.id !== null) return { kind: 'person', id: user.id, name: user.name };
  if (source === 'agent') return { kind: 'agent', id: null, name: user.name };
  return { ...bySystem, name: user.name };
}
