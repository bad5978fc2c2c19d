/** How many rows one insert writes: fifteen columns each stay below SQLite's 32,766 parameters. */
const rowsPerInsert = 500;

export interface Counts {
  created: number;
  changed: number;
  removed: number;
}

/**
 * Makes the rows of one table be what is wanted: inserts what is new, updates what differs, leaves the rest alone.
 * @returns the id of every wanted row by its key.
 */
export async function sync<Row extends { readonly id: number }, Values>(options: {
  readonly wanted: readonly { readonly key: string; readonly values: Values }[];
  readonly existing: (key: string) => Row | undefined;
  readonly same: (row: Row, values: Values) => boolean;
  readonly insert: (values: Values[]) => Promise<readonly { readonly id: number }[]>;
  readonly update: (id: number, values: Values) => Promise<unknown>;
  readonly counts: Counts;
}): Promise<Map<string, number>> {
  const ids = new Map<string, number>();
  const added: { key: string; values: Values }[] = [];
  for (const { key, values } of options.wanted) {
    const row = options.existing(key);
    if (row === undefined) {
      added.push({ key, values });
      continue;
    }
    ids.set(key, row.id);
    if (options.same(row, values)) continue;
    await options.update(row.id, values);
    options.counts.changed++;
  }
  for (let start = 0; start < added.length; start += rowsPerInsert) {
    const part = added.slice(start, start + rowsPerInsert);
    const rows = await options.insert(part.map(({ values }) => values));
    // Ids grow in the order of the rows; the order in which they are told is not promised.
    const sorted = rows.map(({ id }) => id).sort((a, b) => a - b);
    for (const [index, { key }] of part.entries()) ids.set(key, sorted[index] ?? 0);
    options.counts.created += part.length;
  }
  return ids;
}

/** Every value that is wanted is in the row already. */
export function sameValues(row: object, values: object): boolean {
  return Object.entries(values).every(([name, value]) => Reflect.get(row, name) === value);
}
