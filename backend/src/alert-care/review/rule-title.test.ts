import { loadAlertRules } from '@rackhaus/config/alert-rules';
import { expect, it } from 'vitest';
import { ruleTitle } from './rule-title.ts';

it('names every rule without a device and without a placeholder', async () => {
  for (const rule of await loadAlertRules()) {
    const title = ruleTitle(rule);
    for (const text of [title.de, title.en]) {
      expect(text, rule.id).toMatch(/^[^{}]{3,}$/);
      expect(text, rule.id).not.toMatch(/^[a-zäöü]/);
    }
  }
});
