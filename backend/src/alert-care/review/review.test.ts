import { expect, it } from 'vitest';
import { Temporal } from '../../temporal.ts';
import { median, mondays, type ReviewFacts, review } from './review.ts';

const at = (text: string) => Temporal.ZonedDateTime.from(`${text}[Europe/Berlin]`).epochMilliseconds;
const title = { de: 'x', en: 'x' };
const incident = (id: number, given: Partial<ReviewFacts['incidents'][number]>) => ({
  id,
  severity: 'warning' as const,
  openedAt: at('2026-10-26T00:00'),
  acknowledgedAt: null,
  resolvedAt: null,
  ruleId: 'unreachable',
  title,
  device: { id: 1, name: 'core-1' },
  ...given,
});
const options = { now: at('2026-11-01T12:00'), weeks: 2, ruleTitle: () => title };

it('begins weeks on Mondays in Berlin, also in the week of the clock change', () => {
  expect(mondays(options.now, 3).map(String)).toEqual(['2026-10-12', '2026-10-19', '2026-10-26']);
  const { weeks } = review(
    {
      incidents: [
        incident(1, { openedAt: at('2026-10-25T23:59') }),
        incident(2, { openedAt: at('2026-10-26T00:00'), severity: 'critical' }),
      ],
      messages: [
        { incidentId: 1, sentAt: at('2026-10-25T23:59') },
        { incidentId: 2, sentAt: at('2026-10-26T05:59') },
        { incidentId: 2, sentAt: at('2026-10-26T06:00') },
      ],
    },
    options,
  );
  expect(weeks).toMatchObject([
    { week: '2026-10-19', incidents: 1, critical: 0, messages: 1, atNight: 1 },
    { week: '2026-10-26', incidents: 1, critical: 1, messages: 2, atNight: 1 },
  ]);
});

it('counts by rule what was short, and what nobody took', () => {
  const openedAt = at('2026-10-27T10:00');
  const { weeks, rules, devices } = review(
    {
      incidents: [
        incident(1, { openedAt, acknowledgedAt: openedAt + 60_000, resolvedAt: openedAt + 600_000 }),
        incident(2, { openedAt, acknowledgedAt: openedAt + 120_000 }),
        incident(3, { openedAt, resolvedAt: openedAt + 300_000, device: { id: 2, name: 'usv' } }),
        incident(4, { openedAt, ruleId: 'on-call', device: null }),
      ],
      messages: [{ incidentId: 3, sentAt: openedAt }],
    },
    options,
  );
  expect(rules).toMatchObject([
    { ruleId: 'unreachable', incidents: 3, messages: 1, short: 1, unanswered: 1 },
    { ruleId: 'on-call', incidents: 1, messages: 0, short: 0, unanswered: 1 },
  ]);
  expect(devices).toEqual([
    { id: 1, name: 'core-1', incidents: 2 },
    { id: 2, name: 'usv', incidents: 1 },
  ]);
  expect(weeks[1]).toMatchObject({ acknowledgeSeconds: 90, resolveSeconds: 450 });
  expect(weeks[0]).toMatchObject({ acknowledgeSeconds: null, resolveSeconds: null });
});

it('takes the middle', () => {
  expect([median([]), median([3]), median([9, 1, 2]), median([1, 2, 3, 10])]).toEqual([null, 3, 2, 2.5]);
});
