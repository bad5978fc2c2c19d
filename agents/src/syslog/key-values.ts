import { timeAtStart } from './times.ts';

/** Words for severities as they stand in messages, by number. */
const words: Readonly<Record<string, number>> = {
  emergency: 0,
  emerg: 0,
  panic: 0,
  alert: 1,
  critical: 2,
  crit: 2,
  error: 3,
  err: 3,
  warning: 4,
  warn: 4,
  notice: 5,
  notification: 5,
  information: 6,
  informational: 6,
  info: 6,
  debug: 7,
};

/** The number of a severity by its word; null: it is no such word. */
export function severityOfWord(word: string): number | null {
  return words[word.toLowerCase()] ?? null;
}

/** What a message of `name=value` pairs says of itself. */
export interface Pairs {
  readonly host: string | null;
  readonly app: string | null;
  readonly mnemonic: string | null;
  readonly severity: number | null;
  readonly deviceTime: number | null;
}

const pair = /([A-Za-z][\w-]{0,63})=(?:"((?:[^"\\]|\\.){0,1000})"|([^\s"]{0,500}))(?=\s|$)/y;
const fewest = 3;
const most = 60;

/** Reads a text that begins with at least three pairs, as firewalls write them; null: it is something else. */
export function readPairs(text: string, received: number): Pairs | null {
  const values = new Map<string, string>();
  pair.lastIndex = 0;
  for (let count = 0; count < most; count++) {
    const match = pair.exec(text);
    if (match === null) break;
    const [, name = '', quoted, plain] = match;
    if (!values.has(name.toLowerCase())) values.set(name.toLowerCase(), quoted ?? plain ?? '');
    while (text[pair.lastIndex] === ' ') pair.lastIndex++;
  }
  if (values.size < fewest) return null;
  const first = (...names: string[]): string | null => {
    for (const name of names) {
      const value = values.get(name);
      if (value !== undefined && value !== '') return value.slice(0, 128);
    }
    return null;
  };
  const date = first('date');
  const clock = first('time');
  const zone = first('tz');
  const written =
    date === null || clock === null
      ? null
      : `${date} ${clock}${zone !== null && /^[+-]\d{4}$/.test(zone) ? zone : ''}`;
  return {
    host: first('devname', 'device_name', 'hostname', 'host', 'sn'),
    app: first('type', 'log_type', 'app', 'id'),
    mnemonic: first('logid', 'log_id', 'eventid', 'msgid'),
    severity: severityOfWord(first('level', 'priority', 'severity', 'pri') ?? ''),
    deviceTime: written === null ? null : (timeAtStart(written, received)?.time ?? null),
  };
}
