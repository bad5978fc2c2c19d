import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { FileError, readYaml } from '../yaml/index.ts';
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
    const profile = await readYaml(file, Profile);
    const problems = problemsOf(profile);
    if (`${profile.id}.yaml` !== basename(file)) problems.push(`id "${profile.id}" must be the file's name`);
    fail(file, problems);
    profiles.set(profile.id, profile);
  }
  for (const profile of profiles.values()) {
    const file = join(folder, `${profile.id}.yaml`);
    fail(
      file,
      profile.includes
        .filter((id) => !profiles.has(id))
        .map((id) => `includes "${id}", which does not exist`),
    );
  }
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

/** What the schema cannot see: that names used in values, conditions and templates are columns. */
function problemsOf(profile: Profile): string[] {
  const problems: string[] = [];
  const ids = new Set<string>();
  for (const group of profile.scalars) check(group.id, group, Object.keys(group.objects));
  for (const table of profile.tables) {
    check(table.id, table, Object.keys(table.columns));
    checkTable(table);
  }
  return problems;

  function check(
    id: string,
    group: {
      entity: string[];
      label?: string[] | undefined;
      where?: object | undefined;
      values: ProfileValue[];
    },
    columns: string[],
  ): void {
    if (ids.has(id)) problems.push(`id "${id}" is used twice`);
    ids.add(id);
    const known = new Set([...columns, 'index']);
    const need = (name: string | undefined): void => {
      if (name !== undefined && !known.has(name)) problems.push(`${id}: there is no column "${name}"`);
    };
    for (const name of [...templateNames(group.entity), ...templateNames(group.label ?? [])]) need(name);
    for (const name of Object.keys(group.where ?? {})) need(name);
    for (const value of group.values) {
      need(value.column);
      need(value.siScale);
      need(value.digits);
      need(value.factor);
      for (const name of value.formula ? parseFormula(value.formula).names : []) need(name);
      for (const name of [...Object.keys(value.when ?? {}), ...templateNames(value.entity ?? [])]) need(name);
    }
  }

  function checkTable(table: ProfileTable): void {
    const columns = new Map(Object.entries(table.columns));
    const need = (name: string | undefined): void => {
      if (name !== undefined && !columns.has(name))
        problems.push(`${table.id}: there is no column "${name}"`);
    };
    need(table.discontinuity);
    for (const name of table.fastest ? parseFormula(table.fastest).names : []) need(name);
    for (const name of Object.values(table.port ?? {})) need(name);
    for (const column of columns.values()) {
      if ('unless' in column) need(column.unless);
      if ('join' in column && column.join && 'by' in column.join) need(column.join.by);
    }
  }
}

function templateNames(templates: readonly string[]): string[] {
  return templates.flatMap((template) => [...template.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? ''));
}
