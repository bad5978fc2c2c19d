import type { SearchReply } from '@rackhaus/config/contract';

export type Found = SearchReply['results'][number];

/** Something the palette can do or open. `id` is unique among all entries. */
export interface Entry {
  readonly id: string;
  readonly label: string;
  readonly detail: string;
  /** Other words that find it. */
  readonly words: string;
  readonly run: () => void;
}

export interface EntryGroup {
  readonly id: string;
  readonly title: string;
  readonly entries: readonly Entry[];
}

/** The order in which kinds are shown: what is opened most comes first. */
export const foundKinds: readonly Found['kind'][] = [
  'device',
  'room',
  'rack',
  'port',
  'outlet',
  'link',
  'service',
  'address',
  'vlan',
  'prefix',
  'contract',
  'spare-part',
];

/** Results by kind, each kind in the order that the search gave; kinds without results are left out. */
export function byKind(results: readonly Found[]): { kind: Found['kind']; results: Found[] }[] {
  return foundKinds
    .map((kind) => ({ kind, results: results.filter((result) => result.kind === kind) }))
    .filter(({ results: some }) => some.length > 0);
}

/** Entries that hold every word of the query, in the language's manner of small and large letters. */
export function matching<E extends Pick<Entry, 'label' | 'detail' | 'words'>>(
  entries: readonly E[],
  query: string,
  language: string,
): E[] {
  const words = query
    .toLocaleLowerCase(language)
    .split(/\s+/)
    .filter((word) => word !== '');
  return entries.filter(({ label, detail, words: more }) => {
    const text = `${label} ${detail} ${more}`.toLocaleLowerCase(language);
    return words.every((word) => text.includes(word));
  });
}
