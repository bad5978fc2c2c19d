import type { SearchReply } from '@rackhaus/config/contract';
import type { Database } from '../../database/tables.ts';
import { searchKey } from '../../inventory/search-key.ts';

type Found = SearchReply['results'][number];

/** Somebody, and what was found because this person answers for it. */
export interface Person {
  readonly name: string;
  readonly records: readonly Found[];
}

/** Devices and rooms that were found by who is in charge of them, by person. */
export async function personsOf(db: Database, results: readonly Found[], wanted: string): Promise<Person[]> {
  const byMatch = results.filter((each) => each.matched !== undefined);
  const people = new Map<string, Found[]>();
  for (const [kind, table] of [
    ['device', 'devices'],
    ['room', 'rooms'],
  ] as const) {
    const found = new Map(byMatch.filter((each) => each.kind === kind).map((each) => [each.id, each]));
    if (found.size === 0) continue;
    const rows = await db
      .selectFrom(table)
      .select(['id', 'person_in_charge'])
      .where('id', 'in', [...found.keys()])
      .execute();
    for (const { id, person_in_charge: name } of rows) {
      const result = found.get(id);
      if (name === null || result === undefined || !searchKey(name).includes(wanted)) continue;
      people.set(name, [...(people.get(name) ?? []), result]);
    }
  }
  return [...people].map(([name, records]) => ({ name, records }));
}
