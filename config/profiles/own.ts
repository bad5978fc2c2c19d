import { FileError, type FileProblem, parseYaml } from '../yaml/index.ts';
import { type ProfileProblem, type ProfileSet, profileProblems, profileSet } from './load.ts';
import { PatternTrial } from './safe-pattern.ts';
import { Profile } from './schema.ts';

/** What a profile that people have written themselves may hold; far above what a family needs. */
export const ownProfileLimits = { characters: 200_000, columns: 1000, values: 1000, including: 40 } as const;

/**
 * Reads a profile that people have written themselves. Checked as those that come with Rackhaus are, and besides that agents
 * can use it without harm: its size, and that none of its patterns takes long. What it includes is looked for in `among`.
 * @throws FileError with the line of every problem
 */
export function readOwnProfile(text: string, among: ReadonlyMap<string, Profile>): Profile {
  const file = 'profile.yaml';
  if (text.length > ownProfileLimits.characters)
    throw new FileError(file, [
      { line: 1, path: '', message: `is longer than ${ownProfileLimits.characters} characters` },
    ]);
  return parseYaml(file, text, Profile, (profile) => [
    ...profileProblems(profile),
    ...limitProblems(profile),
    ...patternProblems(profile),
    ...profile.includes.flatMap((id, i) => {
      if (id === profile.id)
        return [
          { path: `includes.${i}`, message: 'includes itself: the one that comes with Rackhaus is replaced' },
        ];
      return among.has(id)
        ? []
        : [{ path: `includes.${i}`, message: `includes "${id}", which does not exist` }];
    }),
  ]);
}

/** The same, as a value. */
export function checkOwnProfile(
  text: string,
  among: ReadonlyMap<string, Profile>,
): { profile: Profile; problems: [] } | { profile: null; problems: readonly FileProblem[] } {
  try {
    return { profile: readOwnProfile(text, among), problems: [] };
  } catch (error) {
    if (error instanceof FileError) return { profile: null, problems: error.problems };
    throw error;
  }
}

/** The shipped profiles with own ones: those of the same id are replaced. */
export function withOwnProfiles(shipped: ProfileSet, own: Iterable<Profile>): ProfileSet {
  const all = new Map(shipped.profiles);
  for (const profile of own) all.set(profile.id, profile);
  return profileSet(all);
}

function limitProblems(profile: Profile): ProfileProblem[] {
  const columns =
    profile.tables.reduce((sum, table) => sum + Object.keys(table.columns).length, 0) +
    profile.scalars.reduce((sum, group) => sum + Object.keys(group.objects).length, 0);
  const values = [...profile.tables, ...profile.scalars].reduce((sum, { values }) => sum + values.length, 0);
  const problems: ProfileProblem[] = [];
  if (columns > ownProfileLimits.columns)
    problems.push({ path: 'tables', message: `names more than ${ownProfileLimits.columns} columns` });
  if (values > ownProfileLimits.values)
    problems.push({ path: 'tables', message: `has more than ${ownProfileLimits.values} values` });
  if (profile.includes.length > ownProfileLimits.including)
    problems.push({ path: 'includes', message: `includes more than ${ownProfileLimits.including} others` });
  return problems;
}

/** Keys of the schema whose text is a pattern; in conditions a text between slashes is one. */
const patternKeys = new Set(['pattern', 'text', 'sysDescr', 'prompt', 'asks', 'begins', 'ends']);
/** Keys whose list is one of patterns. */
const patternLists = new Set(['ignore', 'secrets', 'varying']);

function patternProblems(profile: Profile): ProfileProblem[] {
  const problems: ProfileProblem[] = [];
  const trial = new PatternTrial();
  look(profile, [], false);
  return problems;

  function look(value: unknown, path: readonly (string | number)[], condition: boolean): void {
    if (typeof value === 'string') {
      const slashes = condition ? /^\/(.*)\/i?$/.exec(value)?.[1] : undefined;
      const isPattern =
        patternKeys.has(String(path.at(-1))) || (path.length === 3 && patternLists.has(String(path.at(-2))));
      const pattern = isPattern && !condition ? value : slashes;
      const problem = pattern === undefined ? null : trial.problemOf(pattern);
      if (problem !== null) problems.push({ path: path.join('.'), message: `the pattern ${problem}` });
    } else if (Array.isArray(value)) {
      value.forEach((each, i) => {
        look(each, [...path, i], condition);
      });
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, each] of Object.entries(value))
        look(each, [...path, key], condition || key === 'where' || key === 'when');
    }
  }
}

/** An own profile as it is kept: `id` is what it was kept under. */
export interface OwnProfileText {
  readonly id: string;
  readonly text: string;
}

const longestMessage = 1000;

/**
 * The shipped profiles with these own ones, which may include each other. One that cannot be used (whoever reads it may be older
 * than who has written it) is left out, and so is one that includes such a one: what comes with Rackhaus stays in its place.
 */
export function readOwnProfiles(
  own: readonly OwnProfileText[],
  shipped: ProfileSet,
): { set: ProfileSet; refused: { id: string; message: string }[] } {
  // In any order they may include each other: at first whatever they name is believed to be right.
  const named = new Map<string, Profile>(shipped.profiles);
  const any = [...shipped.profiles.values()][0];
  if (any) for (const { id } of own) if (!named.has(id)) named.set(id, any);
  const good = new Map<string, Profile>();
  const refused: { id: string; message: string }[] = [];
  const refuse = (id: string, message: string) =>
    refused.push({ id, message: message.slice(0, longestMessage) });
  for (const { id, text } of own) {
    const { profile, problems } = checkOwnProfile(text, named);
    if (profile === null)
      refuse(id, problems.map(({ line, message }) => `line ${line ?? 1}: ${message}`).join('; '));
    else if (profile.id !== id) refuse(id, `its id is "${profile.id}"`);
    else good.set(id, profile);
  }
  for (let left = true; left; ) {
    left = false;
    for (const [id, profile] of good) {
      const missing = profile.includes.find((one) => !good.has(one) && !shipped.profiles.has(one));
      if (missing === undefined) continue;
      good.delete(id);
      refuse(id, `includes "${missing}", which cannot be used`);
      left = true;
    }
  }
  return { set: withOwnProfiles(shipped, good.values()), refused };
}
