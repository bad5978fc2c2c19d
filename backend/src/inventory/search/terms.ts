import type { RecordKind } from '@rackhaus/config/contract';
import { sql } from 'kysely';
import type { Database } from '../../database/tables.ts';
import type { Change } from '../../history/change.ts';
import type { Touched } from '../../history/spec.ts';
import { searchKey } from '../search-key.ts';

/** How many beginnings of words one text gives at most. */
const termsPerText = 12;

/**
 * What a text is found by: itself, and what follows each gap in it, so that `07-12` finds `A-07-12`. A search is then a range
 * of an index, however many records there are.
 */
export function termsOf(text: string): string[] {
  const key = searchKey(text);
  if (key === '') return [];
  const terms = [key];
  for (const gap of key.matchAll(/[\s\-_./:,;()]+/g)) {
    const rest = key.slice(gap.index + gap[0].length);
    if (rest !== '') terms.push(rest);
  }
  return [...new Set(terms)].slice(0, termsPerText);
}

/** Brings the terms of touched records up to date at the end of a change. */
export async function settleTerms(
  change: Change,
  of: { readonly kind: RecordKind; readonly table: string; readonly columns: readonly string[] },
  touched: readonly Touched[],
): Promise<void> {
  const { kind, table, columns } = of;
  const stale = new Set<number>();
  for (const { before, after } of touched)
    if (columns.some((column) => (before?.[column] ?? null) !== (after?.[column] ?? null)))
      stale.add((after ?? before)?.id ?? 0);
  if (stale.size === 0) return;
  const ids = [...stale];
  await sql`delete from search_terms
    where kind = ${kind} and object_id in (select value from json_each(${JSON.stringify(ids)}))`.execute(
    change.tx,
  );
  const rows = (await change.rows.byIds(table, ids)).flatMap((row) => {
    const texts = columns.flatMap((column) => {
      const value = row[column] ?? null;
      return value === null ? [] : termsOf(String(value));
    });
    return [...new Set(texts)].map((term) => ({ term, kind, object_id: row.id }));
  });
  await change.rows.append('search_terms', rows);
}

/** Records that a term begins with `wanted`; the shortest terms of the first ones in the order of the index. */
export async function findTerms(
  db: Database,
  wanted: string,
  limit: number,
): Promise<{ readonly kind: RecordKind; readonly id: number; readonly term: string }[]> {
  const rows = await db
    .selectFrom('search_terms')
    .selectAll()
    .where('term', '>=', wanted)
    // The last character there is: a range of the index instead of a pattern.
    .where('term', '<', `${wanted}\u{10ffff}`)
    .orderBy('term')
    .limit(limit)
    .execute();
  const found = new Map<string, { kind: RecordKind; id: number; term: string }>();
  for (const { kind, object_id: id, term } of rows)
    if (!found.has(`${kind}/${id}`)) found.set(`${kind}/${id}`, { kind, id, term });
  return [...found.values()];
}
