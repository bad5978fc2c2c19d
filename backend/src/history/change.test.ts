import { describe, expect, onTestFinished, test } from 'vitest';
import { emptyInventory, tester, townHallInventory, types } from '../inventory/testing.ts';
import type { Change } from './change.ts';

const server = 'hpe-proliant-dl380-gen11';

/** One site with a rack of 10 units, and a type to mount. */
async function oneRack() {
  const { db, inventory } = await emptyInventory();
  onTestFinished(() => db.destroy());
  const { changes } = inventory;
  const { result } = await changes.run(tester, async (change) => {
    const [siteId = 0] = await change.insert('site', [{ name: 'S' }]);
    const [buildingId = 0] = await change.insert('building', [{ site_id: siteId, name: 'B' }]);
    const [floorId = 0] = await change.insert('floor', [{ building_id: buildingId, name: 'F' }]);
    const [roomId = 0] = await change.insert('room', [{ floor_id: floorId, name: 'R' }]);
    const [rackId = 0] = await change.insert('rack', [{ room_id: roomId, name: 'K', height_u: 10 }]);
    const [typeId = 0] = await change.insert('device-type', [
      { definition: JSON.stringify(types.get(server)) },
    ]);
    return { rackId, roomId, typeId };
  });
  const mount = (change: Change, name: string, position: number) =>
    change.insert('device', [
      { name, type_id: result.typeId, role: 'server', rack_id: result.rackId, position },
    ]);
  const all = async () => ({
    devices: await db.selectFrom('devices').select(['name', 'position']).orderBy('name').execute(),
    slots: Number(
      (
        await db
          .selectFrom('rack_slots')
          .select((e) => e.fn.countAll().as('n'))
          .executeTakeFirstOrThrow()
      ).n,
    ),
    ports: Number(
      (
        await db
          .selectFrom('ports')
          .select((e) => e.fn.countAll().as('n'))
          .executeTakeFirstOrThrow()
      ).n,
    ),
  });
  return { db, changes, mount, all, ...result };
}

describe('a change', () => {
  test('makes a device with its ports and slots, and undo takes all of them away', async () => {
    const { db, changes, mount, all } = await oneRack();
    const before = await all();
    const { changeId } = await changes.run(tester, (change) => mount(change, 'a', 1));
    // Two units, front and rear, left and right, in halves.
    expect(await all()).toMatchObject({ devices: [{ name: 'a', position: 1 }], slots: 16 });
    const events = await db
      .selectFrom('change_events')
      .select(['kind', 'count'])
      .where('change_id', '=', changeId ?? 0)
      .execute();
    expect(events).toHaveLength(2);
    await changes.undo(changeId ?? 0, tester);
    expect(await all()).toEqual(before);
  });

  test('that fails leaves nothing behind', async () => {
    const { changes, mount, all } = await oneRack();
    const before = await all();
    const work = changes.run(tester, async (change) => {
      await mount(change, 'a', 1);
      await mount(change, 'b', 2);
    });
    await expect(work).rejects.toMatchObject({
      code: 'conflict',
      details: { reason: 'occupied', blocking: [{ name: 'a' }] },
    });
    expect(await all()).toEqual(before);
  });

  test('may swap two devices, and undo puts both back', async () => {
    const { changes, mount, all } = await oneRack();
    const { result } = await changes.run(tester, async (change) => [
      ...(await mount(change, 'a', 1)),
      ...(await mount(change, 'b', 5)),
    ]);
    const before = await all();
    const [a = 0, b = 0] = result;
    const { changeId } = await changes.run(tester, async (change) => {
      await change.update('device', a, { position: 5 });
      await change.update('device', b, { position: 1 });
    });
    expect((await all()).devices).toEqual([
      { name: 'a', position: 5 },
      { name: 'b', position: 1 },
    ]);
    await changes.undo(changeId ?? 0, tester);
    expect(await all()).toEqual(before);
  });

  test('is refused when it has seen an older version, and tells the present one', async () => {
    const { db, changes, mount } = await oneRack();
    const { result, changeId } = await changes.run(tester, (change) => mount(change, 'a', 1));
    const [id = 0] = result;
    await changes.run(tester, (change) => change.update('device', id, { serial: 'X1' }));
    const late = changes.run(tester, (change) =>
      change.update('device', id, { serial: 'X2' }, changeId ?? 0),
    );
    await expect(late).rejects.toMatchObject({ details: { reason: 'stale', current: { serial: 'X1' } } });
    expect(await db.selectFrom('devices').select('serial').executeTakeFirst()).toEqual({ serial: 'X1' });
  });

  test('that writes nothing is not written down', async () => {
    const { changes, mount } = await oneRack();
    const { result } = await changes.run(tester, (change) => mount(change, 'a', 1));
    const again = await changes.run(tester, (change) =>
      change.update('device', result[0] ?? 0, { name: 'a' }),
    );
    expect(again.changeId).toBeNull();
  });
});

describe('undo', () => {
  test('refuses what somebody has changed since, and names it', async () => {
    const { changes, mount, all } = await oneRack();
    const { result, changeId } = await changes.run(tester, (change) => mount(change, 'a', 1));
    await changes.run(tester, (change) => change.update('device', result[0] ?? 0, { position: 4 }));
    const before = await all();
    await expect(changes.undo(changeId ?? 0, tester)).rejects.toMatchObject({
      message: expect.stringContaining('position of the device "a" has been changed since by test'),
    });
    expect(await all()).toEqual(before);
  });

  test('refuses to do it twice', async () => {
    const { changes, mount } = await oneRack();
    const { changeId } = await changes.run(tester, (change) => mount(change, 'a', 1));
    await changes.undo(changeId ?? 0, tester);
    await expect(changes.undo(changeId ?? 0, tester)).rejects.toMatchObject({
      details: { reason: 'undone' },
    });
  });

  test('of an undo is the change again', async () => {
    const { changes, mount, all } = await oneRack();
    const { changeId } = await changes.run(tester, (change) => mount(change, 'a', 1));
    const made = await all();
    const undone = await changes.undo(changeId ?? 0, tester);
    await changes.undo(undone, tester);
    expect(await all()).toEqual(made);
  });

  test('takes a whole import back', async () => {
    const { db, inventory, report } = await townHallInventory();
    onTestFinished(() => db.destroy());
    await inventory.changes.undo(report.changeId ?? 0, tester);
    for (const table of [
      'sites',
      'devices',
      'ports',
      'links',
      'link_ends',
      'rack_slots',
      'credentials',
    ] as const)
      expect(await db.selectFrom(table).selectAll().execute()).toEqual([]);
  });
});

test('a device goes with its cables, and comes back with them', async () => {
  const { db, inventory } = await townHallInventory();
  onTestFinished(() => db.destroy());
  const panel = await db.selectFrom('devices').select('id').where('name', '=', 'A').executeTakeFirstOrThrow();
  const state = async () => ({
    ends: await db
      .selectFrom('link_ends')
      .select(['link_id', 'side', 'port_id', 'port_side'])
      .orderBy('id')
      .execute(),
    ports: await db
      .selectFrom('ports')
      .select(['id', 'device_id', 'name', 'rear_port_id'])
      .orderBy('id')
      .execute(),
  });
  const before = await state();
  const { changeId } = await inventory.changes.run(tester, (change) => change.remove('device', [panel.id]));
  expect((await state()).ends.length).toBeLessThan(before.ends.length);
  await inventory.changes.undo(changeId ?? 0, tester);
  expect(await state()).toEqual(before);
});
