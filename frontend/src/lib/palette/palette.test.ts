import { describe, expect, it } from 'vitest';
import { byKind, type Found, matching } from './entries.ts';
import { recentlyOpened, rememberOpened } from './recent.ts';

const found = (kind: Found['kind'], id: number): Found => ({
  kind,
  id,
  name: `${kind} ${id}`,
  detail: '',
  path: '/',
});

function memory(): Pick<Storage, 'getItem' | 'setItem'> {
  const values = new Map<string, string>();
  return { getItem: (key) => values.get(key) ?? null, setItem: (key, value) => void values.set(key, value) };
}

describe('byKind', () => {
  it('keeps the order of the search within a kind', () => {
    const groups = byKind([found('port', 3), found('device', 9), found('port', 1)]);
    expect(groups.map(({ kind, results }) => [kind, results.map(({ id }) => id)])).toEqual([
      ['device', [9]],
      ['port', [3, 1]],
    ]);
  });
});

describe('matching', () => {
  it('wants every word somewhere', () => {
    const entries = [
      { label: 'Dunkle Darstellung', detail: '', words: 'theme dark' },
      { label: 'Helle Darstellung', detail: '', words: 'theme light' },
    ];
    expect(matching(entries, 'dark DARST', 'de').map(({ label }) => label)).toEqual(['Dunkle Darstellung']);
    expect(matching(entries, '  ', 'de')).toHaveLength(2);
  });
});

describe('recently opened', () => {
  it('has the newest first, each once, six at most', () => {
    const storage = memory();
    for (const id of [1, 2, 3, 4, 5, 6, 7, 2]) rememberOpened(storage, found('device', id));
    expect(recentlyOpened(storage).map(({ id }) => id)).toEqual([2, 7, 6, 5, 4, 3]);
  });
  it('survives what others have written there', () => {
    const storage = memory();
    storage.setItem('rackhaus-recent', '{"no": "list"}');
    expect(recentlyOpened(storage)).toEqual([]);
    storage.setItem('rackhaus-recent', '[');
    expect(recentlyOpened(storage)).toEqual([]);
  });
});
