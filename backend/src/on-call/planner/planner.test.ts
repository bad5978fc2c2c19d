import { AlertSettings, type NoticeKind } from '@rackhaus/config/contract';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../database/open.ts';
import type { Database } from '../../database/tables.ts';
import { Message } from '../message.ts';
import { Planner } from './planner.ts';

const minute = 60_000;
const hour = 60 * minute;
/** A Tuesday. */
const morning = Date.parse('2026-06-09T09:00:00+02:00');

let db: Database;
let clock: { now: number; steady: number };
let settings: AlertSettings;
let story: string[];
let inEnglish: string[];
let cut: number[];
let errors: unknown[];
let planner: Planner;

const newPlanner = () =>
  new Planner({
    db,
    settings: async () => settings,
    incidents: {
      addEvent: async (id, kind, { de, en }) => {
        story.push(`${id} ${kind}: ${de}`);
        inEnglish.push(en);
      },
    },
    interrupted: (id) => cut.includes(id),
    sent: () => undefined,
    now: () => clock.now,
    steady: () => clock.steady,
    onError: (_, error) => errors.push(error),
  });

beforeEach(async () => {
  db = await openDatabase(':memory:');
  clock = { now: morning, steady: 0 };
  settings = AlertSettings.parse({
    mail: null,
    mailbox: null,
    sms: null,
    quiet: { from: '22:00', until: '06:00' },
    weeklyTest: null,
    heartbeat: null,
    timeZone: 'Europe/Berlin',
    language: 'de',
    publicStatus: false,
  });
  story = [];
  inEnglish = [];
  cut = [];
  errors = [];
  planner = newPlanner();
});
afterEach(async () => {
  await db.destroy();
  expect(errors).toEqual([]);
});

async function person(name: string, role: 'administrator' | 'technician' = 'technician'): Promise<number> {
  const { id } = await db
    .insertInto('users')
    .values({ name, name_key: name.toLowerCase(), password_hash: '', role, disabled: 0, created_at: 0 })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}
async function channel(userId: number | null, name: string, rank = 0): Promise<number> {
  const { id } = await db
    .insertInto('channels')
    .values({
      user_id: userId,
      kind: 'ntfy',
      name,
      rank,
      settings: '{}',
      sealed: null,
      min_severity: 'warning',
      created_at: 0,
      last_sent_at: null,
      last_receipt_at: null,
      failing_since: null,
      last_error: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}
const to = (...ids: number[]) => ids.map((userId) => ({ kind: 'person', userId }));
async function escalation(name: string, plan: object): Promise<number> {
  const { id } = await db
    .insertInto('escalations')
    .values({
      version: 1,
      name,
      rank: 0,
      plan: JSON.stringify({ severities: null, siteIds: null, hours: null, steps: [], repeat: 0, ...plan }),
      notes: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}
async function incident(severity: 'warning' | 'critical', title = 'core-1 antwortet nicht'): Promise<number> {
  const { id } = await db
    .insertInto('incidents')
    .values({
      key: `device:${title}`,
      state: 'open',
      severity,
      title: JSON.stringify({ de: title, en: title }),
      advice: '{}',
      place: 'Serverraum',
      cause: '{}',
      site_id: null,
      room_id: null,
      since: clock.now,
      opened_at: clock.now,
      acknowledged_at: null,
      acknowledged_by: null,
      resolved_at: null,
      snoozed_until: null,
      held_by: null,
      updated_at: clock.now,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await notice(id, 'opened');
  return id;
}
async function notice(incidentId: number | null, kind: NoticeKind, detail = {}): Promise<void> {
  await db
    .insertInto('notices')
    .values({
      incident_id: incidentId,
      kind,
      time: clock.now,
      detail: JSON.stringify(detail),
      planned_at: null,
    })
    .execute();
}
async function change(id: number, values: object, kind?: NoticeKind): Promise<void> {
  await db.updateTable('incidents').set(values).where('id', '=', id).execute();
  if (kind !== undefined) await notice(id, kind);
}
/** What has been planned since the last call: "opened 1 Mail". */
let seen = 0;
beforeEach(() => {
  seen = 0;
});
async function planned(): Promise<string[]> {
  await planner.settle();
  const rows = await db
    .selectFrom('deliveries')
    .innerJoin('channels', 'channels.id', 'deliveries.channel_id')
    .select(['deliveries.id', 'deliveries.kind', 'deliveries.step', 'channels.name', 'deliveries.message'])
    .where('deliveries.id', '>', seen)
    .orderBy('deliveries.id')
    .execute();
  seen = rows.at(-1)?.id ?? seen;
  for (const { message } of rows) Message.omit({ link: true, replyCode: true }).parse(JSON.parse(message));
  return rows.map(({ kind, step, name }) => `${kind}${step === null ? '' : ` ${step}`} ${name}`);
}
const pass = (ms: number): void => {
  clock.now += ms;
  clock.steady += ms;
};

describe('an incident', () => {
  it('is told step by step, again as often as is said, until somebody takes it; then to those who were told', async () => {
    const [ada, bea, cem] = [await person('Ada'), await person('Bea'), await person('Cem')];
    await channel(ada, 'Ada Push');
    await channel(ada, 'Ada SMS', 1);
    await channel(bea, 'Bea Push');
    await channel(cem, 'Cem Push');
    await escalation('Kritisch', {
      steps: [
        { to: to(ada), waitMinutes: 5 },
        { to: to(ada, bea), waitMinutes: 10 },
      ],
      repeat: 1,
    });
    const id = await incident('critical');
    expect(await planned()).toEqual(['opened 1 Ada Push', 'opened 1 Ada SMS']);
    expect(await planned()).toEqual([]);
    pass(4 * minute);
    expect(await planned()).toEqual([]);
    pass(minute);
    expect(await planned()).toEqual(['escalated 2 Ada Push', 'escalated 2 Ada SMS', 'escalated 2 Bea Push']);
    pass(10 * minute);
    expect(await planned()).toEqual(['escalated 1 Ada Push', 'escalated 1 Ada SMS']);
    await change(id, { state: 'acknowledged', acknowledged_by: 'Bea' }, 'acknowledged');
    expect(await planned()).toEqual([
      'acknowledged Ada Push',
      'acknowledged Ada SMS',
      'acknowledged Bea Push',
    ]);
    pass(3 * hour);
    expect(await planned()).toEqual([]);
    await change(id, { state: 'resolved', resolved_at: clock.now }, 'resolved');
    expect(await planned()).toEqual(['resolved Ada Push', 'resolved Ada SMS', 'resolved Bea Push']);
    expect(story).toEqual([
      `${id} escalated: Schritt 1, „Kritisch“: Ada (Ada Push, Ada SMS)`,
      `${id} escalated: Schritt 2, „Kritisch“: Ada (Ada Push, Ada SMS), Bea (Bea Push)`,
      `${id} escalated: Schritt 1, „Kritisch“: Ada (Ada Push, Ada SMS), Runde 2`,
    ]);
    expect(inEnglish.at(-1)).toBe('Step 1, “Kritisch”: Ada (Ada Push, Ada SMS), round 2');
  });

  it('goes on after a restart: what was due meanwhile is done once, and nothing again', async () => {
    const [ada, bea] = [await person('Ada'), await person('Bea')];
    await channel(ada, 'Ada');
    await channel(bea, 'Bea');
    await escalation('Alles', {
      steps: [
        { to: to(ada), waitMinutes: 5 },
        { to: to(bea), waitMinutes: 5 },
        { to: to(ada, bea), waitMinutes: 5 },
      ],
    });
    await incident('critical');
    expect(await planned()).toEqual(['opened 1 Ada']);
    planner = newPlanner();
    expect(await planned()).toEqual([]);
    clock.now += 2 * hour;
    planner = newPlanner();
    expect(await planned()).toEqual(['escalated 2 Bea']);
    expect(await planned()).toEqual([]);
    pass(5 * minute);
    expect(await planned()).toEqual(['escalated 3 Ada', 'escalated 3 Bea']);
    pass(5 * minute);
    expect(await planned()).toEqual([]);
  });

  it('passes over steps that reach nobody at once, and says so', async () => {
    const [ada, bea] = [await person('Ada'), await person('Bea')];
    await channel(bea, 'Bea');
    await escalation('Alles', {
      steps: [
        { to: to(ada), waitMinutes: 30 },
        { to: to(bea), waitMinutes: 5 },
      ],
    });
    const id = await incident('critical');
    expect(await planned()).toEqual(['opened 2 Bea']);
    expect(story[0]).toBe(`${id} nobody: Schritt 1 von „Alles“ erreicht niemanden.`);
  });

  it('is told to be over with where it went, when it was part of another one', async () => {
    const ada = await person('Ada', 'administrator');
    await channel(ada, 'Ada');
    const id = await incident('critical', 'sw-3 antwortet nicht');
    expect(await planned()).toEqual(['opened 1 Ada']);
    const text = { de: 'Gehört jetzt zu: core-1 antwortet nicht', en: 'Now part of: core-1 does not answer' };
    await change(id, { state: 'resolved', resolved_at: clock.now });
    await notice(id, 'resolved', { severity: 'critical', text });
    expect(await planned()).toEqual(['resolved Ada']);
    const { message } = await db
      .selectFrom('deliveries')
      .select('message')
      .where('kind', '=', 'resolved')
      .executeTakeFirstOrThrow();
    expect(JSON.parse(message)).toMatchObject({ text });
  });

  it('is told to all administrators where no plan fits or the plan reaches nobody', async () => {
    const ada = await person('Ada', 'administrator');
    await channel(ada, 'Ada');
    await incident('warning');
    expect(await planned()).toEqual(['opened 1 Ada']);
    const bea = await person('Bea');
    await escalation('Leer', { steps: [{ to: to(bea), waitMinutes: 5 }] });
    await incident('critical', 'usv-1 meldet Batteriebetrieb');
    expect(await planned()).toEqual(['opened 1 Ada']);
    expect(story.at(-1)).toContain('Kein Plan passt, an alle Administratoren: Ada (Ada)');
    expect(story.at(-2)).toContain('„Leer“ erreicht niemanden');
  });

  it('that can reach nobody at all is tried until it can, and says so once', async () => {
    const id = await incident('critical');
    expect(await planned()).toEqual([]);
    pass(5 * minute);
    expect(await planned()).toEqual([]);
    expect(story).toEqual([
      `${id} nobody: Niemand kann benachrichtigt werden: Kein Administrator hat einen Kanal.`,
    ]);
    expect(inEnglish).toEqual(['Nobody can be told: no administrator has a channel.']);
    await channel(await person('Ada', 'administrator'), 'Ada');
    pass(5 * minute);
    expect(await planned()).toEqual(['escalated 1 Ada']);
  });

  it('that gets worse follows the plan that fits now, from its first step', async () => {
    const [ada, bea] = [await person('Ada'), await person('Bea')];
    await channel(ada, 'Ada');
    await channel(bea, 'Bea');
    await escalation('Warnungen', { severities: ['warning'], steps: [{ to: to(ada), waitMinutes: 60 }] });
    await escalation('Kritisch', { severities: ['critical'], steps: [{ to: to(bea), waitMinutes: 60 }] });
    const id = await incident('warning');
    expect(await planned()).toEqual(['opened 1 Ada']);
    await change(id, { severity: 'critical' }, 'worse');
    expect(await planned()).toEqual(['worse 1 Bea']);
    await change(id, { state: 'resolved' }, 'resolved');
    expect(await planned()).toEqual(['resolved Ada', 'resolved Bea']);
  });

  it('is told by another way where a fault cuts one off', async () => {
    const ada = await person('Ada');
    const mail = await channel(ada, 'Mail');
    await channel(ada, 'SMS', 1);
    await escalation('Alles', { steps: [{ to: to(ada), waitMinutes: 5 }] });
    cut = [mail];
    const id = await incident('warning');
    expect(await planned()).toEqual(['opened 1 SMS']);
    expect(story).toEqual([
      `${id} escalated: Schritt 1, „Alles“: Ada (SMS) Weg unterbrochen, anders benachrichtigt: Ada (Mail).`,
    ]);
  });

  it('that is put off waits for its time', async () => {
    const ada = await person('Ada');
    await channel(ada, 'Ada');
    await escalation('Alles', { steps: [{ to: to(ada), waitMinutes: 5 }], repeat: 1 });
    const id = await incident('critical');
    expect(await planned()).toEqual(['opened 1 Ada']);
    await change(id, { snoozed_until: clock.now + hour });
    pass(10 * minute);
    expect(await planned()).toEqual([]);
    pass(50 * minute);
    expect(await planned()).toEqual(['escalated 1 Ada']);
  });
});

describe('quiet hours', () => {
  it('hold warnings until the morning, then tell all of them in one message; what is critical is told at once', async () => {
    const ada = await person('Ada');
    await channel(ada, 'Ada');
    await escalation('Alles', { steps: [{ to: to(ada), waitMinutes: 30 }], repeat: 1 });
    const evening = await incident('warning', 'Tür offen');
    expect(await planned()).toEqual(['opened 1 Ada']);
    pass(16 * hour);
    await change(evening, { state: 'resolved', resolved_at: clock.now }, 'resolved');
    const gone = await incident('warning', 'Raum warm');
    const open = await incident('warning', 'Platte fast voll');
    await incident('critical', 'core-1 antwortet nicht');
    expect(await planned()).toEqual(['opened 1 Ada']);
    await change(gone, { state: 'resolved', resolved_at: clock.now }, 'resolved');
    planner = newPlanner();
    expect(await planned()).toEqual([]);
    await db.updateTable('incident_escalations').set({ next_at: null }).execute();
    pass(5 * hour);
    planner = newPlanner();
    expect(await planned()).toEqual(['summary Ada']);
    const { message } = await db
      .selectFrom('deliveries')
      .select('message')
      .where('kind', '=', 'summary')
      .executeTakeFirstOrThrow();
    expect(JSON.parse(message)).toMatchObject({
      title: { de: 'In der Ruhezeit: 3 Meldungen, 1 noch offen' },
      text: {
        de: 'Platte fast voll (Serverraum): noch offen\nRaum warm (Serverraum): kam und ging\nTür offen (Serverraum): vorbei',
      },
    });
    expect(await planned()).toEqual([]);
    // It has been told: it goes on with its plan, and its end reaches who read the summary.
    pass(30 * minute);
    expect(await planned()).toEqual(['escalated 1 Ada']);
    await change(open, { state: 'resolved', resolved_at: clock.now }, 'resolved');
    expect(await planned()).toEqual(['resolved Ada']);
  });

  it('hold no warning that has become critical, and tell nothing of it again in the morning', async () => {
    const ada = await person('Ada');
    await channel(ada, 'Ada');
    clock.now = Date.parse('2026-06-09T23:00:00+02:00');
    const id = await incident('warning');
    expect(await planned()).toEqual([]);
    await change(id, { severity: 'critical' }, 'worse');
    // Nobody can be told yet; but it is not held.
    expect(await planned()).toEqual([]);
    await db.updateTable('users').set({ role: 'administrator' }).execute();
    pass(5 * minute);
    expect(await planned()).toEqual(['escalated 1 Ada']);
    await change(id, { state: 'resolved', resolved_at: clock.now }, 'resolved');
    expect(await planned()).toEqual(['resolved Ada']);
    pass(10 * hour);
    expect(await planned()).toEqual([]);
  });

  it('hold the next step of a warning', async () => {
    const ada = await person('Ada');
    await channel(ada, 'Ada');
    await escalation('Alles', { steps: [{ to: to(ada), waitMinutes: 30 }], repeat: 1 });
    clock.now = Date.parse('2026-06-09T21:45:00+02:00');
    await incident('warning');
    expect(await planned()).toEqual(['opened 1 Ada']);
    pass(30 * minute);
    expect(await planned()).toEqual([]);
    clock.now = Date.parse('2026-06-10T06:00:00+02:00');
    planner = newPlanner();
    expect(await planned()).toEqual(['escalated 1 Ada']);
  });
});

describe('the clock', () => {
  it('set by an hour, forward or back, lets waits go on for as long as they were to', async () => {
    const ada = await person('Ada');
    await channel(ada, 'Ada');
    await escalation('Alles', { steps: [{ to: to(ada), waitMinutes: 10 }], repeat: 2 });
    await incident('critical');
    expect(await planned()).toEqual(['opened 1 Ada']);
    clock.now += hour;
    expect(await planned()).toEqual([]);
    pass(10 * minute);
    expect(await planned()).toEqual(['escalated 1 Ada']);
    clock.now -= hour;
    pass(9 * minute);
    expect(await planned()).toEqual([]);
    pass(minute);
    expect(await planned()).toEqual(['escalated 1 Ada']);
  });

  it('neither repeats nor skips the weekly test', async () => {
    settings = { ...settings, weeklyTest: { day: 2, at: '10:00' } };
    await channel(await person('Ada'), 'Ada');
    await channel(null, 'Sirene');
    expect(await planned()).toEqual([]);
    pass(hour);
    expect(await planned()).toEqual(['test Ada']);
    clock.now -= hour;
    expect(await planned()).toEqual([]);
    pass(hour);
    expect(await planned()).toEqual([]);
    // Down for two weeks, and back at night: once, in the morning.
    clock.now = Date.parse('2026-06-24T02:00:00+02:00');
    planner = newPlanner();
    expect(await planned()).toEqual([]);
    pass(4 * hour);
    expect(await planned()).toEqual(['test Ada']);
    expect(await planned()).toEqual([]);
    // Another day is no reason for a test at once.
    settings = { ...settings, weeklyTest: { day: 3, at: '05:00' } };
    expect(await planned()).toEqual([]);
  });
});
