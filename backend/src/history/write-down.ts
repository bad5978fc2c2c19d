import type { ChangeEntry } from '@rackhaus/config/contract';
import type { Database } from '../database/tables.ts';
import type { Change } from './change.ts';
import type { NewEvent } from './events.ts';
import { Rows } from './rows.ts';
import type { HistoryTables } from './tables.ts';

/** In which sites the record of an event was before it, and is after it; null: that side is not there, or nobody knows. */
export interface EventSites {
  readonly before: readonly number[] | null;
  readonly after: readonly number[] | null;
}

type Counts = ChangeEntry['counts'];

/** The events, their scopes and sites, and on the change itself what a list of changes shows. */
export async function writeDown(
  tx: Database,
  change: Change,
  undoes: number | null,
  /** Of each event, in their order; none: nobody knows. */
  sites: readonly EventSites[],
): Promise<void> {
  const rows = new Rows(tx);
  const ids = await rows.insert(
    'change_events',
    change.events.map((event, index) => ({
      change_id: change.id,
      kind: event.kind,
      object_id: event.objectId,
      name: event.name,
      before: event.before === null ? null : JSON.stringify(event.before),
      after: event.after === null ? null : JSON.stringify(event.after),
      count: event.count,
      before_sites: sitesText(sites[index]?.before),
      after_sites: sitesText(sites[index]?.after),
    })),
  );
  const touched = new Set(sites.flatMap(({ before, after }) => [...(before ?? []), ...(after ?? [])]));
  await rows.append(
    'change_sites',
    [...touched].map((site_id) => ({ site_id, change_id: change.id })),
  );
  const scopes = change.events.flatMap((event, index) =>
    event.scopes.map(({ kind, id }) => ({ kind, object_id: id, event_id: ids[index] ?? 0 })),
  );
  await rows.append('change_scopes', scopes);
  const first = await recognisedBy(tx, change, undoes);
  await tx
    .updateTable('changes')
    .set({
      counts: JSON.stringify(countsOf(change.events)),
      ...first,
    })
    .where('id', '=', change.id)
    .execute();
}

function sitesText(sites: readonly number[] | null | undefined): string | null {
  return sites == null ? null : JSON.stringify(sites);
}

type Recognised = Pick<HistoryTables['changes'], 'first_kind' | 'first_id' | 'first_name'>;

/** What is taken back is recognised by what it was recognised by when it was done. */
async function recognisedBy(tx: Database, change: Change, undoes: number | null): Promise<Recognised> {
  if (undoes !== null)
    return tx
      .selectFrom('changes')
      .select(['first_kind', 'first_id', 'first_name'])
      .where('id', '=', undoes)
      .executeTakeFirstOrThrow();
  const first = mostTelling(change.events);
  return {
    first_kind: first?.kind ?? null,
    first_id: first?.objectId ?? null,
    first_name: first?.name ?? null,
  };
}

/**
 * The event by which people recognise a change: the first that names one object; of a deletion the last, because what depends on
 * a record is deleted before it.
 */
function mostTelling(events: readonly NewEvent[]): NewEvent | undefined {
  const named = events.filter((event) => event.objectId !== 0 && event.name !== '');
  const [first] = named;
  return first?.after === null ? named.findLast((event) => event.after === null) : first;
}

/** How much of each kind was made, changed and deleted. */
function countsOf(events: readonly NewEvent[]): Counts {
  const counts = new Map<string, Counts[number]>();
  for (const { kind, before, after, count } of events) {
    const own = counts.get(kind) ?? { kind, created: 0, updated: 0, deleted: 0 };
    if (before === null) own.created += count;
    else if (after === null) own.deleted += count;
    else own.updated += count;
    counts.set(kind, own);
  }
  return [...counts.values()];
}
