import { InventoryFile } from '@rackhaus/config/inventory-file';
import { describe, expect, onTestFinished, test } from 'vitest';
import { emptyInventory, sampleTownHall, tester, townHallInventory, types } from '../testing.ts';

const panel = 'generic-copper-panel-24';
const server = 'hpe-proliant-dl380-gen11';

/** A small file to begin with: one room, one rack, two panels and a server. */
function smallFile(change: (file: InventoryFile) => void = () => undefined): InventoryFile {
  const file = InventoryFile.parse({
    sites: [
      {
        name: 'S',
        buildings: [
          { name: 'B', floors: [{ name: 'F', rooms: [{ name: 'R', racks: [{ name: 'K', height: 10 }] }] }] },
        ],
      },
    ],
    credentials: { read: { version: '2c', community: 'very-secret-word' } },
    devices: [
      { name: 'P1', type: panel, role: 'panel', room: 'S/R', rack: 'K', position: 10 },
      { name: 'P2', type: panel, role: 'panel', room: 'S/R', rack: 'K', position: 9 },
      {
        name: 'H',
        type: server,
        role: 'server',
        room: 'S/R',
        rack: 'K',
        position: 1,
        monitoring: { address: '10.0.0.1', credentials: 'read' },
      },
    ],
    outlets: [{ name: 'O', room: 'S/R' }],
    links: [
      { kind: 'permanent', from: 'P1:1', to: 'O:1', label: 'L1' },
      { kind: 'patch', from: 'P1:1', to: 'H:eno1', label: 'K1' },
    ],
  });
  change(file);
  return file;
}

async function small() {
  const { db, inventory } = await emptyInventory();
  onTestFinished(() => db.destroy());
  return {
    db,
    bring: (file: InventoryFile, known = types) => inventory.import(file, known, tester),
  };
}

const at = <T>(list: T[], index: number): T => {
  const value = list[index];
  if (value === undefined) throw new Error(`nothing at ${index}`);
  return value;
};

describe('the sample town hall', () => {
  test('comes in whole, and the second time changes nothing', async () => {
    const { db, inventory, report } = await townHallInventory();
    onTestFinished(() => db.destroy());
    expect(report.problems).toEqual([]);
    const again = await inventory.import(await sampleTownHall(), types, tester);
    expect(again).toEqual({ problems: [], created: 0, changed: 0, changeId: null });
  });
});

describe('a file that is changed and imported again', () => {
  test('changes what differs and nothing else', async () => {
    const { db, bring } = await small();
    const first = await bring(smallFile());
    expect(first.problems).toEqual([]);
    const portsBefore = await db.selectFrom('ports').selectAll().orderBy('id').execute();
    const second = await bring(
      smallFile((file) => {
        at(file.devices, 2).position = 3;
        at(file.links, 1).label = 'K2';
        file.credentials.read = { version: '2c', community: 'another-secret' };
      }),
    );
    expect(second).toEqual({ problems: [], created: 0, changed: 3, changeId: (first.changeId ?? 0) + 1 });
    expect(await db.selectFrom('ports').selectAll().orderBy('id').execute()).toEqual(portsBefore);
  });

  test('ports follow the type; those that stay keep their ids and links', async () => {
    const { db, bring } = await small();
    await bring(smallFile());
    const eno1 = () =>
      db.selectFrom('ports').select('id').where('name', '=', 'eno1').executeTakeFirstOrThrow();
    const before = await eno1();
    const report = await bring(
      smallFile((file) => {
        at(file.devices, 2).type = 'hpe-proliant-dl360-gen11';
      }),
    );
    expect(report.problems).toEqual([]);
    const names = (await db.selectFrom('ports').select('name').execute()).map((row) => row.name);
    expect(names).toEqual(expect.arrayContaining(['eno3', 'eno4']));
    expect(names).not.toContain('ens1f0');
    expect(await eno1()).toEqual(before);
  });

  test('a newer definition of a type reaches the devices that the file does not name', async () => {
    const { db, bring } = await small();
    await bring(smallFile());
    const type = types.get(server);
    if (type === undefined) throw new Error('no type');
    const newer = new Map(types).set(server, {
      ...type,
      interfaces: [...type.interfaces, { name: 'ocp1', type: '10gbase-t' }],
    });
    const report = await bring(InventoryFile.parse({}), newer);
    expect(report).toMatchObject({ problems: [], created: 0, changed: 1 });
    expect(await db.selectFrom('ports').select('name').where('name', '=', 'ocp1').execute()).toHaveLength(1);
  });

  test('what the file does not name stays', async () => {
    const { db, bring } = await small();
    await bring(smallFile());
    await bring(InventoryFile.parse({}));
    expect(await db.selectFrom('devices').select('name').execute()).toHaveLength(3);
  });
});

test('credentials are sealed', async () => {
  const { db, bring } = await small();
  await bring(smallFile());
  const rows = await db.selectFrom('credentials').selectAll().execute();
  expect(JSON.stringify(rows)).not.toContain('very-secret-word');
});

function set(target: object, values: object): void {
  Object.assign(target, values);
}

describe('a wrong file is told everything, and nothing is written', () => {
  const cases: [string, (file: InventoryFile) => void, string, string][] = [
    [
      'unknown type',
      (f) => set(at(f.devices, 0), { type: 'generic-copper-pannel-24' }),
      'devices.P1.type',
      'There is no device type "generic-copper-pannel-24". Is "generic-copper-panel-24" meant?',
    ],
    [
      'unknown room',
      (f) => set(at(f.devices, 0), { room: 'S/Q' }),
      'devices.P1.room',
      'There is no room "S/Q". Is "S/R" meant?',
    ],
    [
      'unknown rack',
      (f) => set(at(f.devices, 0), { rack: 'K2' }),
      'devices.P1.rack',
      'There is no rack in S/R "K2". Is "K" meant?',
    ],
    [
      'out of the rack',
      (f) => set(at(f.devices, 2), { position: 10 }),
      'devices.H.position',
      'K has 10 rack units, and the device takes 2: at most 9.',
    ],
    [
      'overlap',
      (f) => set(at(f.devices, 1), { position: 2 }),
      'devices.P2.position',
      '"H" is there already (HE 1-2).',
    ],
    [
      'no position',
      (f) => void delete at(f.devices, 0).position,
      'devices.P1.position',
      'It takes 1 rack units: say which is the lowest.',
    ],
    [
      'half width without side',
      (f) => void Object.assign(at(f.devices, 0), { type: 'lancom-1800ef' }),
      'devices.P1.side',
      'This type is half as wide as the rack: say "left" or "right".',
    ],
    [
      'unknown port',
      (f) => set(at(f.links, 0), { from: 'P1:25' }),
      'links.P1:25 - O:1.from',
      'There is no port of P1 "25". Is "2" meant?',
    ],
    [
      'unknown owner',
      (f) => set(at(f.links, 0), { to: 'Q:1' }),
      'links.P1:1 - Q:1.to',
      'There is no device or outlet "Q". Is "H" meant?',
    ],
    [
      'port taken in the file',
      (f) => void f.links.push({ kind: 'patch', from: 'P1:1', to: 'P2:1', label: '' }),
      'links.P1:1 - P2:1.from',
      'Another link of the file is there already: P1:1 - H:eno1.',
    ],
    [
      'data cord in a power inlet',
      (f) => set(at(f.links, 1), { to: 'H:PSU 1' }),
      'links.P1:1 - H:PSU 1.to',
      'This port is for power: the link must be of kind "power".',
    ],
    [
      'duplicate name',
      (f) => set(at(f.devices, 1), { name: 'P1' }),
      'devices.P1',
      'There is more than one device or outlet of this name. Each needs its own.',
    ],
    [
      'unknown credentials',
      (f) => void Object.assign(at(f.devices, 2).monitoring ?? {}, { credentials: 'raed' }),
      'devices.H.monitoring.credentials',
      'There is no entry in credentials "raed". Is "read" meant?',
    ],
  ];
  test.each(cases)('%s', async (_name, change, path, message) => {
    const { db, bring } = await small();
    const report = await bring(smallFile(change));
    expect(report.problems).toContainEqual(expect.objectContaining({ path, message }));
    expect(report).toMatchObject({ created: 0, changed: 0, changeId: null });
    expect(await db.selectFrom('sites').selectAll().execute()).toEqual([]);
  });

  test('all of them at once', async () => {
    const { bring } = await small();
    const report = await bring(
      smallFile((file) => {
        for (const [, change] of cases.slice(0, 4)) change(file);
      }),
    );
    expect(report.problems.length).toBeGreaterThanOrEqual(4);
  });

  test('a port that another import has taken, and a device in the way', async () => {
    const { bring } = await small();
    await bring(smallFile());
    const report = await bring(
      InventoryFile.parse({
        devices: [{ name: 'N', type: panel, role: 'panel', room: 'S/R', rack: 'K', position: 9 }],
        links: [{ kind: 'patch', from: 'N:1', to: 'H:eno1' }],
      }),
    );
    expect(report.problems.map(({ path, message }) => `${path}: ${message}`)).toEqual([
      'devices.N.position: "P2" is there already (HE 9).',
      'links.N:1 - H:eno1.to: The link K1 to P1:1 is there already.',
    ]);
  });

  test('a rack that is made too low for what is in it', async () => {
    const { bring } = await small();
    await bring(smallFile());
    const { sites } = smallFile((file) => {
      for (const rack of file.sites[0]?.buildings[0]?.floors[0]?.rooms[0]?.racks ?? []) rack.height = 9;
    });
    const report = await bring({ ...InventoryFile.parse({}), sites });
    expect(report.problems).toEqual([
      { path: 'sites.S.rooms.R.racks.K.height', given: '9', message: '"P1" is mounted higher (HE 10).' },
    ]);
  });

  test('a new type without a port that is in use', async () => {
    const { bring } = await small();
    await bring(smallFile());
    const report = await bring(
      smallFile((file) => {
        at(file.devices, 2).type = panel;
        file.links.pop();
      }),
    );
    expect(report.problems.map((problem) => problem.message)).toContain(
      'The new type has no port "eno1", but a link to P1:1 is there. Unplug it first.',
    );
  });

  test('front and rear of one unit are two places, unless something is as deep as the rack', async () => {
    const { bring } = await small();
    const rear = (name: string, type: string) =>
      InventoryFile.parse({
        devices: [{ name, type, role: 'other', room: 'S/R', rack: 'K', position: 9, face: 'rear' }],
      });
    await bring(smallFile());
    expect((await bring(rear('deep', 'generic-shelf-1u'))).problems).toHaveLength(1);
    expect((await bring(rear('shallow', 'generic-blank-1u'))).problems).toEqual([]);
  });
});
