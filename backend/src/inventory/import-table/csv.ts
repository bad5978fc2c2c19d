import { TableError } from './cells.ts';

const separators = [';', ',', '\t', '|'] as const;

/** Bytes as text: UTF-8 and UTF-16 by their marks, else UTF-8 where it is valid, else what Windows writes in western Europe. */
export function decodeText(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/**
 * Reads separated values after RFC 4180, with the separator that the first lines agree on most. Values stay text; one that
 * begins with "=" is text like any other.
 * @throws TableError when a quoted value does not end
 */
export function parseCsv(whole: string): string[][] {
  const named = /^sep=(.)\r?\n/.exec(whole);
  const text = named === null ? whole : whole.slice(named[0].length);
  const separator = named?.[1] ?? guessSeparator(text);
  const rows: string[][] = [];
  let row: string[] = [];
  let position = 0;
  while (position < text.length) {
    let value: string;
    if (text[position] === '"') {
      const quoted = readQuoted(text, position);
      if (quoted === null)
        throw new TableError('open-quote', `The quotation mark in line ${rows.length + 1} has no end.`, {
          row: String(rows.length + 1),
        });
      value = quoted.value;
      position = quoted.end;
      // What follows a closing quotation mark belongs to the value: better than losing it.
      const end = endOfValue(text, position, separator);
      value += text.slice(position, end);
      position = end;
    } else {
      const end = endOfValue(text, position, separator);
      value = text.slice(position, end);
      position = end;
    }
    row.push(value);
    if (text[position] === separator) {
      position++;
      if (position < text.length && text[position] !== '\n' && text[position] !== '\r') continue;
      row.push('');
    }
    if (text[position] === '\r') position++;
    if (text[position] === '\n') position++;
    rows.push(row);
    row = [];
  }
  return rows;
}

function endOfValue(text: string, from: number, separator: string): number {
  let end = from;
  while (end < text.length) {
    const letter = text[end];
    if (letter === separator || letter === '\n' || letter === '\r') break;
    end++;
  }
  return end;
}

function readQuoted(text: string, from: number): { value: string; end: number } | null {
  let value = '';
  let start = from + 1;
  for (;;) {
    const quote = text.indexOf('"', start);
    if (quote < 0) return null;
    value += text.slice(start, quote);
    if (text[quote + 1] !== '"') return { value, end: quote + 1 };
    value += '"';
    start = quote + 2;
  }
}

function guessSeparator(text: string): string {
  const lines = text
    .slice(0, 20_000)
    .replaceAll(/"(?:[^"]|"")*"/g, '')
    .split(/\r?\n/)
    .slice(0, 30);
  let best = { separator: ';', score: 0 };
  for (const separator of separators) {
    const counts = lines.map((line) => line.split(separator).length - 1).filter((count) => count > 0);
    if (counts.length === 0) continue;
    const usual = counts.toSorted((a, b) => a - b)[Math.floor(counts.length / 2)] ?? 0;
    const agree = counts.filter((count) => count === usual).length;
    // Agreement counts more than number: a comma also stands in sentences and numbers.
    const score = agree * 10 + Math.min(usual, 9);
    if (score > best.score) best = { separator, score };
  }
  return best.separator;
}

/** The opposite of {@link parseCsv}. */
export function writeCsv(rows: readonly (readonly string[])[], separator = ';'): string {
  const quoted = (value: string) =>
    /["\r\n\t;,|]|^\s|\s$/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
  return rows.map((row) => `${row.map(quoted).join(separator)}\r\n`).join('');
}
