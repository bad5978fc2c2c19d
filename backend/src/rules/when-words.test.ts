import { loadAlertRules } from '@rackhaus/config/alert-rules';
import { expect, it } from 'vitest';
import { withNumbers } from './describe.ts';
import { whenWords } from './when-words.ts';

const rules = await loadAlertRules();

it.each(rules.map((rule) => [rule.id, rule] as const))('%s: names no state by its key', (_, rule) => {
  const { de, en } = whenWords(rule);
  const keys = 'is' in rule.when ? [rule.when.is].flat() : [];
  const german = de.split(', ');
  for (const key of keys) expect(german).not.toContain(key);
  // A key of two words would be one with a capital in it.
  expect(en).not.toMatch(/[a-z][A-Z]/);
});

it('has days in the case that German asks for', () => {
  const said = rules.flatMap((rule) => [
    whenWords(rule).de,
    ...[rule.title, rule.advice].map((text) => withNumbers(rule, text).de),
  ]);
  expect(said).toContain('{device}: Zertifikat von {entity} läuft in weniger als 30 Tagen ab');
  expect(said).toContain('in weniger als 4 Tagen voll');
  expect(said.filter((text) => /\b(in|seit) (weniger als )?\d+ Tage\b/i.test(text))).toEqual([]);
});
