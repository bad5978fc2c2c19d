import { expect, it } from 'vitest';
import { logConditions } from './conditions.ts';

it('tells of a chain that does not hold, of a log that cannot be written, and of nothing else', () => {
  expect(logConditions(null, null)).toEqual([]);
  const both = logConditions({ number: 7, why: 'missing', since: 5 }, { since: 9, lost: 3 });
  expect(both.map(({ id, severity, since }) => ({ id, severity, since }))).toEqual([
    { id: 'chain', severity: 'critical', since: 5 },
    { id: 'writing', severity: 'critical', since: 9 },
  ]);
  expect(both[0]?.title.de).toContain('Nummer 7');
  expect(both[1]?.advice.en).toContain('3 entries');
});
