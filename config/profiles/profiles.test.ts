import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { parseYaml } from '../yaml/index.ts';
import { loadProfiles, Profile, parseFormula, profileJsonSchema, profilesFolder } from './index.ts';

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

async function copyWith(name: string, change: (text: string) => string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'profiles-'));
  folders.push(folder);
  await cp(profilesFolder, folder, { recursive: true, filter: (file) => !file.endsWith('.ts') });
  await writeFile(join(folder, name), change(await readFile(join(folder, name), 'utf8').catch(() => '')));
  return folder;
}

describe('the profiles', () => {
  it('are all read; each is chosen by something or included by another', async () => {
    const { profiles } = await loadProfiles();
    const files = (await readdir(profilesFolder)).filter((name) => name.endsWith('.yaml'));
    expect(profiles.size).toBeGreaterThanOrEqual(files.length);
    for (const file of files)
      expect(
        [...profiles.keys()].some((id) => file.startsWith(id) || id.startsWith(file.replace('.yaml', ''))),
        file,
      ).toBe(true);
    const included = new Set([...profiles.values()].flatMap((profile) => profile.includes));
    for (const profile of profiles.values())
      expect(profile.match.length > 0 || included.has(profile.id), profile.id).toBe(true);
  });

  it('a file with branches is a profile for each of them', async () => {
    const folder = await copyWith(
      'new.yaml',
      () =>
        'id: new\ntitle: New\nbranches: [1.3.6.1.4.1.9.7, 1.3.6.1.4.1.9.8]\nmatch: [{ sysObjectId: ["{branch}"] }]\n',
    );
    const { profiles } = await loadProfiles(folder);
    expect(profiles.get('new-7')?.match).toEqual([{ sysObjectId: ['1.3.6.1.4.1.9.7'] }]);
    expect(profiles.get('new-8')?.match).toEqual([{ sysObjectId: ['1.3.6.1.4.1.9.8'] }]);
    expect(profiles.has('new')).toBe(false);
  });

  it('names of tables are unique within a family, so that a problem says which table', async () => {
    const set = await loadProfiles();
    for (const id of set.profiles.keys()) {
      const parts = set.compose(id)?.parts ?? [];
      const tables = parts.flatMap((part) => [...part.tables, ...part.scalars].map((group) => group.id));
      expect(new Set(tables).size, id).toBe(tables.length);
    }
  });

  it('the generic one fits every device and loses against all others', async () => {
    const { profiles } = await loadProfiles();
    const lowest = [...profiles.values()].filter((profile) => profile.match.length > 0);
    expect(Math.min(...lowest.map((profile) => profile.priority))).toBe(profiles.get('generic')?.priority);
  });

  it.each([
    ['an unknown metric', 'ups.charge,', 'ups.changre,', 'is not in the metric catalogue'],
    ['an unknown key', 'title:', 'titel:', 'unknown key "titel"'],
    ['a column that does not exist', 'column: charge', 'column: charged', 'there is no column "charged"'],
    ['an OID that is none', '1.3.6.1.2.1.33.1.2.4.0', '1.3.6.x', 'must be an OID'],
    ['a formula that is none', 'scale: 60', 'formula: "(a +"', ''],
  ])('%s is refused with the name of the file', async (_, good, bad, message) => {
    const folder = await copyWith('ups-mib.yaml', (text) => {
      const broken = text.replace(good, bad);
      return broken === text ? `${text}\nnonsense: 1` : broken;
    });
    await expect(loadProfiles(folder)).rejects.toThrow(/ups-mib\.yaml/);
    await expect(loadProfiles(folder)).rejects.toThrow(message);
  });

  it('a state that the metric does not have is refused', () => {
    const text = `
id: x
title: X
scalars:
  - id: a
    objects: { a: 1.3.6.1.0 }
    values: [{ metric: fan.state, column: a, map: { 1: broken } }]`;
    expect(() => parseYaml('x.yaml', text, Profile)).toThrow('fan.state has no state "broken"');
  });

  it('an included part that does not exist is refused', async () => {
    const folder = await copyWith('new.yaml', () => 'id: new\ntitle: New\nincludes: [nothing]\n');
    await expect(loadProfiles(folder)).rejects.toThrow('includes "nothing"');
  });
});

it('the format is there as JSON Schema', () => {
  expect(profileJsonSchema()).toMatchObject({ type: 'object', required: ['id', 'title'] });
});

describe('formulas', () => {
  const evaluate = (text: string, values: Record<string, number> = {}) =>
    parseFormula(text).evaluate((name) => values[name]);

  it('know precedence, parentheses and names', () => {
    expect(evaluate('1 + 2 * 3')).toBe(7);
    expect(evaluate('(total - free) / total', { total: 4, free: 1 })).toBe(0.75);
    expect(evaluate('a - b - c', { a: 10, b: 3, c: 2 })).toBe(5);
  });

  it('are undefined where a value is missing or divides by zero', () => {
    expect(evaluate('a + b', { a: 1 })).toBeUndefined();
    expect(evaluate('1 / a', { a: 0 })).toBeUndefined();
  });

  it('know log10, so that milliwatts become dBm', () => {
    expect(evaluate('10 * log10(power / 10000)', { power: 5000 })).toBeCloseTo(-3.0103);
    expect(evaluate('10 * log10(power)', { power: 0 })).toBeUndefined();
    expect(evaluate('log10 + 1', { log10: 2 })).toBe(3);
    expect(evaluate('dbm(power / 10000)', { power: 5000 })).toBeCloseTo(-3.0103);
    expect(evaluate('dbm(power)', { power: 0 })).toBe(-60);
    expect(evaluate('dbm(power)', { power: -1 })).toBeUndefined();
  });

  it.each(['', '(1', '1 +', '1 2', 'a ^ b', 'log10(', 'log10 a'])('"%s" is refused', (text) => {
    expect(() => parseFormula(text)).toThrow(SyntaxError);
  });
});
