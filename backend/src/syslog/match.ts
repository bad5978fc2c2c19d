import type { Wanted } from './messages.ts';

/** What is looked for in the words of messages (an expression of SQLite's FTS5); null: nothing, which all messages fit. Pure. */
export function matchOf(wanted: Pick<Wanted, 'text' | 'device' | 'unknown' | 'severity'>): string | null {
  const parts = wordsOf(wanted.text ?? '').map(({ text, whole }) => `text : "${text}"${whole ? '' : ' *'}`);
  if (wanted.device !== null) parts.push(`mark : "d${wanted.device}"`);
  if (wanted.unknown) parts.push('mark : "u"');
  // All that say a severity, and those that say none, are at least "debug".
  if (wanted.severity !== null && wanted.severity < 7) {
    const severities = Array.from({ length: wanted.severity + 1 }, (_, severity) => `"s${severity}"`);
    parts.push(`mark : (${severities.join(' OR ')})`);
  }
  return parts.length === 0 ? null : parts.map((part) => `(${part})`).join(' AND ');
}

/**
 * Whether a text has anything to look for: letters or figures. One of others alone finds nothing, instead of everything.
 */
export function saysNothing(text: string | null): boolean {
  return text !== null && text.trim() !== '' && wordsOf(text).length === 0;
}

function wordsOf(text: string): { text: string; whole: boolean }[] {
  const words: { text: string; whole: boolean }[] = [];
  for (const match of text.matchAll(/"([^"]*)"?|([^\s"]+)/g)) {
    const word = match[1] ?? match[2] ?? '';
    if (/[\p{L}\p{N}]/u.test(word)) words.push({ text: word, whole: match[1] !== undefined });
  }
  return words;
}
