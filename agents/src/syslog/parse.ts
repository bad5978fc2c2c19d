import { isIP } from 'node:net';
import { readPairs, severityOfWord } from './key-values.ts';
import { readStructured } from './rfc5424.ts';
import { textOf } from './text.ts';
import { timeAtStart } from './times.ts';

/** What a message says of itself; null: it does not. */
export interface ParsedMessage {
  readonly severity: number | null;
  readonly facility: number | null;
  readonly host: string | null;
  readonly app: string | null;
  readonly process: string | null;
  readonly mnemonic: string | null;
  readonly deviceTime: number | null;
  readonly text: string;
  readonly data: string | null;
}

const highestPriority = 191;
/** A message counter or a sequence number before the time. */
const counter = /^\d{1,10}: /;
/** A name before the time. */
const nameBefore = /^([A-Za-z0-9][\w.:-]{0,254}): (?=[*.]?(?:\d{4} )?[A-Z][a-z]{2} {1,2}\d|\d{4}-\d\d-\d\d)/;
const tag = /^([A-Za-z_][\w./@-]{0,63})(?:\[([\w.:-]{1,64})\])?: ?/;
/** Facility, severity and name in one word. */
const coded = /^%([A-Z][\w]{0,31}(?:-[A-Z][\w]{0,31}){0,3}-([0-7])-\w{1,63}): ?/i;
const numbered = /^(\d{5}) ([A-Za-z][\w-]{0,31}): ?/;
const shouted = /^([A-Z][A-Z0-9]{1,31}(?:_[A-Z0-9]{1,31}){1,7}): /;
const topics = /^([a-z][a-z0-9-]{1,31}(?:,!?[a-z][a-z0-9-]{1,31}){1,5}) (?=\S)/;

/**
 * Reads one message without its framing: RFC 5424, RFC 3164, and what devices make of them. Never throws; what is not understood is
 * text.
 * @param received when it came, ms since 1970
 */
export function parseMessage(bytes: Uint8Array, received: number): ParsedMessage {
  const whole = textOf(bytes);
  const match = /^ ?<(\d{1,3})>/.exec(whole);
  const priority = match === null ? null : Number(match[1]);
  if (match === null || priority === null || priority > highestPriority)
    return readOlder(whole, { severity: null, facility: null }, received);
  const of = { severity: priority % 8, facility: Math.floor(priority / 8) };
  const rest = whole.slice(match[0].length);
  const structured = readStructured(rest, received) ?? readStructured(`${rest} `, received);
  if (structured !== null) return bounded({ ...of, ...structured });
  return readOlder(rest, of, received);
}

/** RFC 3164 and its relatives: the time, the name and the tag are there or not. */
function readOlder(
  written: string,
  of: { readonly severity: number | null; readonly facility: number | null },
  received: number,
): ParsedMessage {
  // Of RFC 5424 nothing but the version, before a time in seconds.
  let rest = written
    .trimStart()
    .replace(/^: /, '')
    .replace(/^1 (?=\d{10}\.\d)/, '');
  let host: string | null = null;
  // Message counter and sequence number, both of which may be switched on.
  for (let count = 0; count < 2 && counter.test(rest); count++) rest = rest.replace(counter, '').trimStart();
  const before = nameBefore.exec(rest);
  if (before !== null) {
    host = before[1] ?? null;
    rest = rest.slice(before[0].length).trimStart();
  }
  const time = timeAtStart(rest, received);
  if (time !== null) {
    rest = rest.slice(time.length).trimStart();
    if (!time.closed && host === null) [host, rest] = hostAtStart(rest);
  }
  const severe = { ...of, deviceTime: time?.time ?? null, host, process: null, data: null };
  const pairs = readPairs(rest, received);
  if (pairs !== null)
    return bounded({
      ...severe,
      severity: of.severity ?? pairs.severity,
      host: host ?? pairs.host,
      app: pairs.app,
      mnemonic: pairs.mnemonic,
      deviceTime: severe.deviceTime ?? pairs.deviceTime,
      text: rest,
    });
  return bounded({ ...severe, ...tagged(rest, of.severity, of.severity !== null || time !== null) });
}

/** The name of the sender where one stands, and what follows. */
function hostAtStart(rest: string): [host: string | null, rest: string] {
  const match = /^([A-Za-z0-9][\w.:-]{0,254}) +(?=\S)/.exec(rest);
  const word = match?.[1];
  if (match === null || word === undefined || word.endsWith(':')) return [null, rest];
  const after = rest.slice(match[0].length);
  // A text without a tag may begin here: names have figures, dots or dashes, or a tag behind them.
  const isName =
    isIP(word) !== 0 || /[\d.-]/.test(word) || tag.test(after) || coded.test(after) || numbered.test(after);
  return isName ? [word, after] : [null, rest];
}

/** Who wrote it and what kind it is, where the text begins with that. */
function tagged(
  rest: string,
  severity: number | null,
  isMessage: boolean,
): Pick<ParsedMessage, 'app' | 'process' | 'mnemonic' | 'text' | 'severity'> {
  const nothing = { app: null, process: null, mnemonic: null, severity };
  const code = coded.exec(rest.replace(/^: /, ''));
  if (code !== null) {
    const text = rest.replace(/^: /, '').slice(code[0].length);
    return { ...nothing, severity: severity ?? Number(code[2]), mnemonic: code[1] ?? null, text };
  }
  const list = topics.exec(rest);
  if (list !== null) {
    const words = (list[1] ?? '').split(',');
    const worst = words.map(severityOfWord).find((one) => one !== null) ?? null;
    if (isMessage || worst !== null)
      return {
        ...nothing,
        severity: severity ?? worst,
        app: words[0] ?? null,
        text: rest.slice(list[0].length),
      };
  }
  if (!isMessage) return { ...nothing, text: rest };
  const event = numbered.exec(rest);
  if (event !== null)
    return {
      ...nothing,
      mnemonic: event[1] ?? null,
      app: event[2] ?? null,
      text: rest.slice(event[0].length),
    };
  const program = tag.exec(rest);
  if (program === null) return { ...nothing, text: rest };
  let text = rest.slice(program[0].length);
  const inner = coded.exec(text) ?? shouted.exec(text);
  if (inner !== null) text = text.slice(inner[0].length);
  return {
    severity,
    app: program[1] ?? null,
    process: program[2] ?? null,
    mnemonic: inner?.[1] ?? null,
    text,
  };
}

/** As long as the contract allows. */
function bounded(parsed: ParsedMessage): ParsedMessage {
  const cut = (text: string | null) => (text === null ? null : text.slice(0, 128));
  return {
    ...parsed,
    host: parsed.host?.slice(0, 255) ?? null,
    app: cut(parsed.app),
    process: cut(parsed.process),
    mnemonic: cut(parsed.mnemonic),
    text: parsed.text.trim(),
  };
}
