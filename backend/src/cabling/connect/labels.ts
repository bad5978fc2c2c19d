import type { LinkKind } from './compatible.ts';

/** What a label may say of one end of a cable; "" where that end has no such thing. */
export interface LabelEnd {
  readonly site: string;
  readonly room: string;
  readonly rack: string;
  readonly unit: string;
  readonly port: string;
}

type Token =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'number'; readonly digits: number }
  | { readonly kind: 'place'; readonly field: keyof LabelEnd; readonly end: 'a' | 'b' };

/** Schemes of an installation that has none of its own. */
export const defaultTemplates: Readonly<Record<LinkKind, string>> = {
  patch: 'K-{0000}',
  power: 'S-{000}',
  console: 'C-{000}',
  permanent: 'V-{0000}',
  provider: 'L-{000}',
};

const fields: readonly string[] = ['site', 'room', 'rack', 'unit', 'port'] satisfies (keyof LabelEnd)[];
const isField = (name: string): name is keyof LabelEnd => fields.includes(name);

/** A template in its parts; the contract has checked that it is one. */
export function parseTemplate(template: string): Token[] {
  return template.split(/(\{[^{}]*\})/).flatMap((part): Token[] => {
    const name = /^\{(.*)\}$/.exec(part)?.[1];
    if (name === undefined) return part === '' ? [] : [{ kind: 'text', text: part }];
    if (/^0+$/.test(name)) return [{ kind: 'number', digits: name.length }];
    const end = name.endsWith('2') ? 'b' : 'a';
    const field = name.replace(/2$/, '');
    return isField(field) ? [{ kind: 'place', field, end }] : [{ kind: 'text', text: part }];
  });
}

/** The text of a label; ports are written with two digits at least, as people number them. */
export function labelOf(
  template: string,
  ends: { readonly a: LabelEnd; readonly b: LabelEnd },
  number: number,
): string {
  const { before, digits, after } = aroundNumber(template, ends);
  return digits === null ? before : `${before}${String(number).padStart(digits, '0')}${after}`;
}

/**
 * What stands before and after the running number in a label between these ends, and how many digits it has; null when the template
 * has none. Only the first number of a template runs.
 */
export function aroundNumber(
  template: string,
  ends: { readonly a: LabelEnd; readonly b: LabelEnd },
): { readonly before: string; readonly digits: number | null; readonly after: string } {
  const texts = ['', ''];
  let digits: number | null = null;
  for (const token of parseTemplate(template)) {
    if (token.kind === 'number' && digits === null) {
      digits = token.digits;
      continue;
    }
    const text =
      token.kind === 'text'
        ? token.text
        : token.kind === 'number'
          ? ''
          : token.field === 'port'
            ? twoDigits(ends[token.end].port)
            : ends[token.end][token.field];
    const at = digits === null ? 0 : 1;
    texts[at] = `${texts[at] ?? ''}${text}`;
  }
  return { before: texts[0] ?? '', digits, after: texts[1] ?? '' };
}

/** The number in a label that was made by such a scheme; null for any other label. */
export function numberIn(label: string, before: string, after: string): number | null {
  if (!label.startsWith(before) || !label.endsWith(after)) return null;
  const inside = label.slice(before.length, label.length - after.length);
  return /^\d{1,12}$/.test(inside) ? Number(inside) : null;
}

/** Hands out labels of schemes, each number once, and none that is taken. */
export class LabelNumbers {
  readonly #next = new Map<string, number>();
  readonly #taken: (label: string) => boolean;

  /** @param taken whether a cable has the label already, or one of the same request */
  constructor(taken: (label: string) => boolean) {
    this.#taken = taken;
  }

  /** @param highest the largest number in use with this text around it; 0 when there is none */
  knows(before: string, after: string, highest: number): void {
    this.#next.set(JSON.stringify([before, after]), highest + 1);
  }
  isKnown(before: string, after: string): boolean {
    return this.#next.has(JSON.stringify([before, after]));
  }

  /** The next label of a template; without a running number the one that it gives, numbered where that is taken. */
  next(template: string, ends: { readonly a: LabelEnd; readonly b: LabelEnd }): string {
    const { before, digits, after } = aroundNumber(template, ends);
    if (digits === null) {
      const plain = before.slice(0, 90);
      for (let again = 1; ; again++) {
        const label = again === 1 ? plain : `${plain} (${again})`;
        if (!this.#taken(label)) return label;
      }
    }
    const key = JSON.stringify([before, after]);
    for (let number = this.#next.get(key) ?? 1; ; number++) {
      const label = `${before}${String(number).padStart(digits, '0')}${after}`;
      if (this.#taken(label)) continue;
      this.#next.set(key, number + 1);
      return label;
    }
  }
}

function twoDigits(port: string): string {
  return /^\d$/.test(port) ? `0${port}` : port;
}
