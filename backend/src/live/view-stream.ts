import { type LiveItem, liveItemKey, type ViewName } from '@rackhaus/config/contract';
import { comparable } from './views.ts';

interface Kept {
  item: LiveItem;
  comparable: string;
  /** The number of the change that made it what it is. */
  number: number;
}

/** One watched view: its items, each with the number of its last change, so that who comes back gets just what it missed. */
export class ViewStream {
  readonly view: ViewName;
  readonly #items = new Map<string, Kept>();
  /** Who knows the view from before this number has to be given all of it. */
  #completeSince: number;
  number: number;

  constructor(view: ViewName, items: readonly LiveItem[], number: number) {
    this.view = view;
    this.number = number;
    this.#completeSince = number;
    for (const item of items)
      this.#items.set(liveItemKey(item), { item, comparable: comparable(view, item), number });
  }

  get items(): LiveItem[] {
    return Array.from(this.#items.values(), (kept) => kept.item);
  }

  /** Takes over what may have changed. @returns what really did. */
  update(items: Iterable<LiveItem>, number: number): LiveItem[] {
    const changed: LiveItem[] = [];
    for (const item of items) {
      const key = liveItemKey(item);
      const text = comparable(this.view, item);
      const kept = this.#items.get(key);
      if (kept?.comparable === text) {
        kept.item = item;
        continue;
      }
      this.#items.set(key, { item, comparable: text, number });
      changed.push(item);
    }
    if (changed.length > 0) this.number = number;
    return changed;
  }

  /** Takes over everything anew. @returns null when items have gone, which only a full picture can tell. */
  replace(items: readonly LiveItem[], number: number): LiveItem[] | null {
    const keys = new Set(items.map(liveItemKey));
    let gone = false;
    for (const key of this.#items.keys()) {
      if (keys.has(key)) continue;
      this.#items.delete(key);
      gone = true;
    }
    const changed = this.update(items, number);
    if (!gone) return changed;
    this.number = number;
    this.#completeSince = number;
    return null;
  }

  /** What changed after `number`; null when that is not known any more: then all items are to be sent. */
  changedSince(number: number): LiveItem[] | null {
    if (number < this.#completeSince || number > this.number) return null;
    return Array.from(this.#items.values())
      .filter((kept) => kept.number > number)
      .map((kept) => kept.item);
  }
}
