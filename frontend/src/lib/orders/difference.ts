import type { CableCard, OrderItem, OrderView, PlannedChange, PortSpot } from '@rackhaus/config/contract';
import { type Cards, portText } from './cards.ts';

/** Something comes, something goes, or something becomes another. */
export type Sign = 'add' | 'remove' | 'change';

/** Both ends of a cable in words; null: the end hangs open. */
export interface Ends {
  readonly a: string | null;
  readonly b: string | null;
}

/** One entry in the list of differences: a change, or a row of them that differ by the number of their ports only. */
export interface Difference {
  /** In order; several of a range. Never empty. */
  readonly items: readonly OrderItem[];
  readonly action: PlannedChange['action'];
  readonly sign: Sign;
  /** Label of the cable (of a range: the first and the last), or name of the device; "" when it has none. */
  readonly name: string;
  /** Of cables: the ends; null where there is nothing before or after. */
  readonly before: Ends | null;
  readonly after: Ends | null;
  readonly cable: CableCard | null;
  /** Of devices. */
  readonly from: PortSpot | null;
  readonly to: PortSpot | null;
}

const signs: Readonly<Record<PlannedChange['action'], Sign>> = {
  'add-link': 'add',
  'move-link': 'change',
  'remove-link': 'remove',
  'move-device': 'change',
  'remove-device': 'remove',
  'swap-device': 'change',
};

/** The planned changes as they are listed; ports that follow each other on the same two devices make one entry. */
export function differences(view: Pick<OrderView, 'items'>, cards: Cards): Difference[] {
  const rows: OrderItem[][] = [];
  for (const item of view.items) {
    const row = rows.at(-1);
    const last = row?.at(-1);
    if (row && last && follows(last, item, cards)) row.push(item);
    else rows.push([item]);
  }
  return rows.map((items) => differenceOf(items, cards)).filter((each) => each !== null);
}

function differenceOf(items: readonly OrderItem[], cards: Cards): Difference | null {
  const first = items[0];
  const last = items.at(-1);
  if (!first || !last) return null;
  const { action } = first.change;
  const ends = (which: 'before' | 'after'): Ends | null => {
    if (first[which].a === null && first[which].b === null) return null;
    const text = (side: 'a' | 'b') => rangeText(first[which][side], last[which][side], cards);
    return { a: text('a'), b: text('b') };
  };
  const ofDevice = first.device !== null;
  return {
    items,
    action,
    sign: signs[action],
    name: first.device?.name ?? rangeOf(labelOf(first), labelOf(last)),
    before: ofDevice ? null : ends('before'),
    after: ofDevice ? null : ends('after'),
    cable: first.cable,
    from: first.device?.from ?? null,
    // What is swapped stays where it is.
    to: action === 'swap-device' ? null : (first.device?.to ?? null),
  };
}

function labelOf({ cable, change }: OrderItem): string {
  return cable?.label || (change.action === 'add-link' ? (change.label ?? '') : '');
}

/** True when a change is the next of a row: the same deed with the same kind of cable, one port further at each end. */
function follows(last: OrderItem, next: OrderItem, cards: Cards): boolean {
  if (last.device || next.device || last.change.action !== next.change.action) return false;
  if (
    last.change.action === 'remove-link' &&
    next.change.action === 'remove-link' &&
    last.change.keep !== next.change.keep
  )
    return false;
  const kind = ({ cable }: OrderItem) => [cable?.kind, cable?.medium, cable?.color, cable?.lengthM].join('/');
  if (kind(last) !== kind(next)) return false;
  // The end that stays where it is may be one of many; what is moved must be a row.
  return (['before', 'after'] as const).every((which) =>
    (['a', 'b'] as const).every((side) => isNext(last[which][side], next[which][side], cards)),
  );
}

function isNext(from: number | null, to: number | null, cards: Cards): boolean {
  if (from === null || to === null) return from === to;
  const [one, other] = [cards.ports.get(from), cards.ports.get(to)];
  if (!one || !other) return false;
  if (one.owner.kind !== other.owner.kind || one.owner.id !== other.owner.id) return false;
  const [a, b] = [numbered(one.name), numbered(other.name)];
  return a !== null && b !== null && a.before === b.before && a.number + 1 === b.number;
}

/** A name that ends with a number, and what stands before it. */
export function numbered(name: string): { readonly before: string; readonly number: number } | null {
  const [, before, digits] = /^(.*?)(\d{1,9})$/.exec(name) ?? [];
  return before === undefined || digits === undefined ? null : { before, number: Number(digits) };
}

function rangeText(first: number | null, last: number | null, cards: Cards): string | null {
  const [one, other] = [first, last].map((id) => (id === null ? undefined : cards.ports.get(id)));
  if (!one || !other) return null;
  const end = numbered(other.name);
  return one.id === other.id || end === null ? portText(one) : `${portText(one)}–${end.number}`;
}

function rangeOf(first: string, last: string): string {
  return first === last || last === '' ? first : `${first} – ${last}`;
}
