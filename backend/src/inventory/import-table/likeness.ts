import { plainWord } from './words.ts';

/** A type that may be meant. */
export interface Candidate {
  readonly slug: string;
  readonly manufacturer: string;
  readonly model: string;
  readonly label: string;
  readonly plain: string;
  readonly words: readonly string[];
}

const makers: Readonly<Record<string, string>> = {
  hp: 'hpe',
  hewlettpackard: 'hpe',
  hewlettpackardenterprise: 'hpe',
  aruba: 'hpe',
  hpearuba: 'hpe',
  arubanetworks: 'hpe',
  dellemc: 'dell',
  lancomsystems: 'lancom',
  ciscosystems: 'cisco',
  schneider: 'apc',
  schneiderelectric: 'apc',
  apcbyschneiderelectric: 'apc',
  unifi: 'ubiquiti',
  ubnt: 'ubiquiti',
  wut: 'wiesemanntheis',
  fujitsusiemens: 'fujitsu',
};
/** A maker in one form, whatever the company was called at the time. */
export const maker = (name: string) => makers[plainWord(name)] ?? plainWord(name);
export const modelWord = (text: string) => plainWord(text.replaceAll(/patch-?panel/gi, 'patchfeld'));

/** A type by the words that people may write for it. */
export function candidate(slug: string, manufacturer: string, model: string, partNumber: string): Candidate {
  const plain = modelWord(model);
  const words = [plain, plainWord(`${manufacturer}${model}`), plainWord(slug)];
  if (partNumber !== '') words.push(plainWord(partNumber));
  return { slug, manufacturer: maker(manufacturer), model, label: `${manufacturer} ${model}`, plain, words };
}

/** Enough likeness to be taken until somebody says otherwise, and to be offered at all. */
const takenFrom = 0.72;
const offeredFrom = 0.4;

/** The types that a manufacturer and a model may mean, the most likely first; `how` null: none of them without asking. */
export function match(
  said: { readonly manufacturer: string; readonly model: string; readonly partNumber: string },
  candidates: readonly Candidate[],
): { how: 'exact' | 'similar' | null; best: Candidate[] } {
  const made = maker(said.manufacturer);
  const texts = [said.model, said.partNumber].filter((text) => text !== '');
  const words = new Set(texts.flatMap((text) => [modelWord(text), plainWord(said.manufacturer + text)]));
  const agrees = (each: Candidate) =>
    made === '' || each.manufacturer === made || each.manufacturer === 'generic';
  const exact = candidates.filter((each) => agrees(each) && each.words.some((word) => words.has(word)));
  if (exact.length === 1) return { how: 'exact', best: exact };
  const text = modelWord(texts[0] ?? '');
  if (text.length < 3) return { how: null, best: [] };
  const scored = candidates
    .map((each) => ({ each, score: agrees(each) ? likeness(text, each) : 0 }))
    .filter(({ score }) => score >= offeredFrom)
    .sort((a, b) => b.score - a.score);
  const best = [...new Set([...exact, ...scored.map(({ each }) => each)])];
  const [first, second] = scored;
  const clear = first !== undefined && first.score >= takenFrom && first.score - (second?.score ?? 0) > 0.03;
  return { how: clear ? 'similar' : null, best };
}

function likeness(text: string, { plain, words }: Candidate): number {
  // Numbers name models: an R740 is no R750.
  const numbers = text.match(/\d{2,}/g) ?? [];
  if (numbers.some((number) => !plain.includes(number))) return 0;
  if (
    words.some((word) => word.length >= 5 && (word.includes(text) || text.includes(word))) &&
    text.length >= 5
  )
    return 0.75 + 0.2 * (Math.min(text.length, plain.length) / Math.max(text.length, plain.length));
  return dice(text, plain);
}

/** Share of letter pairs that two words have in common. */
function dice(a: string, b: string): number {
  const pairs = (word: string) => Array.from({ length: word.length - 1 }, (_, at) => word.slice(at, at + 2));
  const rest = pairs(b);
  let common = 0;
  for (const pair of pairs(a)) {
    const at = rest.indexOf(pair);
    if (at < 0) continue;
    rest.splice(at, 1);
    common++;
  }
  return (2 * common) / Math.max(1, a.length + b.length - 2);
}
