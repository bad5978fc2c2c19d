import { EscalationPlan, RotaPlan } from '@rackhaus/config/contract';
import type { Secret } from '@rackhaus/config/settings';
import type { SecretBox } from './access/secret-box.ts';
import type { Users } from './access/users.ts';
import type { Database } from './database/tables.ts';
import type { Changes } from './history/changes.ts';
import { toStored } from './on-call/channels/stored.ts';
import { dateOf, dayOf, weekdayOf } from './on-call/rota/wall-clock.ts';
import { Settings } from './on-call/settings/settings.ts';
import { Outgoing } from './outgoing/outgoing.ts';

/** Where simulated phones take messages, as an ntfy server does. */
export interface Phones {
  readonly url: string;
  readonly token: string;
}

const lead = 'Katja Brandt';
const people = [
  { name: lead, role: 'administrator' },
  { name: 'Jens Ahlers', role: 'administrator' },
  { name: 'Mira Özdemir', role: 'administrator' },
  { name: 'Tim Wessels', role: 'technician' },
] as const;
const phoneName = 'Telefon';
const chatName = 'IT-Teamchat';

/**
 * Who looks after the sample town hall, who of them is on call, and whom incidents tell. Nothing leaves this machine: phones
 * are simulated. Their address is another one at each start; plans are brought once and stay as somebody has changed them.
 */
export async function bringOnCallIn(options: {
  db: Database;
  changes: Changes;
  users: Users;
  secretBox: SecretBox;
  password: Secret;
  phones: Phones;
  now: () => number;
}): Promise<void> {
  const { db, secretBox, phones, now } = options;
  const ids = await ensurePeople(options);
  const planned = await db.selectFrom('channels').select('id').limit(1).executeTakeFirst();
  if (planned === undefined) {
    for (const [name, userId] of ids) await addPhone(options, userId, phoneName, topicOf(name));
    const chatId = await addPhone(options, null, chatName, 'it-team');
    await bringPlans(options, ids, chatId);
    // Nobody sits at the simulated phones to confirm a test, and a demo at night shall say what it says by day.
    const settings = new Settings({ outside: new Outgoing({ allowed: () => [] }), db, secretBox, now });
    await settings.write({ ...(await settings.read()), weeklyTest: null, quiet: null }, {}, lead);
    return;
  }
  for (const [name, userId] of ids)
    await movePhone(db, userId, phoneName, stored(topicOf(name), phones, secretBox));
  await movePhone(db, null, chatName, stored('it-team', phones, secretBox));
}

/** As everybody of the demo they have its password. */
async function ensurePeople({
  users,
  password,
}: {
  users: Users;
  password: Secret;
}): Promise<Map<string, number>> {
  const known = new Map((await users.list()).users.map(({ id, name }) => [name, id]));
  const ids = await Promise.all(
    people.map(async ({ name, role }): Promise<[string, number]> => {
      const id = known.get(name);
      if (id === undefined) return [name, await users.create({ name, password: password.reveal(), role })];
      await users.change(id, { password: password.reveal() });
      return [name, id];
    }),
  );
  return new Map(ids);
}

function topicOf(name: string): string {
  return name
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .replace(/[^a-z]+/g, '-');
}

function stored(topic: string, phones: Phones, box: SecretBox) {
  return toStored({ kind: 'ntfy', server: phones.url, topic }, phones.token, box);
}

async function addPhone(
  { db, secretBox, phones, now }: { db: Database; secretBox: SecretBox; phones: Phones; now: () => number },
  userId: number | null,
  name: string,
  topic: string,
): Promise<number> {
  const { id } = await db
    .insertInto('channels')
    .values({
      user_id: userId,
      kind: 'ntfy',
      name,
      rank: 0,
      ...stored(topic, phones, secretBox),
      min_severity: 'warning',
      created_at: now(),
      last_sent_at: null,
      last_receipt_at: now(),
      failing_since: null,
      last_error: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** What somebody has made of it since stays. */
async function movePhone(
  db: Database,
  userId: number | null,
  name: string,
  address: { settings: string; sealed: string },
): Promise<void> {
  await db
    .updateTable('channels')
    .set({ ...address, failing_since: null, last_error: null })
    .where('user_id', userId === null ? 'is' : '=', userId)
    .where('kind', '=', 'ntfy')
    .where('name', '=', name)
    .execute();
}

async function bringPlans(
  { changes, now }: { changes: Changes; now: () => number },
  ids: ReadonlyMap<string, number>,
  chatId: number,
): Promise<void> {
  const id = (name: string): number => {
    const found = ids.get(name);
    if (found === undefined) throw new Error(`The demo has nobody called "${name}".`);
    return found;
  };
  const today = dayOf(new Date(now()).toISOString().slice(0, 10));
  const monday = dateOf(today - weekdayOf(today) + 1 - 8 * 7);
  const week = { every: 'week', count: 1, weekday: 1, at: '08:00' };
  const rota = RotaPlan.parse({
    timeZone: 'Europe/Berlin',
    holidays: 'DE-NW',
    layers: [
      {
        name: 'Rufbereitschaft',
        people: [id('Jens Ahlers'), id('Mira Özdemir'), id(lead)],
        from: monday,
        until: null,
        turn: week,
        hours: null,
        holidays: 'all',
      },
      {
        name: 'Dienstzeit',
        people: [id('Tim Wessels'), id('Mira Özdemir')],
        from: monday,
        until: null,
        turn: week,
        hours: [{ days: [1, 2, 3, 4, 5], from: '08:00', until: '16:30' }],
        holidays: 'not',
      },
    ],
  });
  await changes.run(
    { user: { id: null, name: lead }, source: 'setup', reason: 'Bereitschaft der IT' },
    async (change) => {
      const [rotaId = 0] = await change.insert('rota', [
        { name: 'Bereitschaft IT', plan: JSON.stringify(rota) },
      ]);
      const onCall = { kind: 'rota', rotaId };
      const chief = { kind: 'person', userId: id(lead) };
      const critical = EscalationPlan.parse({
        severities: ['critical'],
        siteIds: null,
        hours: null,
        steps: [
          { to: [onCall, { kind: 'channel', channelId: chatId }], waitMinutes: 10 },
          { to: [onCall, { kind: 'person', userId: id('Jens Ahlers') }], waitMinutes: 10 },
          { to: [onCall, chief], waitMinutes: 15 },
        ],
        repeat: 3,
      });
      const warnings = EscalationPlan.parse({
        severities: ['warning'],
        siteIds: null,
        hours: null,
        steps: [
          { to: [onCall], waitMinutes: 240 },
          { to: [chief], waitMinutes: 240 },
        ],
        repeat: 0,
      });
      await change.insert('escalation', [
        { name: 'Kritisch', rank: 0, plan: JSON.stringify(critical) },
        { name: 'Warnungen', rank: 10, plan: JSON.stringify(warnings) },
      ]);
    },
  );
}
