import type { Database } from '../database/tables.ts';
import { searchKey } from '../inventory/search-key.ts';

/** Finds the one device that something outside calls by its name or address; null: none, or several. */
export type Propose = (words: readonly string[]) => { id: number; name: string } | null;

/** Looks at all names and addresses of devices once, for many proposals. */
export async function proposals(db: Database): Promise<Propose> {
  const [devices, monitoring, addresses] = await Promise.all([
    db.selectFrom('devices').select(['id', 'name']).execute(),
    db.selectFrom('device_monitoring').select(['device_id', 'address']).execute(),
    db
      .selectFrom('addresses')
      .select(['device_id', 'address', 'dns_name'])
      .where('device_id', 'is not', null)
      .execute(),
  ]);
  const names = new Map(devices.map(({ id, name }) => [id, name]));
  const byWord = new Map<string, Set<number>>();
  const add = (word: string | null, id: number | null) => {
    if (word === null || id === null || word === '') return;
    const key = searchKey(word);
    byWord.set(key, (byWord.get(key) ?? new Set()).add(id));
  };
  for (const { id, name } of devices) add(name, id);
  for (const row of monitoring) add(row.address, row.device_id);
  for (const row of addresses) {
    // With its prefix length or without.
    add(row.address.split('/')[0] ?? null, row.device_id);
    add(row.dns_name, row.device_id);
  }
  return (words) => {
    for (const word of words)
      for (const key of [searchKey(word), searchKey(shortName(word))]) {
        const ids = byWord.get(key);
        const [id] = ids ?? [];
        if (id !== undefined && ids?.size === 1) return { id, name: names.get(id) ?? '' };
      }
    return null;
  };
}

/** `web1` of `web1.intern.example`; addresses stay whole. */
function shortName(word: string): string {
  return /^[\d.:]+$/.test(word) ? word : (word.split('.')[0] ?? word);
}
