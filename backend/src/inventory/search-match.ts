import type { SearchReply } from '@rackhaus/config/contract';
import { sql } from 'kysely';

/** How many results a search gives. */
export const limit = 20;

/** A result with the key by which it is ranked. */
export type Found = SearchReply['results'][number] & { readonly key: string };

/** `column like '%wanted%'`, with what has a meaning in a pattern taken literally; the best matches first. */
export function containing(column: string, wanted: string) {
  const literal = wanted.replace(/[\\%_]/g, (sign) => `\\${sign}`);
  return {
    where: sql<boolean>`${sql.ref(column)} like ${`%${literal}%`} escape '\\'`,
    order: sql`case when ${sql.ref(column)} = ${wanted} then 0 when ${sql.ref(column)} like ${`${literal}%`} escape '\\' then 1 else 2 end, length(${sql.ref(column)}), ${sql.ref(column)}`,
  };
}
