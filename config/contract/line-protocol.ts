import { LineProtocolError } from '../line-protocol/error.ts';
import { LineScanner } from '../line-protocol/scanner.ts';
import { readSeriesKey, type SeriesKey } from '../line-protocol/series-key.ts';
import { type EntityKind, entityKinds, isMetricId } from './metrics.ts';
import type { Reading } from './reading.ts';

export { LineProtocolError };

/**
 * InfluxDB line protocol as Rackhaus speaks it, one reading a line, times in milliseconds:
 * `port,d=12,e=1/1/3 rx=1200,tx=800 1780000000000`. The kind is the measurement; tag `d` is the device id and `e` the
 * entity (left out when empty). Escapes are those of the InfluxDB 1.x line protocol reference: `\,` `\=` `\ ` in tags.
 */
export function formatLine(reading: Reading): string {
  let fields = '';
  const { values } = reading;
  for (const name in values) {
    // A decimal point or exponent would be a float and no suffix is one too: every field is a float, whatever its first value.
    fields += fields === '' ? `${name}=${values[name]}` : `,${name}=${values[name]}`;
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

/**
 * Reads a batch in the form above. Empty lines and comments (`#`) are passed over.
 * @throws LineProtocolError naming the line, on anything that is not a reading of the catalogue.
 */
export function parseLines(text: string): Reading[] {
  const scanner = new LineScanner(new TextEncoder().encode(text), 'ms');
  const readings: Reading[] = [];
  while (scanner.nextLine()) {
    const reading = readReading(scanner);
    if (typeof reading === 'string') throw new LineProtocolError(scanner.line, reading);
    readings.push(reading);
  }
  return readings;
}

/** @returns what is wrong with the line when it is not a reading */
function readReading(scanner: LineScanner): Reading | string {
  const { bytes } = scanner;
  const key = readSeriesKey(bytes, scanner.keyStart, scanner.keyEnd);
  const about = typeof key === 'string' ? key : readingKey(key);
  if (typeof about === 'string') return about;
  const values: Record<string, number> = {};
  while (scanner.nextField()) {
    const name = new TextDecoder().decode(bytes.subarray(scanner.nameStart, scanner.nameEnd));
    if (!isMetricId(`${about.kind}.${name}`)) return `"${about.kind}.${name}" is not in the metric catalogue`;
    if (scanner.valueType === 'string' || scanner.valueType === 'boolean')
      return `field "${name}" must be a number`;
    values[name] = scanner.number;
  }
  if (scanner.problem !== null) return scanner.problem;
  if (!scanner.hasTime || scanner.time < 0) return 'must end with its time in milliseconds since 1970';
  return { ...about, time: scanner.time, values };
}

/** What a reading's line is about. @returns what is wrong when it is about nothing of the catalogue */
export function readingKey({
  measurement,
  tags,
}: SeriesKey): { deviceId: number; kind: EntityKind; entity: string } | string {
  const kind = entityKinds.find((known) => known === measurement);
  if (kind === undefined) return `kind "${measurement}" is not one of ${entityKinds.join(', ')}`;
  let deviceId: number | undefined;
  let entity = '';
  for (const [name, value] of tags) {
    if (name === 'd' && /^\d{1,15}$/.test(value)) deviceId = Number(value);
    else if (name === 'e') entity = value;
    else return `tag "${name}=${value}" is not d=<device id> or e=<entity>`;
  }
  if (deviceId === undefined) return 'tag d=<device id> is missing';
  return { deviceId, kind, entity };
}

/** What {@link escapeTag} changes; hardly any name holds it. */
const unsafeInTag = /[\r\n\\,= ]/;

function escapeTag(value: string): string {
  if (!unsafeInTag.test(value)) return value;
  // Line breaks cannot be escaped in line protocol; a name has no use for them.
  return value
    .replace(/[\r\n]+/g, ' ')
    .replace(/\\+$/, '')
    .replace(/[,= ]/g, '\\$&');
}
