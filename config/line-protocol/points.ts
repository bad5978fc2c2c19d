import { LineProtocolError } from './error.ts';
import { LineScanner, type Precision } from './scanner.ts';
import { readSeriesKey, wrongName } from './series-key.ts';
import { textOf, unescapeName, unescapeString } from './text.ts';

/** One line: all values of one series at one time. */
export interface Point {
  readonly measurement: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Integers come as numbers; those beyond 2^53 are the nearest one. */
  readonly fields: Readonly<Record<string, number | string | boolean>>;
  /** Milliseconds since 1970, rounded down. */
  readonly time: number;
}

export interface LineOptions {
  /** In what the times are counted. */
  readonly precision: Precision;
  /** Time of points that say none, in milliseconds since 1970. */
  readonly now: number;
}

/** The lines that could be read, and what is wrong with the others. */
export interface ReadPoints {
  readonly points: readonly Point[];
  /** The first of them; `unreadable` says how many there are. */
  readonly problems: readonly LineProtocolError[];
  readonly unreadable: number;
}

/** Of a body that is nothing but nonsense, not every line gets a message. */
const maxProblems = 100;

/** Reads a batch. Lines that cannot be read are told one by one, and the others are points all the same. */
export function readPoints(bytes: Uint8Array, options: LineOptions): ReadPoints {
  const scanner = new LineScanner(bytes, options.precision);
  const points: Point[] = [];
  const problems: LineProtocolError[] = [];
  let unreadable = 0;
  while (scanner.nextLine()) {
    const point = readPoint(scanner, options.now);
    if (typeof point !== 'string') points.push(point);
    else if (++unreadable <= maxProblems) problems.push(new LineProtocolError(scanner.line, point));
  }
  return { points, problems, unreadable };
}

/**
 * Reads a batch all of whose lines have to be good.
 * @throws LineProtocolError naming the first line that cannot be read
 */
export function parsePoints(bytes: Uint8Array, options: LineOptions): Point[] {
  const scanner = new LineScanner(bytes, options.precision);
  const points: Point[] = [];
  while (scanner.nextLine()) {
    const point = readPoint(scanner, options.now);
    if (typeof point === 'string') throw new LineProtocolError(scanner.line, point);
    points.push(point);
  }
  return points;
}

/** @returns what is wrong with the line when it is not a point */
function readPoint(scanner: LineScanner, now: number): Point | string {
  const { bytes } = scanner;
  const key = readSeriesKey(bytes, scanner.keyStart, scanner.keyEnd);
  if (typeof key === 'string') return key;
  const fields: [string, number | string | boolean][] = [];
  while (scanner.nextField()) {
    const name = textOf(bytes, scanner.nameStart, scanner.nameEnd);
    if (name === null) return wrongName('field', bytes, scanner.nameStart, scanner.nameEnd);
    const value = fieldValue(scanner);
    if (value === null) return `the text of field ${JSON.stringify(name)} is not UTF-8`;
    fields.push([unescapeName(name), value]);
  }
  if (scanner.problem !== null) return scanner.problem;
  return {
    measurement: key.measurement,
    // fromEntries makes own properties of any name, `__proto__` too; of a field that is there twice the last one counts.
    tags: Object.fromEntries(key.tags),
    fields: Object.fromEntries(fields),
    time: scanner.hasTime ? scanner.time : now,
  };
}

function fieldValue(scanner: LineScanner): number | string | boolean | null {
  if (scanner.valueType === 'boolean') return scanner.number === 1;
  if (scanner.valueType !== 'string') return scanner.number;
  const text = textOf(scanner.bytes, scanner.valueStart, scanner.valueEnd);
  return text === null ? null : unescapeString(text);
}
