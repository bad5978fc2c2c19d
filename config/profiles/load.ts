import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { FileError, type FileProblem, parseYaml } from '../yaml/index.ts';
import { parseFormula } from './formula.ts';
import { Profile, type ProfileTable, type ProfileValue } from './schema.ts';

/** The folder of the profiles that come with Rackhaus. */
export const profilesFolder = import.meta.dirname;

/** The format of a profile as JSON Schema, for editors. */
export function profileJsonSchema(): unknown {
  return z.toJSONSchema(Profile, { io: 'input' });
}

/** A family with all parts it includes, its own first. */
export interface ComposedProfile {
  readonly profile: Profile;
  readonly parts: readonly Profile[];
}

export interface ProfileSet {
  readonly profiles: ReadonlyMap<string, Profile>;
  /** The family of this id; undefined when there is none. */
  compose(id: string): ComposedProfile | undefined;
}

/**
 * Reads every profile of a folder.
 * @throws FileError naming the file and line when one is not a profile, uses an unknown metric, column or part, or an
 * id twice.
 */
export async function loadProfiles(folder = profilesFolder): Promise<ProfileSet> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.yaml')).sort();
  const profiles = new Map<string, Profile>();
  for (const name of files) {
    const file = join(folder, name);
    for (const profile of await readProfiles(file)) profiles.set(profile.id, profile);
  }
  for (const profile of profiles.values()) {
    fail(
      join(folder, `${profile.id}.yaml`),
      profile.includes
        .filter((id) => !profiles.has(id))
        .map((id) => `includes "${id}", which does not exist`),
    );
  }
  return profileSet(profiles);
}

/**
 * A file that stands for several profiles: makers number the same objects anew for each model, so `{branch}` in its text
 * means each of these OIDs in turn.
 */
const Branches = z.looseObject({ branches: z.array(z.string().regex(/^[0-2](\.\d+)+$/)).default([]) });
const BranchProfile = Profile.extend({ branches: z.array(z.string()).optional() });

/** The profiles of a file: one, or one for each branch, whose id ends with the branch's last number. */
async function readProfiles(file: string): Promise<Profile[]> {
  const text = await readFile(file, 'utf8');
  const [branch] = /^branches:/m.test(text) ? parseYaml(file, text, Branches).branches : [];
  const { branches = [], ...profile } = parseYaml(
    file,
    branch === undefined ? text : text.replaceAll('{branch}', branch),
    BranchProfile,
  );
  const problems = profileProblems(profile).map(({ message }) => message);
  if (`${profile.id}.yaml` !== basename(file)) problems.push(`id "${profile.id}" must be the file's name`);
  fail(file, problems);
  if (branch === undefined) return [profile];
  // All others have the same objects below another OID: what was right for the first is right for them.
  const written = JSON.stringify(profile).replaceAll(`"${branch}`, '"{branch}');
  return branches.map((oid) => ({
    ...Profile.parse(JSON.parse(written.replaceAll('"{branch}', `"${oid}`))),
    id: `${profile.id}-${oid.split('.').at(-1)}`,
  }));
}

/** A set of these profiles by their ids; what they include is looked for among them. */
export function profileSet(profiles: ReadonlyMap<string, Profile>): ProfileSet {
  return {
    profiles,
    compose(id) {
      const profile = profiles.get(id);
      return profile && { profile, parts: partsOf(profile, profiles) };
    },
  };
}

/** The profile and what it includes, depth first, each once: so a part included twice or in a circle is harmless. */
function partsOf(profile: Profile, profiles: ReadonlyMap<string, Profile>): Profile[] {
  const parts = new Set<Profile>();
  const add = (part: Profile | undefined): void => {
    if (!part || parts.has(part)) return;
    parts.add(part);
    for (const id of part.includes) add(profiles.get(id));
  };
  add(profile);
  return [...parts];
}

function fail(file: string, messages: readonly string[]): void {
  if (messages.length > 0)
    throw new FileError(
      file,
      messages.map((message) => ({ line: undefined, path: '', message })),
    );
}

/** Something that is wrong in a profile, and where: path of the key, as in `tables.0.values.1.column`. */
export type ProfileProblem = Pick<FileProblem, 'path' | 'message'>;

/** What the schema cannot see: that names used in values, conditions and templates are columns. */
export function profileProblems(profile: Profile): ProfileProblem[] {
  const problems: ProfileProblem[] = [];
  const ids = new Set<string>();
  profile.scalars.forEach((group, i) => {
    check(`scalars.${i}`, group, Object.keys(group.objects));
  });
  profile.tables.forEach((table, i) => {
    check(`tables.${i}`, table, Object.keys(table.columns));
    checkTable(`tables.${i}`, table);
  });
  return problems;

  function check(
    path: string,
    group: {
      id: string;
      entity: string[];
      label?: string[] | undefined;
      switch?: { unit?: string[] | undefined } | undefined;
      where?: object | undefined;
      values: ProfileValue[];
    },
    columns: string[],
  ): void {
    if (ids.has(group.id)) problems.push({ path: `${path}.id`, message: `id "${group.id}" is used twice` });
    ids.add(group.id);
    const known = new Set([...columns, 'index']);
    const need = (key: string, names: readonly (string | undefined)[]): void => {
      for (const name of names)
        if (name !== undefined && !known.has(name))
          problems.push({ path: `${path}.${key}`, message: `${group.id}: there is no column "${name}"` });
    };
    need('entity', templateNames(group.entity));
    need('label', templateNames(group.label ?? []));
    need('switch.unit', templateNames(group.switch?.unit ?? []));
    need('where', Object.keys(group.where ?? {}));
    group.values.forEach((value, i) => {
      const at = `values.${i}`;
      need(`${at}.column`, [value.column]);
      need(`${at}.siScale`, [value.siScale]);
      need(`${at}.digits`, [value.digits]);
      need(`${at}.factor`, [value.factor]);
      need(`${at}.limits`, Object.values(value.limits ?? {}));
      need(`${at}.formula`, value.formula ? parseFormula(value.formula).names : []);
      need(`${at}.when`, Object.keys(value.when ?? {}));
      need(`${at}.entity`, templateNames(value.entity ?? []));
    });
  }

  function checkTable(path: string, table: ProfileTable): void {
    const columns = new Set(Object.keys(table.columns));
    const need = (key: string, name: string | undefined): void => {
      if (name !== undefined && !columns.has(name))
        problems.push({ path: `${path}.${key}`, message: `${table.id}: there is no column "${name}"` });
    };
    need('discontinuity', table.discontinuity);
    for (const name of table.fastest ? parseFormula(table.fastest).names : []) need('fastest', name);
    for (const [key, name] of Object.entries(table.port ?? {})) need(`port.${key}`, name);
    for (const [name, column] of Object.entries(table.columns)) {
      if ('unless' in column) need(`columns.${name}.unless`, column.unless);
      if ('join' in column && column.join && 'by' in column.join)
        need(`columns.${name}.join`, column.join.by);
    }
  }
}

function templateNames(templates: readonly string[]): string[] {
  return templates.flatMap((template) => [...template.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? ''));
}
