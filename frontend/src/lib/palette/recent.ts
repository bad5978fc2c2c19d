import { SearchReply } from '@rackhaus/config/contract';
import type { Found } from './entries.ts';

const key = 'rackhaus-recent';
const most = 6;

/** What was opened last from the palette, newest first. Nothing where the browser's storage is blocked or holds something else. */
export function recentlyOpened(storage: Pick<Storage, 'getItem'>): Found[] {
  try {
    const parsed = SearchReply.shape.results.safeParse(JSON.parse(storage.getItem(key) ?? '[]'));
    return parsed.success ? parsed.data.slice(0, most) : [];
  } catch {
    // No storage, or not JSON: there is nothing to offer, and nothing is lost.
    return [];
  }
}

/** Remembers what was opened, as the newest. */
export function rememberOpened(storage: Pick<Storage, 'getItem' | 'setItem'>, opened: Found): void {
  const others = recentlyOpened(storage).filter(({ kind, id }) => kind !== opened.kind || id !== opened.id);
  try {
    storage.setItem(key, JSON.stringify([opened, ...others].slice(0, most)));
  } catch {
    // Storage is full or blocked: the list is a convenience only.
  }
}
