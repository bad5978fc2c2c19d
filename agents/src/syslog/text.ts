import { longestSyslogText } from '@rackhaus/config/contract';
import { longestMessage } from './framing.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });
const latin = new TextDecoder('windows-1252');

/**
 * The text of a message as it came: UTF-8, and where it is none the Western European letters that older devices write. Line breaks
 * and other control characters become spaces, the byte order mark of RFC 5424 goes, whatever follows it. At most as long as a message may be.
 */
export function textOf(bytes: Uint8Array): string {
  return clean(decoded(bytes));
}

function decoded(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    // Cut within a letter, or not UTF-8.
  }
  if (bytes.length >= longestMessage)
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    } catch {
      // Not UTF-8.
    }
  return latin.decode(bytes).replace(/\u00ef\u00bb\u00bf/g, '');
}

/** Printable, without ends of white space, not too long. Blanks at the beginning stay: they say which format it is. */
export function clean(text: string): string {
  return (
    text
      .slice(0, 2 * longestSyslogText)
      .replace(/[\p{Cc}\u2028\u2029]/gu, ' ')
      .replaceAll('\u{feff}', '')
      .trimEnd()
      .slice(0, longestSyslogText)
      // A pair of letters that the limit cut in two.
      .replace(/[\ud800-\udbff]$/, '')
  );
}
