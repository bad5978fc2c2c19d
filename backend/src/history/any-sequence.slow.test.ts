import type { RoomView } from '@rackhaus/config/contract';
import { DeviceTypeFile, portsOfType } from '@rackhaus/config/device-types';
import fc from 'fast-check';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { openDatabase } from '../database/open.ts';
import type { Database } from '../database/tables.ts';
import { rackThen, roomThen } from '../inventory/past/room-then.ts';
import { recordSpecs } from '../inventory/records/index.ts';
import { rackView, roomView } from '../inventory/rooms.ts';
import { tester } from '../inventory/testing.ts';
import { TypeViews } from '../inventory/type-views.ts';
import { AppError } from '../problem.ts';
import type { Change } from './change.ts';
import { Changes } from './changes.ts';
import { allTables, replayed, slotsByRule } from './testing.ts';

const definition = (model: string, given: Record<string, unknown>) =>
  DeviceTypeFile.parse({
    manufacturer: 'Test',
    model,
    slug: model.toLowerCase(),
    u_height: 1,
    is_full_depth: true,
    ...given,
  });
const interfaces = (...names: string[]) => ({
  interfaces: names.map((name) => ({ name, type: '1000base-t' })),
});
const panel = {
  'rear-ports': [{ name: 'R1', type: '8p8c', positions: 2 }],
  'front-ports': [
    { name: 'F1', type: '8p8c', rear_port: 'R1', rear_port_position: 1 },
    { name: 'F2', type: '8p8c', rear_port: 'R1', rear_port_position: 2 },
  ],
};
/** What types can become: sizes, depths and ports differ. */
const definitions = [
  definition('Flat', interfaces('1', '2')),
  definition('Tall', { u_height: 2, is_full_depth: false, ...interfaces('1', '2', '3') }),
  definition('Panel', { is_full_depth: false, ...panel }),
  definition('Panel-three', { is_full_depth: false, ...panel, ...interfaces('1') }),
  definition('Nothing', { u_height: 0 }),
];

/** One thing that somebody tries; numbers choose among what there is. */
interface Attempt {
  readonly what: keyof typeof attempts;
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

type Work = (change: Change, pick: Attempt) => Promise<unknown>;
const choose = async (change: Change, table: string, by: number): Promise<number> => {
  const { rows } = await sql<{ id: number }>`select id from ${sql.table(table)} order by id`.execute(
    change.tx,
  );
  const id = rows[by % Math.max(1, rows.length)]?.id;
  if (id === undefined) throw new AppError('not-found', 'There is none.');
  return id;
};
const json = (index: number) => JSON.stringify(definitions[index % definitions.length]);
const name = (index: number) => `name-${index % 14}`;
const position = (by: number) => (by % 11 === 0 ? null : 1 + (by % 14) / 2);

const attempts = {
  makeDevice: async (change, { a, b, c }) =>
    change.insert('device', [
      {
        name: name(a),
        type_id: await choose(change, 'device_types', b),
        rack_id: c % 5 === 0 ? null : await choose(change, 'racks', c),
        position: c % 5 === 0 ? null : position(a + c),
        face: b % 2 === 0 ? 'front' : 'rear',
      },
    ]),
  move: async (change, { a, b, c }) =>
    change.update('device', await choose(change, 'devices', a), {
      rack_id: await choose(change, 'racks', b),
      position: position(c),
    }),
  shelve: async (change, { a }) =>
    change.update('device', await choose(change, 'devices', a), {
      rack_id: null,
      room_id: null,
      position: null,
    }),
  swap: async (change, { a, b }) => {
    const one = await change.get('device', await choose(change, 'devices', a));
    const other = await change.get('device', await choose(change, 'devices', b));
    const place = ({ rack_id, position: at, face }: typeof one) => ({
      rack_id: rack_id ?? null,
      position: at ?? null,
      face: face ?? null,
    });
    await change.update('device', one.id, place(other));
    await change.update('device', other.id, place(one));
  },
  rename: async (change, { a, b }) =>
    change.update('device', await choose(change, 'devices', a), { name: name(b), serial: `S${b}` }),
  otherType: async (change, { a, b }) =>
    change.update('device', await choose(change, 'devices', a), {
      type_id: await choose(change, 'device_types', b),
    }),
  editType: async (change, { a, b }) =>
    change.update('device-type', await choose(change, 'device_types', a), {
      definition: JSON.stringify({ ...JSON.parse(json(b)), slug: `edited-${a}`, model: `Edited ${a}` }),
    }),
  makeType: (change, { a }) => change.insert('device-type', [{ definition: json(a) }]),
  removeType: async (change, { a }) =>
    change.remove('device-type', [await choose(change, 'device_types', a)]),
  removeDevice: async (change, { a }) => change.remove('device', [await choose(change, 'devices', a)]),
  removeTwo: async (change, { a, b }) => {
    const ids = new Set([await choose(change, 'devices', a), await choose(change, 'devices', b)]);
    await change.remove('device', [...ids]);
  },
  makeOutlet: async (change, { a, b, c }) =>
    change.insert('outlet', [
      { name: name(a), room_id: await choose(change, 'rooms', b), jacks: 1 + (c % 3) },
    ]),
  jacks: async (change, { a, b }) =>
    change.update('outlet', await choose(change, 'outlets', a), { jacks: 1 + (b % 4) }),
  removeOutlet: async (change, { a }) => change.remove('outlet', [await choose(change, 'outlets', a)]),
  plug: async (change, { a, b, c }) => {
    const [link = 0] = await change.insert('link', [{ kind: 'patch', label: `L${c % 9}` }]);
    await change.insert('link-end', [
      { link_id: link, side: 'a', port_id: await choose(change, 'ports', a), port_side: 'front' },
      { link_id: link, side: 'b', port_id: await choose(change, 'ports', b), port_side: 'front' },
    ]);
  },
  replug: async (change, { a, b }) =>
    change.update('link-end', await choose(change, 'link_ends', a), {
      port_id: await choose(change, 'ports', b),
    }),
  unplug: async (change, { a }) => change.remove('link', [await choose(change, 'links', a)]),
  monitor: async (change, { a, b }) =>
    change.insert('monitoring', [
      { device_id: await choose(change, 'devices', a), address: `10.0.0.${b % 9}` },
    ]),
  address: async (change, { a, b }) =>
    change.insert('address', [{ address: `10.0.0.${b % 5}`, port_id: await choose(change, 'ports', a) }]),
  note: async (change, { a, b }) =>
    change.insert('note', [
      b % 2 === 0
        ? { subject_kind: 'device', subject_id: await choose(change, 'devices', a), text: 'n', time: 1 }
        : { subject_kind: 'rack', subject_id: await choose(change, 'racks', a), text: 'n', time: 1 },
    ]),
  makeRack: async (change, { a, b }) =>
    change.insert('rack', [
      { name: `K${b % 5}`, room_id: await choose(change, 'rooms', a), height_u: 4 + (b % 4) },
    ]),
  rackHeight: async (change, { a, b }) =>
    change.update('rack', await choose(change, 'racks', a), { height_u: 2 + (b % 7) }),
  moveRack: async (change, { a, b }) =>
    change.update('rack', await choose(change, 'racks', a), { room_id: await choose(change, 'rooms', b) }),
  removeRack: async (change, { a }) => change.remove('rack', [await choose(change, 'racks', a)]),
  moveFloor: async (change, { a, b }) =>
    change.update('floor', await choose(change, 'floors', a), {
      building_id: await choose(change, 'buildings', b),
    }),
} satisfies Record<string, Work>;

const attempt = fc.record({
  // Things come more often than they go, or there would be nothing to do it with.
  what: fc.constantFrom(
    ...Object.keys(attempts).flatMap((key) =>
      Array<string>(key.startsWith('remove') ? 1 : key === 'makeDevice' || key === 'plug' ? 6 : 2).fill(key),
    ),
  ),
  a: fc.nat(50),
  b: fc.nat(50),
  c: fc.nat(50),
});
const step = fc.oneof(
  { weight: 3, arbitrary: attempt },
  {
    weight: 1,
    arbitrary: fc.record({ what: fc.constant('undo'), a: fc.nat(12), b: fc.constant(0), c: fc.constant(0) }),
  },
);

async function start() {
  const db = await openDatabase(':memory:');
  const clock = { now: 1000 };
  const changes = new Changes({ db, specs: recordSpecs, now: () => clock.now, committed: () => {} });
  await changes.run(tester, async (change) => {
    const sites = await change.insert('site', [{ name: 'S' }, { name: 'T' }]);
    const buildings = await change.insert(
      'building',
      sites.map((id) => ({ site_id: id, name: 'B' })),
    );
    const floors = await change.insert(
      'floor',
      buildings.map((id, index) => ({ building_id: id, name: `F${index}` })),
    );
    const rooms = await change.insert(
      'room',
      floors.map((id, index) => ({ floor_id: id, name: `R${index}` })),
    );
    const racks = await change.insert(
      'rack',
      rooms.map((id) => ({ room_id: id, name: 'K', height_u: 8 })),
    );
    const types = await change.insert(
      'device-type',
      definitions.slice(0, 3).map((each) => ({ definition: JSON.stringify(each) })),
    );
    await change.insert(
      'device',
      types.map((id, index) => ({
        name: `first-${index}`,
        type_id: id,
        rack_id: racks[0] ?? 0,
        position: 1 + 2 * index,
      })),
    );
    await change.insert('outlet', [{ name: 'outlet', room_id: rooms[0] ?? 0 }]);
  });
  return { db, changes, clock };
}

/** Tries it. @returns whether it was done; what is refused must be refused with a reason for people. */
async function tried(
  db: Database,
  changes: Changes,
  { what, a, b, c }: { what: string; a: number; b: number; c: number },
) {
  try {
    if (what === 'undo') {
      const list = await db
        .selectFrom('changes')
        .select('id')
        .where('id', '>', 1)
        .orderBy('id', 'desc')
        .execute();
      const id = list[a % Math.max(1, list.length)]?.id;
      if (id === undefined) return false;
      await changes.undo(id, tester);
    } else {
      const work: Work | undefined = Object.entries(attempts).find(([key]) => key === what)?.[1];
      await changes.run(tester, async (change) => work?.(change, { what: 'move', a, b, c }));
    }
    return true;
  } catch (error) {
    if (error instanceof AppError && error.code !== 'internal') return false;
    throw error;
  }
}

/** What screens show of every room and rack. */
async function shownNow(db: Database): Promise<{ rooms: RoomView[]; racks: RoomView[] }> {
  const types = new TypeViews();
  const rooms: RoomView[] = [];
  for (const { id } of await db.selectFrom('rooms').select('id').execute())
    rooms.push(await roomView(db, types, id));
  const racks: RoomView[] = [];
  for (const { id } of await db.selectFrom('racks').select('id').execute())
    racks.push(await rackView(db, types, id));
  return { rooms, racks };
}

async function expectWhole(db: Database): Promise<void> {
  expect((await sql`pragma foreign_key_check`.execute(db)).rows).toEqual([]);
  const tables = await allTables(db, { versions: false });
  expect(tables.rack_slots).toEqual(await slotsByRule(db));
  const typeOf = new Map(tables.device_types?.map((type) => [type.id, type]));
  const rackOf = new Map(tables.racks?.map((rack) => [rack.id, rack]));
  const portsOf = (column: string, id: unknown) =>
    (tables.ports ?? [])
      .filter((port) => port[column] === id)
      .map((port) => {
        const rear = tables.ports?.find((other) => other.id === port.rear_port_id);
        return [port.name, port.kind, rear?.name ?? null, port.rear_lane].join();
      })
      .toSorted();
  for (const device of tables.devices ?? []) {
    const type = typeOf.get(device.type_id ?? null);
    const wanted = portsOfType(DeviceTypeFile.parse(JSON.parse(String(type?.definition))));
    expect(portsOf('device_id', device.id)).toEqual(
      wanted
        .map((port) => [port.name, port.kind, port.inner?.rear ?? null, port.inner?.lane].join())
        .toSorted(),
    );
    if (device.rack_id === null) continue;
    const rack = rackOf.get(device.rack_id ?? null);
    expect(device.room_id).toBe(rack?.room_id);
    expect(Number(device.position ?? 1) + Number(type?.u_height) - 1).toBeLessThanOrEqual(
      Number(rack?.height_u),
    );
  }
  for (const outlet of tables.outlets ?? [])
    expect(portsOf('outlet_id', outlet.id)).toHaveLength(Number(outlet.jacks));
  const names = [...(tables.devices ?? []), ...(tables.outlets ?? [])].map((row) => row.name);
  expect(new Set(names).size).toBe(names.length);
  const buildings = new Map(tables.buildings?.map((row) => [row.id, row.site_id]));
  const floors = new Map(tables.floors?.map((row) => [row.id, buildings.get(row.building_id ?? null)]));
  for (const room of tables.rooms ?? []) expect(room.site_id).toBe(floors.get(room.floor_id ?? null));
}

test('whatever is done and undone, the inventory is whole, equals its replay, is told as it was, and can be taken back to the beginning', async () => {
  const seen = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 50, size: 'max' }), async (steps) => {
      const { db, changes, clock } = await start();
      const seenThen: { time: number; rooms: RoomView[]; racks: RoomView[] }[] = [];
      try {
        const initial = await allTables(db, { versions: false });
        let before = await allTables(db, { versions: true });
        for (const each of steps) {
          const done = await tried(db, changes, each);
          const after = await allTables(db, { versions: true });
          if (!done) expect(after).toEqual(before);
          await expectWhole(db);
          before = after;
          seenThen.push({ time: clock.now, ...(await shownNow(db)) });
          clock.now += 1000;
          if (done) seen.set(each.what, (seen.get(each.what) ?? 0) + 1);
        }
        expect(await replayed(db)).toEqual(before);
        for (const { time, rooms, racks } of seenThen) {
          const deps = { db, specs: recordSpecs, types: new TypeViews() };
          for (const room of rooms) expect(await roomThen(deps, room.id, time + 500)).toEqual(room);
          for (const room of racks)
            expect(await rackThen(deps, room.racks[0]?.id ?? 0, time + 500)).toEqual(room);
        }
        const list = await db
          .selectFrom('changes')
          .select('id')
          .where('id', '>', 1)
          .orderBy('id', 'desc')
          .execute();
        for (const { id } of list) {
          const { undone_by } = await db
            .selectFrom('changes')
            .select('undone_by')
            .where('id', '=', id)
            .executeTakeFirstOrThrow();
          if (undone_by === null) await changes.undo(id, tester);
        }
        expect(await allTables(db, { versions: false })).toEqual(initial);
        await expectWhole(db);
      } finally {
        await db.destroy();
      }
    }),
    { numRuns: 60 },
  );
  // A property of what is always refused would prove nothing.
  expect([...Object.keys(attempts), 'undo'].filter((what) => !seen.has(what))).toEqual([]);
}, 300_000);
