import { lineLimits } from './limits.ts';
import { shown, textOf, unescapeMeasurement, unescapeName } from './text.ts';

const comma = 0x2c;
const equals = 0x3d;
const backslash = 0x5c;

/** What a line is about: everything before its first space that is not escaped. */
export interface SeriesKey {
  readonly measurement: string;
  readonly tags: readonly (readonly [name: string, value: string])[];
}

/** Reads a measurement and its tags strictly. @returns what is wrong, as a sentence, when it is not one */
export function readSeriesKey(bytes: Uint8Array, start: number, end: number): SeriesKey | string {
  const measurementEnd = unescaped(bytes, comma, start, end);
  if (measurementEnd === start) return 'has no measurement: it must begin with one';
  const measurement = nameOf(bytes, start, measurementEnd);
  if (measurement === null) return wrongName('measurement', bytes, start, measurementEnd);
  const tags: (readonly [string, string])[] = [];
  const names = new Set<string>();
  for (let at = measurementEnd; at < end; ) {
    const tagStart = at + 1;
    at = unescaped(bytes, comma, tagStart, end);
    const split = unescaped(bytes, equals, tagStart, at);
    const tag = shown(bytes, tagStart, at);
    if (split === tagStart || split >= at - 1)
      return `tag ${tag} must be <name>=<value>, neither of them empty`;
    if (unescaped(bytes, equals, split + 1, at) !== at)
      return `tag ${tag} has a second "=": one that belongs to the name or value must be written "\\="`;
    const name = nameOf(bytes, tagStart, split);
    const value = nameOf(bytes, split + 1, at);
    if (name === null) return wrongName('tag', bytes, tagStart, split);
    if (value === null) return wrongName('value of a tag', bytes, split + 1, at);
    const plain = unescapeName(name);
    if (names.has(plain)) return `tag ${JSON.stringify(plain)} is there twice`;
    if (names.size === lineLimits.tags) return `has more than ${lineLimits.tags} tags`;
    names.add(plain);
    tags.push([plain, unescapeName(value)]);
  }
  return { measurement: unescapeMeasurement(measurement), tags };
}

/** Where the byte stands first without a backslash before it; `end` when nowhere. */
function unescaped(bytes: Uint8Array, wanted: number, start: number, end: number): number {
  for (let at = start; at < end; at++)
    if (bytes[at] === wanted && (at === start || bytes[at - 1] !== backslash)) return at;
  return end;
}

function nameOf(bytes: Uint8Array, start: number, end: number): string | null {
  return end - start > lineLimits.nameBytes ? null : textOf(bytes, start, end);
}

/** Why {@link nameOf} gave nothing. */
export function wrongName(what: string, bytes: Uint8Array, start: number, end: number): string {
  const name = `the ${what} ${shown(bytes, start, end)}`;
  return end - start > lineLimits.nameBytes
    ? `${name} is longer than ${lineLimits.nameBytes} bytes`
    : `${name} is not UTF-8`;
}
