import { strictTime } from './times.ts';

/** What RFC 5424 says of a message, after the priority. */
export interface Structured {
  readonly deviceTime: number | null;
  readonly host: string | null;
  readonly app: string | null;
  readonly process: string | null;
  readonly mnemonic: string | null;
  readonly data: string | null;
  readonly text: string;
}

const header = /^[1-9]\d{0,2} (\S{1,64}) (\S{1,255}) (\S{1,128}) (\S{1,128}) (\S{1,128}) /;
/** How an element of structured data begins that was cut before its end. */
const element = /^(?:\[[^\s="\]]{1,32}[^\]]*\])*\[[^\s="\]]{1,32} [^\s="\]]{1,32}="/;

/**
 * Reads version, header, structured data and text; null: it is something else. Names a little longer than the RFC allows are taken, as are
 * data that were cut, and a text without data or `-` before it.
 * @param received when it came, ms since 1970: decides about the zone where there is none
 */
export function readStructured(rest: string, received: number): Structured | null {
  // Without anything behind the structured data the blank before them is the last.
  const match = header.exec(rest);
  if (match === null) return null;
  const [all, time = '-', host = '-', app = '-', process = '-', mnemonic = '-'] = match;
  const deviceTime = time === '-' ? null : strictTime(time, received);
  if (time !== '-' && deviceTime === null) return null;
  const from = {
    deviceTime,
    host: given(host),
    app: given(app),
    process: given(process),
    mnemonic: given(mnemonic),
  };
  const end = endOfData(rest, all.length);
  if (end !== null) {
    const data = rest.slice(all.length, end);
    return { ...from, data: data === '-' ? null : data, text: rest.slice(end).replace(/^ /, '') };
  }
  // Without a time it might as well be a text that begins with a figure.
  if (deviceTime === null) return null;
  const behind = rest.slice(all.length);
  return element.test(behind)
    ? { ...from, data: behind.trimEnd(), text: '' }
    : { ...from, data: null, text: behind };
}

/** Where the structured data that begin at `start` end; null: there are none. */
function endOfData(text: string, start: number): number | null {
  if (text[start] === '-') return ends(text, start + 1) ? start + 1 : null;
  let at = start;
  // Its name begins at once: a text may begin with a bracket, too.
  while (text[at] === '[' && /[^\s="\]]/.test(text[at + 1] ?? '')) {
    let quoted = false;
    for (at++; at < text.length; at++) {
      const letter = text[at];
      // A backslash protects the letter behind it.
      if (quoted && letter === '\\') at++;
      else if (letter === '"') quoted = !quoted;
      else if (letter === ']' && !quoted) break;
    }
    if (text[at] !== ']') return null;
    at++;
  }
  return at > start && ends(text, at) ? at : null;
}

function ends(text: string, at: number): boolean {
  return at === text.length || text[at] === ' ';
}

function given(field: string): string | null {
  return field === '-' ? null : field;
}
