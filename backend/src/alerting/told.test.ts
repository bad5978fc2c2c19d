import { expect, it } from 'vitest';
import { openDatabase } from '../database/open.ts';
import { nextOf } from './told.ts';

it('names the administrators as those who are told next where no plan fits', async () => {
  const db = await openDatabase(':memory:');
  const user = { name_key: '', password_hash: '', disabled: 0, created_at: 0 };
  await db
    .insertInto('users')
    .values([
      { ...user, name: 'Ada', name_key: 'ada', role: 'administrator' },
      { ...user, name: 'Bea', name_key: 'bea', role: 'technician' },
      { ...user, name: 'Cem', name_key: 'cem', role: 'administrator', disabled: 1 },
    ])
    .execute();
  const text = JSON.stringify({ de: 'core-1', en: 'core-1' });
  const { id } = await db
    .insertInto('incidents')
    .values({
      ...{ key: 'device:1/reachability', state: 'open', severity: 'critical', title: text, advice: text },
      ...{ place: '', cause: '{}', site_id: null, room_id: null, since: 1, opened_at: 1, updated_at: 1 },
      ...{
        acknowledged_at: null,
        acknowledged_by: null,
        resolved_at: null,
        snoozed_until: null,
        held_by: null,
      },
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  const stand = { incident_id: id, escalation_id: 0, step: 0, round: 0, next_at: 900_000 };
  await db.insertInto('incident_escalations').values(stand).execute();
  expect(await nextOf(db, id)).toEqual({ at: 900_000, step: 1, people: ['Ada'], escalation: '' });
  await db.updateTable('incident_escalations').set({ round: 2 }).execute();
  expect(await nextOf(db, id)).toBeNull();
  await db.destroy();
});
