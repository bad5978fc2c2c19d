import { EscalationPlan, RotaPlan } from '@rackhaus/config/contract';
import { describe, expect, it } from 'vitest';
import type { Channel, Escalation, Person, Plans, Rota } from '../load-plans.ts';
import { PublicHolidays } from '../rota/holidays.ts';
import { checkPlan } from './check.ts';
import type { Checked } from './problem.ts';

const day = 86_400_000;
const now = Date.parse('2026-06-09T09:00:00+02:00');
const person = (id: number, name: string, more: Partial<Person> = {}): Person => ({
  id,
  name,
  role: 'administrator',
  disabled: false,
  ...more,
});
const channel = (id: number, userId: number | null, more: Partial<Channel> = {}): Channel => ({
  id,
  userId,
  kind: 'email',
  name: `E-Mail ${id}`,
  rank: 0,
  enabled: true,
  minSeverity: 'warning',
  createdAt: now - 30 * day,
  lastReceiptAt: now - day,
  failingSince: null,
  ...more,
});
const layer = (more: object = {}) => ({
  name: 'Woche',
  people: [1, 2],
  from: '2026-01-05',
  until: null,
  turn: { every: 'week', count: 1, weekday: 1, at: '08:00' },
  hours: null,
  holidays: 'all',
  ...more,
});
const rota = (...layers: object[]): Rota => ({
  id: 1,
  name: 'Bereitschaft IT',
  plan: RotaPlan.parse({ timeZone: 'Europe/Berlin', holidays: 'DE-NW', layers }),
  changes: [],
});
const escalation = (more: object = {}): Escalation => ({
  id: 1,
  name: 'Alles',
  plan: EscalationPlan.parse({
    severities: null,
    siteIds: null,
    hours: null,
    steps: [{ to: [{ kind: 'rota', rotaId: 1 }], waitMinutes: 5 }],
    repeat: 1,
    ...more,
  }),
});
const healthy: Plans = {
  people: new Map([person(1, 'Ada'), person(2, 'Bea')].map((each) => [each.id, each])),
  channels: [channel(1, 1), channel(2, 2)],
  rotas: new Map([[1, rota(layer())]]),
  escalations: [escalation()],
};
const check = (plans: Partial<Plans>, more: Partial<Checked> = {}) =>
  checkPlan({
    plans: { ...healthy, ...plans },
    holidays: new PublicHolidays(),
    timeZone: 'Europe/Berlin',
    sites: [
      { id: 7, name: 'Rathaus' },
      { id: 8, name: 'Grundschule' },
    ],
    tests: new Map(),
    now,
    ...more,
  });
const codes = (...given: Parameters<typeof check>) => check(...given).map(({ code }) => code);

describe('the check of a plan', () => {
  it('has nothing to say where all is well', () => {
    expect(check({})).toEqual([]);
  });

  it('says one calm thing where nothing is planned, and alarms nobody', () => {
    const found = check({ escalations: [], rotas: new Map(), channels: [] });
    expect(found).toMatchObject([{ code: 'no-plan', severity: 'warning', asIncident: false }]);
    // Nor does a plan that is being written make it ten.
    expect(codes({ escalations: [escalation({ steps: [] })], channels: [] })).toEqual(['no-plan']);
  });

  it('finds gaps of the next 14 days, as far as a plan asks then', () => {
    const short = new Map([[1, rota(layer({ until: '2026-06-20' }))]]);
    expect(check({ rotas: short })).toMatchObject([
      {
        code: 'gap',
        rotaId: 1,
        from: Date.parse('2026-06-21T08:00:00+02:00'),
        until: now + 14 * day,
        text: {
          de: '„Bereitschaft IT“: Niemand hat Bereitschaft von So., 21.06., 08:00 bis Di., 23.06., 09:00',
        },
      },
    ]);
    const office = { days: [1, 2, 3, 4, 5], from: '08:00', until: '16:00' };
    const officeRota = new Map([[1, rota(layer({ hours: [office] }))]]);
    expect(codes({ rotas: officeRota })).toEqual(['gap']);
    expect(
      codes({
        rotas: officeRota,
        escalations: [
          escalation({ hours: [office] }),
          escalation({ steps: [{ to: [{ kind: 'person', userId: 1 }], waitMinutes: 5 }] }),
        ],
      }),
    ).toEqual([]);
    const later = new Map([[1, rota(layer({ until: '2026-07-20' }))]]);
    expect(codes({ rotas: later })).toEqual([]);
    // Nobody asks this one.
    const lonely = escalation({
      steps: [
        {
          to: [
            { kind: 'person', userId: 1 },
            { kind: 'person', userId: 2 },
          ],
          waitMinutes: 5,
        },
      ],
    });
    expect(codes({ rotas: short, escalations: [lonely] })).toEqual([]);
  });

  it('finds people who are gone, disabled, without a channel, with a dead or an unproven one', () => {
    const people = (...given: Person[]) => new Map(given.map((each) => [each.id, each]));
    expect(codes({ people: people(person(1, 'Ada')) })).toContain('unknown-person');
    expect(codes({ people: people(person(1, 'Ada'), person(2, 'Bea', { disabled: true })) })).toContain(
      'disabled-person',
    );
    expect(codes({ channels: [channel(1, 1)] })).toContain('no-channel');
    const second = (more: Partial<Channel>) => ({ channels: [channel(1, 1), channel(2, 2, more)] });
    expect(codes(second({ failingSince: now - 60 * 60_000 }))).toEqual(['failing-channel']);
    expect(codes(second({ failingSince: now - 60_000 }))).toEqual([]);
    expect(check(second({ lastReceiptAt: null }))).toMatchObject([{ code: 'unconfirmed', asIncident: true }]);
    expect(codes(second({ lastReceiptAt: null, createdAt: now }))).toEqual([]);
    const oneOfTwo = [...healthy.channels, channel(3, 2, { lastReceiptAt: null })];
    expect(check({ channels: oneOfTwo })).toMatchObject([{ code: 'unconfirmed', asIncident: false }]);
  });

  it('misses the receipt of a test after a day', () => {
    const test = (sentAt: number, received: boolean) => ({ tests: new Map([[2, { sentAt, received }]]) });
    expect(codes({}, test(now - 2 * day, false))).toEqual(['no-receipt']);
    expect(codes({}, test(now - 2 * day, true))).toEqual([]);
    expect(codes({}, test(now - day / 2, false))).toEqual([]);
  });

  it('finds steps that reach nobody, and what no plan fits', () => {
    const both = [
      { to: [{ kind: 'rota', rotaId: 1 }], waitMinutes: 5 },
      { to: [{ kind: 'channel', channelId: 99 }], waitMinutes: 5 },
    ];
    expect(check({ escalations: [escalation({ steps: both })] })).toMatchObject([
      { code: 'empty-step', id: 'empty-step/plan:1/step:2' },
    ]);
    const some = check({ escalations: [escalation({ severities: ['critical'] })] });
    expect(some).toMatchObject([
      { code: 'no-plan', text: { de: 'Für Warnungen passt nicht immer ein Plan' } },
    ]);
    expect(check({ escalations: [escalation({ siteIds: [7] })] })[0]?.text.de).toBe(
      'Für Warnungen (Grundschule) passt nicht immer ein Plan',
    );
  });

  it('is critical where no fault would reach anybody, and mentions where all rests on one', () => {
    expect(check({ channels: [] })[0]).toMatchObject({ code: 'nobody', severity: 'critical' });
    const alone = escalation({ steps: [{ to: [{ kind: 'person', userId: 1 }], waitMinutes: 5 }] });
    expect(check({ escalations: [alone] })).toMatchObject([{ code: 'alone', asIncident: false }]);
  });
});
