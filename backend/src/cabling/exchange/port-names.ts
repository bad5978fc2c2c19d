import { closest } from '../../inventory/import/closest.ts';
import { searchKey } from '../../inventory/search-key.ts';

export interface NamedPort {
  readonly id: number;
  readonly name: string;
  readonly label: string | null;
}
export interface PortOwner {
  readonly name: string;
  readonly ports: readonly NamedPort[];
}

const ownerWords =
  /^(?:patchfeld|patchpanel|rangierfeld|feld|panel|datendose|dose|outlet|switch|gerat|device|schrank|rack)[\s.:-]+/;
const portWords =
  /^(?:port|anschluss|buchse|jack|interface|schnittstelle|position|pos|platz|nr|no)(?:[\s.:#-]+|(?=\d))/;
const between = /^[\s:,;/|.\-–—>]+/;

/**
 * Finds ports by what people write for them: `A:12`, `A 12`, `Feld A, Port 12`, `A-12`, `A/07`, `2.14-1:1`, the label beside
 * a port, or an outlet alone that has only one.
 */
export class PortNames {
  readonly #owners = new Map<string, PortOwner[]>();
  readonly #labels = new Map<string, NamedPort[]>();

  constructor(owners: Iterable<PortOwner>) {
    for (const owner of owners) {
      append(this.#owners, searchKey(owner.name), owner);
      for (const port of owner.ports)
        if (port.label !== null && port.label !== '') append(this.#labels, searchKey(port.label), port);
    }
  }

  /** The port that a text means; undefined for none, or where it may be several. */
  find(text: string): NamedPort | undefined {
    for (const { owner, rest } of readings(text, (key) => this.#owners.get(key) ?? [])) {
      const port = rest === '' ? onlyOf(owner.ports) : portOf(owner, rest);
      if (port !== undefined) return port;
    }
    return onlyOf(this.#labels.get(searchKey(text)) ?? []);
  }

  /** What may have been meant, written as it is understood: the nearest name; null when none is near. */
  proposal(text: string): string | null {
    for (const { owner, rest } of readings(text, (key) => this.#owners.get(key) ?? [])) {
      const port = closest(
        rest,
        owner.ports.map(({ name }) => name),
      );
      if (port !== null) return `${owner.name}:${port}`;
    }
    const colon = text.indexOf(':');
    const [said, rest] = colon < 0 ? [text, ''] : [text.slice(0, colon), text.slice(colon + 1)];
    const name = closest(
      said,
      [...this.#owners.values()].flat().map((owner) => owner.name),
    );
    const [owner] = name === null ? [] : (this.#owners.get(searchKey(name)) ?? []);
    if (owner === undefined) return null;
    const port = portOf(owner, searchKey(rest)) ?? owner.ports[0];
    return port === undefined ? null : `${owner.name}:${port.name}`;
  }
}

/** Names of owners that a text may begin with: which of them have to be looked up. */
export function ownersIn<T>(text: string, known: (key: string) => readonly T[]): T[] {
  return readings(text, known).map(({ owner }) => owner);
}

/** Each way to read a text as the name of an owner and what follows it, the longest name first. */
function readings<T>(text: string, known: (key: string) => readonly T[]): { owner: T; rest: string }[] {
  const whole = searchKey(text);
  const found: { owner: T; rest: string }[] = [];
  const bare = whole.replace(ownerWords, '');
  for (const key of bare === whole ? [whole] : [whole, bare]) {
    const colon = key.indexOf(':');
    if (colon > 0)
      for (const owner of known(key.slice(0, colon).trim()))
        found.push({ owner, rest: key.slice(colon + 1).trim() });
    for (let end = key.length; end > 0; end--) {
      const owners = known(key.slice(0, end).trim());
      if (owners.length === 0) continue;
      const rest = key.slice(end);
      // "A12" is port 12 of A, "AB" is nothing of A.
      if (rest !== '' && !between.test(rest) && /\p{L}$/u.test(key.slice(0, end)) === /^\p{L}/u.test(rest))
        continue;
      for (const owner of owners) found.push({ owner, rest: rest.replace(between, '') });
    }
  }
  return found;
}

function portOf(owner: PortOwner, rest: string): NamedPort | undefined {
  const wanted = [...new Set([rest, rest.replace(portWords, '').trim()])];
  for (const key of wanted) {
    const named = owner.ports.find((port) => searchKey(port.name) === key);
    if (named !== undefined) return named;
  }
  for (const key of wanted) {
    const labelled = owner.ports.find((port) => port.label !== null && searchKey(port.label) === key);
    if (labelled !== undefined) return labelled;
  }
  // "07" is 7.
  const number = plainNumber(wanted.at(-1) ?? '');
  return number === null
    ? undefined
    : onlyOf(owner.ports.filter((port) => plainNumber(port.name) === number));
}

function plainNumber(text: string): number | null {
  return /^\d{1,6}$/.test(text) ? Number(text) : null;
}

function onlyOf<T>(list: readonly T[]): T | undefined {
  return list.length === 1 ? list[0] : undefined;
}

function append<K, T>(lists: Map<K, T[]>, key: K, value: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
