import { type EntityKind, entityKinds, isMetricId } from './metrics.ts';
import type { Reading } from './reading.ts';

/**
 * InfluxDB line protocol as Rackhaus speaks it, one reading a line, times in milliseconds:
 * `port,d=12,e=1/1/3 rx=1200,tx=800 1780000000000`. The kind is the measurement; tag `d` is the device id and `e` the
 * entity (left out when empty). Escapes are those of the InfluxDB 1.x line protocol reference: `\,` `\=` `\ ` in tags.
 */
export function formatLine(reading: Reading): string {
  let fields = '';
  for (const [name, value] of Object.entries(reading.values)) {
    // A decimal point or exponent would be a float and no suffix is one too: every field is a float, whatever its first value.
    fields += `${fields === '' ? '' : ','}${name}=${value}`;
  }
  const entity = reading.entity === '' ? '' : `,e=${escapeTag(reading.entity)}`;
  return `${reading.kind},d=${reading.deviceId}${entity} ${fields} ${reading.time}`;
}

/** All lines of a batch. Readings without a value are left out. */
export function formatLines(readings: readonly Reading[]): string {
  return readings
    .filter((reading) => Object.keys(reading.values).length > 0)
    .map(formatLine)
    .join('\n');
}

export class LineProtocolError extends Error {
  readonly line: number;
  constructor(line: number, message: string) {
    super(`line ${line}: ${message}`);
    this.name = 'LineProtocolError';
    this.line = line;
  }
}

/**
 * Reads a batch in the form above. Empty lines and comments (`#`) are passed over.
 * @throws LineProtocolError naming the line, on anything that is not a reading of the catalogue.
 */
export function parseLines(text: string): Reading[] {
  const readings: Reading[] = [];
  let number = 0;
  let start = 0;
  while (start <= text.length) {
    const end = text.indexOf('\n', start);
    const line = text.slice(start, end === -1 ? text.length : end).trimEnd();
    number++;
    if (line !== '' && !line.startsWith('#')) readings.push(parseLine(line, number));
    if (end === -1) break;
    start = end + 1;
  }
  return readings;
}

function parseLine(line: string, number: number): Reading {
  const fail = (message: string): never => {
    throw new LineProtocolError(number, message);
  };
  const keyEnd = unescapedIndex(line, ' ', 0);
  const fieldsEnd = keyEnd === -1 ? -1 : line.indexOf(' ', keyEnd + 1);
  if (keyEnd === -1 || fieldsEnd === -1) return fail('must be "<kind>,d=<device> <fields> <milliseconds>"');

  const [kind, ...tags] = splitUnescaped(line.slice(0, keyEnd), ',');
  if (!isEntityKind(kind)) return fail(`kind "${kind}" is not one of ${entityKinds.join(', ')}`);
  let deviceId: number | undefined;
  let entity = '';
  for (const tag of tags) {
    const equals = unescapedIndex(tag, '=', 0);
    const name = tag.slice(0, equals);
    const value = unescapeTag(tag.slice(equals + 1));
    if (name === 'd' && /^\d{1,15}$/.test(value)) deviceId = Number(value);
    else if (name === 'e') entity = value;
    else return fail(`tag "${tag}" is not d=<device id> or e=<entity>`);
  }
  if (deviceId === undefined) return fail('tag d=<device id> is missing');

  const values: Record<string, number> = {};
  for (const field of line.slice(keyEnd + 1, fieldsEnd).split(',')) {
    const equals = field.indexOf('=');
    const name = field.slice(0, equals);
    const value = Number(field.slice(equals + 1));
    if (!isMetricId(`${kind}.${name}`)) return fail(`"${kind}.${name}" is not in the metric catalogue`);
    if (equals === field.length - 1 || !Number.isFinite(value))
      return fail(`field "${field}" is not a number`);
    values[name] = value;
  }
  const time = line.slice(fieldsEnd + 1);
  if (!/^\d{1,16}$/.test(time)) return fail(`time "${time}" is not in milliseconds since 1970`);
  return { deviceId, kind, entity, time: Number(time), values };
}

function isEntityKind(kind: string | undefined): kind is EntityKind {
  return entityKinds.some((known) => known === kind);
}

function escapeTag(value: string): string {
  // Line breaks cannot be escaped in line protocol; a name has no use for them.
  return value
    .replace(/[\r\n]+/g, ' ')
    .replace(/\\+$/, '')
    .replace(/[,= ]/g, '\\$&');
}

function unescapeTag(value: string): string {
  return value.replace(/\\([,= ])/g, '$1');
}

function unescapedIndex(text: string, wanted: string, from: number): number {
  for (let i = from; i < text.length; i++) {
    if (text[i] === '\\' && ', ='.includes(text[i + 1] ?? '.')) i++;
    else if (text[i] === wanted) return i;
  }
  return -1;
}

function splitUnescaped(text: string, separator: string): string[] {
  const parts: string[] = [];
  let start = 0;
  for (;;) {
    const end = unescapedIndex(text, separator, start);
    if (end === -1) break;
    parts.push(text.slice(start, end));
    start = end + 1;
  }
  parts.push(text.slice(start));
  return parts;
}
