import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadProfiles, profilesFolder } from './load.ts';
import { checkOwnProfile, ownProfileLimits, readOwnProfiles, withOwnProfiles } from './own.ts';
import { PatternTrial } from './safe-pattern.ts';

const shipped = await loadProfiles();

describe('a profile of one’s own', () => {
  it.each([...shipped.profiles.keys()])('may be a copy of %s', async (id) => {
    // Those of a file with branches have no text of their own.
    const text = await readFile(join(profilesFolder, `${id}.yaml`), 'utf8').catch(() =>
      JSON.stringify(shipped.profiles.get(id)),
    );
    expect(checkOwnProfile(text, shipped.profiles)).toMatchObject({ problems: [], profile: { id } });
  });

  it('says line and key of what is wrong', () => {
    const text = [
      'id: my-probe',
      'title: My probe',
      'includes: [system, nothing-such]',
      'match:',
      '  - { sysDescr: "^(a+)+$" }',
      'tables:',
      '  - id: probes',
      '    columns:',
      '      value: 1.3.6.1.4.1.99999.1.1',
      '    values:',
      '      - { metric: sensor.temperature, column: valeu }',
    ].join('\n');
    expect(checkOwnProfile(text, shipped.profiles).problems).toEqual([
      { line: 11, path: 'tables.0.values.0.column', message: 'probes: there is no column "valeu"' },
      {
        line: 5,
        path: 'match.0.sysDescr',
        message: 'the pattern takes too long on some texts: fewer of * and + in a row are quicker',
      },
      { line: 3, path: 'includes.1', message: 'includes "nothing-such", which does not exist' },
    ]);
  });

  it.each([
    ['id: [', 1],
    ['id: a\ntitle: b\ncolour: red', 3],
    [
      'id: a\ntitle: b\nscalars:\n  - { id: x, objects: { a: 1.3.6 }, values: [{ metric: no.such, column: a }] }',
      4,
    ],
    ['id: a\ntitle: b\nincludes: [a]', 3],
  ])('is refused when it is %j', (text, line) => {
    const { problems } = checkOwnProfile(text, shipped.profiles);
    expect(problems[0]?.line).toBe(line);
  });

  it('switches only what it can read again, and names units by columns that are there', () => {
    const problemsOf = (state: string, unit: string) => {
      const text = [
        'id: strip',
        'title: Strip',
        'tables:',
        '  - id: outlets',
        '    columns:',
        `      state: ${state}`,
        '      row: 1.3.6.1.4.1.99999.1.3',
        '    values: [{ metric: outlet.state, column: state, map: { 1: "on", 2: "off" } }]',
        `    switch: { object: 1.3.6.1.4.1.99999.1.4, on: 1, off: 2, unit: "${unit}" }`,
      ].join('\n');
      return checkOwnProfile(text, shipped.profiles).problems.map(({ path, message }) => [path, message]);
    };
    const oid = '1.3.6.1.4.1.99999.2.2';
    expect(problemsOf(oid, '{row}')).toEqual([]);
    expect(problemsOf(`{ oid: ${oid}, join: { by: row } }`, '{row}')).toEqual([]);
    expect(problemsOf(`{ oid: ${oid}, join: { child: { ${oid}: [1] } } }`, '{row}')).toEqual([
      ['tables.0.switch', 'needs an "outlet.state" that is not joined by "child"'],
    ]);
    expect(problemsOf(oid, '{serial}')).toEqual([
      ['tables.0.switch.unit', 'outlets: there is no column "serial"'],
    ]);
  });

  it('is refused when it is too large', () => {
    const text = `id: a\ntitle: "${'b'.repeat(ownProfileLimits.characters)}"`;
    expect(checkOwnProfile(text, shipped.profiles).problems).toHaveLength(1);
  });

  it('stands in the place of a shipped one, also for those who include that', () => {
    const { profile } = checkOwnProfile('id: ups-mib\ntitle: Ours', shipped.profiles);
    const set = withOwnProfiles(shipped, profile === null ? [] : [profile]);
    const including = [...set.profiles.values()].find((each) => each.includes.includes('ups-mib'));
    expect(set.compose(including?.id ?? '')?.parts).toContain(profile);
    expect(set.profiles.size).toBe(shipped.profiles.size);
  });
});

describe('profiles of one’s own', () => {
  const text = (id: string, ...includes: string[]) =>
    `id: ${id}\ntitle: T\nincludes: [${includes.join(', ')}]`;

  it('include each other, in whatever order, and those that come with Rackhaus', () => {
    const own = [
      { id: 'one', text: text('one', 'two', 'system') },
      { id: 'two', text: text('two', 'one') },
    ];
    const { set, refused } = readOwnProfiles(own, shipped);
    expect(refused).toEqual([]);
    expect(set.compose('one')?.parts.map(({ id }) => id)).toEqual(['one', 'two', 'system']);
  });

  it('are left out when they are broken, with those that include them; what is shipped stays', () => {
    const own = [
      { id: 'ups-mib', text: 'id: ups-mib' },
      { id: 'one', text: text('one', 'two') },
      { id: 'two', text: text('two', 'three') },
      { id: 'three', text: 'no profile' },
      { id: 'good', text: text('good', 'ups-mib') },
    ];
    const { set, refused } = readOwnProfiles(own, shipped);
    expect(refused.map(({ id }) => id).sort()).toEqual(['one', 'three', 'two', 'ups-mib']);
    expect(set.profiles.get('ups-mib')).toBe(shipped.profiles.get('ups-mib'));
    expect(set.profiles.has('good')).toBe(true);
  });
});

describe('a pattern', () => {
  it.each([
    '^(a+)+$',
    '(a|a)*b',
    '^(?=(a+)+$)a',
    '(\\s*\\d*)*x',
    '(a)\\1',
    '(.*)*x$',
    '(a?){40}b',
    '((ab)c)*',
    '(',
    '.*.*.*.*.*x',
    '\\s*\\s*\\s*\\w+\\w+\\w+\\w+$',
    'x'.repeat(301),
  ])('is refused when it may take long: %s', (pattern) =>
    expect(new PatternTrial().problemOf(pattern)).not.toBeNull(),
  );
  it.each([
    '^(\\S+)',
    '^(?!.*virtual)Model (\\S+)',
    '^(?:\\w+\\.)+(\\d+)',
    'Version ([^,]+), .*RELEASE',
    '(?:ab){2,3}',
    '^[A-Z]{2}\\d+(\\.\\d+)?$',
    'a|b|cd',
    '\\(x\\)[)]+$',
    '\\bv(\\d+)\\b',
  ])('may be used: %s', (pattern) => expect(new PatternTrial().problemOf(pattern)).toBeNull());
});
