import { codeLetters, type LabelKind, labelKinds } from './labels.ts';

/** Crockford's base 32: no I, L, O and U, so that nobody mistakes one for a digit when reading it from a label. */
const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** The short code of an object, e.g. `d3K7`. @param id a positive whole number */
export function codeOf(kind: LabelKind, id: number): string {
  let rest = id;
  let text = '';
  do {
    text = `${digits[rest % 32]}${text}`;
    rest = Math.floor(rest / 32);
  } while (rest > 0);
  return `${codeLetters[kind]}${text}`;
}

/** What a code names, in whatever case it was typed, with O and I and L taken as 0 and 1; null for what is none. */
export function readCode(code: string): { kind: LabelKind; id: number } | null {
  const kind = labelKinds.find((each) => codeLetters[each] === code[0]?.toLowerCase());
  const rest = code.slice(1).toUpperCase().replaceAll('O', '0').replaceAll(/[IL]/g, '1');
  if (kind === undefined || rest.length < 1 || rest.length > 10) return null;
  let id = 0;
  for (const letter of rest) {
    const value = digits.indexOf(letter);
    if (value === -1) return null;
    id = id * 32 + value;
  }
  return id > 0 && Number.isSafeInteger(id) ? { kind, id } : null;
}
