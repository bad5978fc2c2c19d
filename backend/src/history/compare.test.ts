import { describe, expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '../database/open.ts';
import { recordSpecs } from '../inventory/records/index.ts';
import { tester, types } from '../inventory/testing.ts';
import { Changes } from './changes.ts';
import { compare } from './compare.ts';

/** Two racks with three servers in the first; every change a second after the one before. */
async function twoRacks() {
  const db = await openDatabase(':memory:');
  onTestFinished(() => db.destroy());
  const clock = { now: 0 };
  const changes = new Changes({
    db,
    specs: recordSpecs,
    now: () => {
      clock.now += 1000;
      return clock.now;
    },
    committed: () => {},
  });
  const { result } = await changes.run(tester, async (change) => {
    const [siteId = 0] = await change.insert('site', [{ name: 'S' }]);
    const [buildingId = 0] = await change.insert('building', [{ site_id: siteId, name: 'B' }]);
    const [floorId = 0] = await change.insert('floor', [{ building_id: buildingId, name: 'F' }]);
    const [roomId = 0] = await change.insert('room', [{ floor_id: floorId, name: 'R' }]);
    const racks = await change.insert(
      'rack',
      ['K1', 'K2'].map((name) => ({ room_id: roomId, name, height_u: 20 })),
    );
    const [typeId = 0] = await change.insert('device-type', [
      { definition: JSON.stringify(types.get('hpe-proliant-dl380-gen11')) },
    ]);
    const devices = await change.insert(
      'device',
      ['a', 'b', 'c'].map((name, index) => ({
        name,
        type_id: typeId,
        rack_id: racks[0] ?? 0,
        position: 1 + 4 * index,
      })),
    );
    return { racks, devices, typeId };
  });
  const since = (kind: 'rack' | 'device', id: number, from = 1000, to = clock.now) =>
    compare({ db, specs: recordSpecs, of: { kind, id }, from, to });
  return { db, changes, clock, since, ...result };
}

describe('two times of a rack', () => {
  test('differ by what came, went, moved and changed', async () => {
    const { changes, since, racks, devices, typeId } = await twoRacks();
    const [first = 0, second = 0] = racks;
    const [a = 0, b = 0, c = 0] = devices;
    await changes.run(tester, async (change) => {
      await change.update('device', a, { position: 15 });
      await change.update('device', b, { rack_id: second });
      await change.update('device', c, { serial: 'X1' });
      await change.update('rack', first, { purpose: 'Server' });
    });
    await changes.run(tester, (change) =>
      change.insert('device', [{ name: 'd', type_id: typeId, rack_id: first, position: 1 }]),
    );
    const found = await since('rack', first);
    expect(found).toMatchObject({ before: { purpose: '' }, after: { purpose: 'Server' } });
    expect(found.members.map(({ name, fate }) => [name, fate]).toSorted()).toEqual([
      ['a', 'moved'],
      ['b', 'went'],
      ['c', 'changed'],
      ['d', 'came'],
    ]);
    expect(found.members.find(({ name }) => name === 'c')?.after).toEqual({ serial: 'X1' });
    expect((await since('rack', second)).members).toMatchObject([{ name: 'b', fate: 'came' }]);
    // Up to the first of both changes only.
    expect((await since('rack', first, 1000, 2500)).members).toHaveLength(3);
  });

  test('are the same when everything has been taken back', async () => {
    const { changes, since, racks, devices } = await twoRacks();
    const [a = 0] = devices;
    const { changeId } = await changes.run(tester, (change) => change.remove('device', [a]));
    expect((await since('rack', racks[0] ?? 0)).members).toMatchObject([
      { name: 'a', fate: 'went', after: null },
    ]);
    await changes.undo(changeId ?? 0, tester);
    expect((await since('rack', racks[0] ?? 0)).members).toEqual([]);
  });

  test('tell what was plugged into a device', async () => {
    const { db, changes, since, devices } = await twoRacks();
    const [a = 0, b = 0] = devices;
    const portOf = async (device: number) =>
      (
        await db
          .selectFrom('ports')
          .select('id')
          .where('device_id', '=', device)
          .where('kind', '=', 'network')
          .executeTakeFirstOrThrow()
      ).id;
    const [from, to] = [await portOf(a), await portOf(b)];
    await changes.run(tester, async (change) => {
      const [link = 0] = await change.insert('link', [{ kind: 'patch', label: 'L1' }]);
      await change.insert('link-end', [
        { link_id: link, side: 'a', port_id: from, port_side: 'front' },
        { link_id: link, side: 'b', port_id: to, port_side: 'front' },
      ]);
    });
    const found = await since('device', a);
    expect(found.members).toMatchObject([{ kind: 'link-end', fate: 'came', after: { portId: from } }]);
    expect(Object.values(found.names)).toContain('L1');
  });

  test('need the object at one of them', async () => {
    const { since } = await twoRacks();
    await expect(since('rack', 99)).rejects.toMatchObject({ details: { reason: 'not-then' } });
  });
});
