import { plainWord } from '../../inventory/import-table/words.ts';

/** Colours as records keep them, and what people write: German and English first, as lists of ours write them. */
const colors: Readonly<Record<string, readonly [german: string, english: string, ...others: string[]]>> = {
  black: ['schwarz', 'black', 'sw', 'bk', 'blk'],
  white: ['weiß', 'white', 'weiss', 'ws', 'wh'],
  grey: ['grau', 'grey', 'gray', 'gr'],
  blue: ['blau', 'blue', 'bl', 'bu'],
  turquoise: ['türkis', 'turquoise', 'cyan', 'aqua'],
  green: ['grün', 'green', 'gn'],
  yellow: ['gelb', 'yellow', 'ge', 'ye'],
  orange: ['orange', 'orange', 'or', 'og'],
  red: ['rot', 'red', 'rt', 'rd'],
  pink: ['rosa', 'pink', 'magenta', 'erika', 'rs'],
  violet: ['violett', 'violet', 'lila', 'purple', 'vi'],
  brown: ['braun', 'brown', 'br', 'bn'],
};

/** "gelb" for `yellow`; another colour as it was typed. */
export function colorWord(color: string | null, language: 'de' | 'en'): string {
  if (color === null) return '';
  return colors[color]?.[language === 'de' ? 0 : 1] ?? color;
}

const byWord = new Map(
  Object.entries(colors).flatMap(([color, words]) =>
    [color, ...words].map((word) => [plainWord(word), color] as const),
  ),
);

/** `yellow` for "gelb"; what is no known word stays as it is. */
export function colorOf(word: string): string {
  return byWord.get(plainWord(word)) ?? word;
}
