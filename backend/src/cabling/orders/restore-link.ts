import type { RecordKind } from '@rackhaus/config/contract';
import type { Change } from '../../history/change.ts';
import { parseEventData, rowsOf } from '../../history/events.ts';
import type { Row, StoredRow } from '../../history/spec.ts';
import { goneLinks } from './done-steps.ts';

/** What goes along with a cable and comes back with it. */
const along: readonly RecordKind[] = ['cable-test', 'note', 'attachment'];

/**
 * Brings a deleted cable back as it was last, without its ends: same number, same history, its tests, notes and documents.
 * @returns undefined when nobody knows how it was
 */
export async function restoreLink(change: Change, linkId: number): Promise<StoredRow | undefined> {
  const was = (await goneLinks(change.tx, [linkId])).get(linkId);
  if (was === undefined) return undefined;
  await change.restore('link', [was.row]);
  const events = await change.tx
    .selectFrom('change_events')
    .select(['kind', 'before'])
    .where('change_id', '=', was.changeId)
    .where('kind', 'in', along)
    .where('after', 'is', null)
    .execute();
  for (const { kind, before } of events) {
    const rows = before === null ? [] : rowsOf(parseEventData(before)).filter((row) => isAbout(row, linkId));
    if (rows.length > 0) await change.restore(kind, rows);
  }
  return change.find('link', linkId);
}

function isAbout(row: Row, linkId: number): boolean {
  return row.link_id === linkId || (row.subject_kind === 'link' && row.subject_id === linkId);
}
