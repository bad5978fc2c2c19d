import { EscalationPlan } from '@rackhaus/config/contract';
import { describe, expect, it } from 'vitest';
import type { Channel, Plans } from '../load-plans.ts';
import { PublicHolidays } from '../rota/holidays.ts';
import { wallMinute } from '../rota/wall-clock.ts';
import { isQuiet, quietEnd } from './quiet.ts';
import { channelsFor, reach } from './recipients.ts';
import { after, courseFor, courseOf, everybodyWhoCouldAct, firstReaching } from './steps.ts';

const step = (userId: number, waitMinutes = 5) => ({ to: [{ kind: 'person', userId }], waitMinutes });
const escalation = (id: number, plan: object) => ({
  id,
  name: `Plan ${id}`,
  plan: EscalationPlan.parse({
    severities: null,
    siteIds: null,
    hours: null,
    steps: [step(1)],
    repeat: 0,
    ...plan,
  }),
});
const monday9 = wallMinute('2026-06-08', '09:00');
const sunday9 = wallMinute('2026-06-07', '09:00');

describe('the plan of an incident', () => {
  const plans = [
    escalation(1, { severities: ['critical'], siteIds: [7] }),
    escalation(2, { hours: [{ days: [1, 2, 3, 4, 5], from: '08:00', until: '16:00' }] }),
    escalation(3, { steps: [] }),
    escalation(4, { severities: ['critical'] }),
  ];
  it('is the first that fits by severity, site and hours', () => {
    const id = (severity: 'warning' | 'critical', siteId: number | null, wall: number) =>
      courseFor(plans, { severity, siteId }, wall).id;
    expect(id('critical', 7, sunday9)).toBe(1);
    expect(id('critical', null, monday9)).toBe(2);
    expect(id('warning', 7, monday9)).toBe(2);
    expect(id('critical', 8, sunday9)).toBe(4);
  });
  it('is to tell every administrator where none fits', () => {
    expect(courseFor(plans, { severity: 'warning', siteId: 7 }, sunday9)).toBe(everybodyWhoCouldAct);
  });
});

describe('steps', () => {
  const course = courseOf(escalation(1, { steps: [step(1), step(2), step(3)], repeat: 1 }));
  it('follow each other, again as often as is said, and end', () => {
    const way: string[] = [];
    for (let at = after({ step: 0, round: 0 }, course); at !== null; at = after(at, course))
      way.push(`${at.round}.${at.step}`);
    expect(way).toEqual(['0.1', '0.2', '1.0', '1.1', '1.2']);
  });
  it('that reach nobody are passed over and named', () => {
    const only =
      (id: number) =>
      ({ to }: { to: readonly object[] }) =>
        to.some((target) => 'userId' in target && target.userId === id) ? id : null;
    expect(firstReaching(course, { step: 0, round: 0 }, only(3))).toEqual({
      reached: { position: { step: 2, round: 0 }, who: 3 },
      passed: [
        { step: 0, round: 0 },
        { step: 1, round: 0 },
      ],
    });
    expect(firstReaching(course, { step: 2, round: 0 }, only(1)).reached?.position).toEqual({
      step: 0,
      round: 1,
    });
    expect(firstReaching(course, { step: 0, round: 0 }, only(9))).toMatchObject({ reached: null });
    expect(firstReaching(course, { step: 0, round: 0 }, only(9)).passed).toHaveLength(3);
  });
});

describe('channels', () => {
  const channel = (id: number, more: Partial<Channel> = {}): Channel => ({
    id,
    userId: 1,
    kind: 'email',
    name: `Weg ${id}`,
    rank: id,
    enabled: true,
    minSeverity: 'warning',
    createdAt: 0,
    lastReceiptAt: null,
    failingSince: null,
    ...more,
  });
  const ids = (channels: readonly Channel[]) => channels.map(({ id }) => id);
  const chosen = (all: Channel[], severity: 'warning' | 'critical', cut: number[] = []) =>
    ids(channelsFor(all, severity, (id) => cut.includes(id)).chosen);

  it('are all taken for what is critical, the first that works for a warning', () => {
    const all = [channel(1, { failingSince: 5 }), channel(2), channel(3), channel(4, { enabled: false })];
    expect(chosen(all, 'critical')).toEqual([1, 2, 3]);
    expect(chosen(all, 'warning')).toEqual([2]);
    expect(chosen([channel(1, { minSeverity: 'critical' }), channel(2)], 'warning')).toEqual([2]);
    expect(chosen([channel(1, { failingSince: 5 }), channel(2, { failingSince: 5 })], 'warning')).toEqual([
      1, 2,
    ]);
  });
  it('that a fault cuts off are left out while another way is there', () => {
    const all = [channel(1), channel(2)];
    expect(chosen(all, 'critical', [1])).toEqual([2]);
    expect(chosen(all, 'warning', [1])).toEqual([2]);
    expect(chosen(all, 'critical', [1, 2])).toEqual([1, 2]);
    expect(ids(channelsFor(all, 'warning', (id) => id === 1).cutOff)).toEqual([1]);
  });

  it('of people who may not sign in any more reach nobody', () => {
    const plans: Plans = {
      people: new Map([
        [1, { id: 1, name: 'Ada', role: 'administrator', disabled: true }],
        [2, { id: 2, name: 'Bea', role: 'administrator', disabled: false }],
      ]),
      channels: [channel(1), channel(2, { userId: 2 }), channel(3, { userId: null })],
      rotas: new Map(),
      escalations: [],
    };
    const about = { plans, holidays: new PublicHolidays(), now: 0, interrupted: () => false };
    const told = (target: Parameters<typeof reach>[0][number]) =>
      reach([target], 'critical', about)?.recipients.map((r) => [r.userId, r.channel.id]) ?? null;
    expect(told({ kind: 'person', userId: 1 })).toBeNull();
    expect(told({ kind: 'rota', rotaId: 4 })).toBeNull();
    expect(told({ kind: 'administrators' })).toEqual([[2, 2]]);
    expect(told({ kind: 'channel', channelId: 3 })).toEqual([[null, 3]]);
    // Somebody's own channel is not a target: it would go on after they have left.
    expect(told({ kind: 'channel', channelId: 2 })).toBeNull();
  });
});

describe('quiet hours', () => {
  const settings = { timeZone: 'Europe/Berlin', quiet: { from: '22:00', until: '06:00' } };
  const at = (text: string) => Date.parse(text);
  it('go over midnight and end by the clock on the wall', () => {
    expect(isQuiet(settings, at('2026-06-08T21:59:00+02:00'))).toBe(false);
    expect(isQuiet(settings, at('2026-06-08T22:00:00+02:00'))).toBe(true);
    expect(isQuiet(settings, at('2026-06-09T05:59:59+02:00'))).toBe(true);
    expect(isQuiet(settings, at('2026-06-09T06:00:00+02:00'))).toBe(false);
    expect(quietEnd(settings, at('2026-03-28T23:00:00+01:00'))).toBe(at('2026-03-29T06:00:00+02:00'));
    expect(quietEnd(settings, at('2026-06-09T03:00:00+02:00'))).toBe(at('2026-06-09T06:00:00+02:00'));
    expect(isQuiet({ ...settings, quiet: null }, 0)).toBe(false);
  });
});
