/** SQLite takes a limited number of values in one statement. */
const chunkSize = 1000;

/** Runs a query for ids, some at a time; once without ids. */
export async function inChunks<T>(
  ids: readonly number[] | undefined,
  query: (ids: readonly number[] | undefined) => Promise<readonly T[]>,
): Promise<T[]> {
  if (ids === undefined) return [...(await query(undefined))];
  const unique = [...new Set(ids)];
  const rows: T[] = [];
  for (let start = 0; start < unique.length; start += chunkSize)
    rows.push(...(await query(unique.slice(start, start + chunkSize))));
  return rows;
}
