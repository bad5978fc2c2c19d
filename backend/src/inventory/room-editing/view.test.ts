import { describe, expect, test } from 'vitest';
import { tester, townHallInventory } from '../testing.ts';
import { TypeViews } from '../type-views.ts';
import { roomEditing } from './view.ts';

const { db, inventory } = await townHallInventory();
const views = new TypeViews();

const roomId = async (name: string) =>
  (await db.selectFrom('rooms').select('id').where('name', '=', name).executeTakeFirstOrThrow()).id;
const device = (name: string) =>
  db.selectFrom('devices').selectAll().where('name', '=', name).executeTakeFirstOrThrow();

describe('what moving things in a room needs', () => {
  test('limits of the racks, and the version and type of everything that stands there', async () => {
    const room = await roomId('Serverraum neu');
    const editing = await roomEditing(db, views, room, '');
    expect(editing.racks).toHaveLength(3);
    const core = await device('core-1');
    expect(editing.versions[core.id]).toBe(core.version);
    expect(editing.loads.find(({ id }) => id === core.type_id)).toMatchObject({ powerW: expect.any(Number) });
  });

  test('what has left its rack is on the shelf, with its type, and found by a part of its name', async () => {
    const room = await roomId('Serverraum neu');
    const core = await device('core-1');
    await inventory.changes.run(tester, (change) =>
      change.update('device', core.id, { room_id: null, rack_id: null, position: null }),
    );
    const editing = await roomEditing(db, views, room, 'ORE-1');
    expect(editing.shelf).toMatchObject([{ device: { name: 'core-1', rackId: null }, roomId: null }]);
    expect(editing.shelfTotal).toBe(1);
    expect(editing.types.map(({ id }) => id)).toEqual([core.type_id]);
    expect(editing.versions[core.id]).toBeGreaterThan(core.version);
    expect((await roomEditing(db, views, room, 'nothing is called like this')).shelf).toEqual([]);
  });

  test('a device that hangs in another room is not on this shelf', async () => {
    const here = await roomEditing(db, views, await roomId('Serverraum neu'), 'ap-');
    expect(here.shelf).toEqual([]);
  });

  test('there must be such a room', async () => {
    await expect(roomEditing(db, views, 999_999, '')).rejects.toMatchObject({ code: 'not-found' });
  });
});
