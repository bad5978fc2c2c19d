import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FileError } from '../yaml/index.ts';
import { loadAlertRules } from './load.ts';
import { AlertRule } from './schema.ts';
import { limitOf } from './when.ts';

const rules = await loadAlertRules();

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
