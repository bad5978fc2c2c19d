import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type MetricId, metric, metricIds } from '../contract/index.ts';
import { loadProfiles } from '../profiles/index.ts';
import { FileError } from '../yaml/index.ts';
import { loadAlertRules } from './load.ts';
import { AlertRule } from './schema.ts';
import { limitOf } from './when.ts';

const rules = await loadAlertRules();
const { profiles } = await loadProfiles();
/** What agents find out themselves, without a profile. */
const byAgents: readonly MetricId[] = [
  'device.reachable',
  'device.pingLoss',
  'device.clockOffset',
  'service.state',
  'service.responseTime',
  'service.certificate',
  ...metricIds.filter((id) => metric(id).kind === 'agent'),
];
/** What comes from others than our agents, by line protocol: fire alarm systems. */
const byOthers: readonly MetricId[] = ['sensor.smoke'];
const produced = new Set<string>([
  ...byOthers,
  ...byAgents,
  ...[...profiles.values()].flatMap(({ scalars, tables }) =>
    [...scalars, ...tables].flatMap(({ values }) => values.map((value) => value.metric)),
  ),
]);

describe('alert rules', () => {
  // Metrics, states, limits and placeholders are checked by the schema when the files are read.
  it('are read, each with an id of its own', () => {
    expect(rules.length).toBeGreaterThan(20);
    expect(new Set(rules.map((rule) => rule.id)).size).toBe(rules.length);
  });

  it.each(rules)('$id speaks politely, in both languages, and ends its advice with a full stop', (rule) => {
    for (const text of [rule.title, rule.advice]) {
      expect(text.de).not.toMatch(/\b(du|dein|dir|dich)\b/i);
      const placeholders = (sentence: string) => [...sentence.matchAll(/\{\w+\}/g)].map(([p]) => p).sort();
      expect(placeholders(text.de)).toEqual(placeholders(text.en));
    }
    expect(rule.advice.de).toMatch(/\.$/);
    expect(rule.advice.en).toMatch(/\.$/);
    if (rule.title.de.includes('{limit}') || rule.advice.de.includes('{limit}'))
      expect(limitOf(rule.when) !== null || 'silentSeconds' in rule.when).toBe(true);
  });

  it.each(rules.filter((rule) => rule.metric !== undefined))(
    '$id looks at what some profile or the agent reads',
    ({ metric: own, share, where }) => {
      const others = share === 'use' ? ['port.tx', 'port.speed'] : [];
      for (const id of [own ?? '', ...others, ...Object.keys(where)]) expect(produced).toContain(id);
    },
  );

  it('are told in time: a condition that holds at once for what must be seen at once', () => {
    const atOnce = rules.filter((rule) => rule.for === 0).map(({ id }) => id);
    expect(atOnce).toEqual(
      expect.arrayContaining([
        'unreachable',
        'uplink-down',
        'room-warm',
        'water',
        'door-open',
        'ups-on-battery',
      ]),
    );
  });

  const text = { de: 'x', en: 'x' };
  const base = {
    id: 'x',
    family: 'link',
    metric: 'port.oper',
    when: { is: 'down' },
    severity: 'warning',
    title: text,
    advice: text,
  };
  it.each([
    ['a metric that does not exist', { ...base, metric: 'port.nothing' }],
    ['a state that does not exist', { ...base, when: { is: 'broken' } }],
    ['a limit on a state', { ...base, when: { above: 1, clearBelow: 0 } }],
    ['limits the wrong way round', { ...base, metric: 'port.rx', when: { above: 1, clearBelow: 2 } }],
    ['a placeholder that nobody fills', { ...base, title: { de: '{what}', en: '{what}' } }],
    ['an unknown key', { ...base, colour: 'red' }],
    ['a time that is none', { ...base, for: '10 minutes' }],
    ['a family that nobody knows', { ...base, family: 'other' }],
    [
      'a share of another metric',
      { ...base, metric: 'port.tx', share: 'use', when: { above: 1, clearBelow: 0 } },
    ],
    [
      'a trend that ends beyond its limit',
      { ...base, metric: 'port.rx', when: { rises: { by: 1, clearAt: 2, within: '10m' } } },
    ],
    ['limits of the device of one metric only', { ...base, when: { beyond: 'warning' } }],
    ['no metric', { ...base, metric: undefined }],
    ['silence of a port', { ...base, when: { silentSeconds: 60 } }],
    ['a condition on another kind', { ...base, where: { 'ups.source': 'battery' } }],
  ])('refuse %s', (_, rule) => {
    expect(AlertRule.safeParse(rule).success).toBe(false);
  });

  it('name the file when two have the same id', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rackhaus-rules-'));
    await writeFile(`${folder}/a.yaml`, JSON.stringify({ rules: [base, base] }));
    await expect(loadAlertRules(folder)).rejects.toThrow(FileError);
    await rm(folder, { recursive: true });
  });
});
