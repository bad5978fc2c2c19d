import type { RecordValues } from '@rackhaus/config/contract';

type LinkKind = RecordValues<'link'>['kind'];
export type PortSide = 'front' | 'rear';

/** Between several connectors of one side, and for one that hangs open. */
const plus = ' + ';
const none = '–';
const rearWords = { de: 'hinten', en: 'rear' } as const;
const sideWord = /\s*\((hinten|rear|behind|vorne|vorn|front)\)\s*$/i;

/** The side of a port that a text names; null where it names none. */
export function saidSide(text: string): { name: string; side: PortSide | null } {
  const word = sideWord.exec(text)?.[1]?.toLowerCase();
  if (word === undefined) return { name: text.trim(), side: null };
  const side = word === 'hinten' || word === 'rear' || word === 'behind' ? 'rear' : 'front';
  return { name: text.replace(sideWord, '').trim(), side };
}

/** Texts of the connectors of a side, from the first; null for one that hangs open. */
export function connectorsOf(text: string): (string | null)[] {
  return text.split(plus).map((part) => (/^[-–—]?$/.test(part.trim()) ? null : part.trim()));
}

/** The side of a port that a cable of this kind goes into unless somebody says otherwise. */
export function usualSide(kind: LinkKind, twoSided: boolean): PortSide {
  return twoSided && kind === 'permanent' ? 'rear' : 'front';
}

/** One side of a cable as a list writes it. The opposite of {@link connectorsOf} and {@link saidSide}. */
export function sideText(
  ends: readonly { connector: number; name: string; portSide: PortSide; twoSided: boolean }[],
  kind: LinkKind,
  language: 'de' | 'en',
): string {
  const last = Math.max(0, ...ends.map((end) => end.connector));
  const parts = Array.from({ length: last }, (_, index) => {
    const end = ends.find(({ connector }) => connector === index + 1);
    if (end === undefined) return none;
    if (end.portSide === usualSide(kind, end.twoSided)) return end.name;
    return `${end.name} (${end.portSide === 'rear' ? rearWords[language] : language === 'de' ? 'vorne' : 'front'})`;
  });
  return parts.join(plus);
}
