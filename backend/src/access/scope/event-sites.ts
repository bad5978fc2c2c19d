import type { Change } from '../../history/change.ts';
import type { StoredRow } from '../../history/spec.ts';
import type { EventSites } from '../../history/write-down.ts';
import { ofNoSite } from './places.ts';
import { SitesOf } from './sites-of.ts';
import { recordsAfter, recordsBefore } from './writes.ts';

/**
 * In which sites the record of each event of a change was before it and is after it, in the order of the events. Asked when the change
 * is done: what somebody may know of it later is decided by where it was then, and not by where it has gone since. What came to be
 * within the change counts as it is at its end.
 */
export async function sitesOfEvents(change: Change): Promise<EventSites[]> {
  const before = new SitesOf({ records: recordsBefore(change) });
  const after = new SitesOf({ records: recordsAfter(change) });
  const found = change.events.map((): { before: number[] | null; after: number[] | null } => ({
    before: null,
    after: null,
  }));
  const seen = new Set<string>();
  const indexed = change.events.map((event, index) => {
    // Rows that were made or deleted together have one owner, and are where it is.
    const [touched] = event.touched;
    const key = `${event.kind}/${(touched?.before ?? touched?.after)?.id}`;
    const isFirst = !seen.has(key);
    seen.add(key);
    return { event, index, touched, isFirst };
  });
  for (const [kind, of] of Map.groupBy(indexed, ({ event }) => event.kind)) {
    const note = async (
      side: 'before' | 'after',
      sitesOf: SitesOf,
      wanted: readonly { readonly index: number; readonly row: StoredRow | null | undefined }[],
    ) => {
      const there = wanted.flatMap(({ index, row }) => (row == null ? [] : [{ index, row }]));
      const sites = ofNoSite.has(kind)
        ? []
        : await sitesOf.rows(
            kind,
            there.map(({ row }) => row),
          );
      for (const [at, { index }] of there.entries()) {
        const own = found[index];
        if (own !== undefined) own[side] = [...(sites[at] ?? [])];
      }
    };
    const rowBefore = (each: (typeof of)[number]) => ({ index: each.index, row: each.touched?.before });
    await note('before', before, of.filter(({ isFirst }) => isFirst).map(rowBefore));
    await note('before', after, of.filter(({ isFirst }) => !isFirst).map(rowBefore));
    await note(
      'after',
      after,
      of.map(({ index, touched }) => ({ index, row: touched?.after })),
    );
  }
  return found;
}
