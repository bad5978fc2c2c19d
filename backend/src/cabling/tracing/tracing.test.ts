import type { PlannedChange, TraceReply } from '@rackhaus/config/contract';
import { describe, expect, test } from 'vitest';
import type { Database } from '../../database/tables.ts';
import { tester, townHallInventory } from '../../inventory/testing.ts';
import { portsOf } from './owners.ts';
import type { SeenBehindPorts } from './seen-macs.ts';
import { findStarts } from './starts.ts';
import { traceAfter, traceToday } from './trace-reply.ts';

const { db, inventory } = await townHallInventory();
const nobody: SeenBehindPorts = { all: async () => new Map() };

async function portId(of: string, db_: Database = db): Promise<number> {
  const [owner = '', name = ''] = of.split(':');
  const row = await db_
    .selectFrom('ports')
    .leftJoin('devices', 'devices.id', 'ports.device_id')
    .leftJoin('outlets', 'outlets.id', 'ports.outlet_id')
    .select('ports.id')
    .where('ports.name', '=', name)
    .where((e) => e.or([e('devices.name', '=', owner), e('outlets.name', '=', owner)]))
    .executeTakeFirstOrThrow();
  return row.id;
}
/** The cable in front of a port, or behind it. */
async function linkAt(of: string, side: 'front' | 'rear' = 'front'): Promise<number> {
  const row = await db
    .selectFrom('link_ends')
    .select('link_id')
    .where('port_id', '=', await portId(of))
    .where('port_side', '=', side)
    .executeTakeFirstOrThrow();
  return row.link_id;
}
/** Ports and cables from left to right, as people write them. */
function told({ paths, ports, cables }: TraceReply): string[] {
  return paths.map((path) =>
    path.nodes
      .flatMap((node) => {
        const port = ports.find(({ id }) => id === node.portId);
        const edge = path.edges.find(({ from }) => from === node.id);
        const cable = cables.find(({ id }) => id === edge?.cableId);
        return [
          port === undefined ? '?' : `${port.owner.name}:${port.name}`,
          ...(cable === undefined ? [] : [`${cable.label || cable.kind}${cable.planned ? '*' : ''}`]),
        ];
      })
      .join(' '),
  );
}
const linked = await db
  .selectFrom('link_ends')
  .innerJoin('ports', 'ports.id', 'link_ends.port_id')
  .innerJoin('outlets', 'outlets.id', 'ports.outlet_id')
  .innerJoin('link_ends as front', (join) =>
    join.onRef('front.port_id', '=', 'ports.id').on('front.port_side', '=', 'front'),
  )
  .select(['outlets.name', 'outlets.id', 'ports.id as port_id', 'ports.name as port'])
  .execute();

describe('the paths of a reply', () => {
  test('each once, from whatever port of it they are asked for', async () => {
    const whole = await traceToday(db, { ports: [await portId('acc-ug-1:1/1/1')], cables: [] });
    expect(whole.paths).toHaveLength(1);
    const ids = whole.ports.map(({ id }) => id);
    expect(ids.length).toBeGreaterThan(2);
    const again = await traceToday(db, { ports: ids, cables: whole.cables.map(({ id }) => id) });
    expect(again.paths).toHaveLength(1);
    expect(new Set(again.ports.map(({ id }) => id))).toEqual(new Set(ids));
  });
  test('names all ports and cables that it touches, and a cable that is plugged in nowhere', async () => {
    let spare = 0;
    await inventory.changes.run(tester, async (change) => {
      [spare = 0] = await change.insert('link', [{ kind: 'patch', label: 'K-frei', status: 'spare' }]);
    });
    const reply = await traceToday(db, { ports: [], cables: [spare] });
    expect(reply.paths).toEqual([]);
    expect(reply.cables.map(({ label }) => label)).toEqual(['K-frei']);
  });
});

describe('after an order', () => {
  async function order(...changes: readonly PlannedChange[]): Promise<number> {
    let id = 0;
    await inventory.changes.run(tester, async (change) => {
      [id = 0] = await change.insert('order', [{ number: `T-${Math.random()}`, title: 'T', state: 'draft' }]);
      await change.insert(
        'order-item',
        changes.map((each, rank) => ({ order_id: id, rank, change: JSON.stringify(each) })),
      );
    });
    return id;
  }
  async function freePorts(device: string, count: number): Promise<number[]> {
    const rows = await db
      .selectFrom('ports')
      .innerJoin('devices', 'devices.id', 'ports.device_id')
      .leftJoin('link_ends', 'link_ends.port_id', 'ports.id')
      .select('ports.id')
      .where('devices.name', '=', device)
      .where('ports.kind', '=', 'network')
      .where('link_ends.id', 'is', null)
      .orderBy('ports.rank')
      .limit(count)
      .execute();
    return rows.map(({ id }) => id);
  }
  const cord = (
    a: number,
    b: number,
    label: string,
    portSide: 'front' | 'rear' = 'front',
  ): PlannedChange => ({
    action: 'add-link',
    kind: 'patch',
    label,
    medium: null,
    color: null,
    lengthM: null,
    a: { portId: a, portSide: 'front', connector: 1 },
    b: { portId: b, portSide, connector: 1 },
  });

  test('a planned cord leads on to where nothing leads today, and its cable is told with it', async () => {
    const [a = 0] = await freePorts('acc-ug-1', 1);
    const [b = 0] = await freePorts('acc-ug-2', 1);
    const id = await order(cord(a, b, 'K-neu'));
    const today = await traceToday(db, { ports: [a], cables: [] });
    expect(today.paths[0]?.edges).toEqual([]);
    const after = await traceAfter(db, { ports: [a], cables: [] }, id);
    const [path] = told(after);
    expect(path).toContain('K-neu*');
    expect(path).toContain('acc-ug-2');
    expect(after.paths[0]?.active).toBe(false);
    const planned = after.cables.find(({ planned: yes }) => yes);
    // The planned cable can be asked for by its own number.
    expect(told(await traceAfter(db, { ports: [], cables: [planned?.id ?? 0] }, id))).toEqual([path]);
  });
  test('a cord that is moved leaves one place and leads on from the other, asked for at either', async () => {
    const moved = await linkAt('acc-ug-1:1/1/1');
    const [free = 0] = await freePorts('acc-ug-2', 1);
    const was = await portId('acc-ug-1:1/1/1');
    const ends = await db.selectFrom('link_ends').selectAll().where('link_id', '=', moved).execute();
    const side = ends.find((end) => end.port_id === was)?.side ?? 'a';
    const id = await order({
      action: 'move-link',
      linkId: moved,
      [side]: { portId: free, portSide: 'front', connector: 1 },
    });
    const before = await traceToday(db, { ports: [was], cables: [] });
    expect((await traceAfter(db, { ports: [was], cables: [] }, id)).paths[0]?.edges).toEqual([]);
    const after = await traceAfter(db, { ports: [free], cables: [] }, id);
    expect(after.paths[0]?.edges).toHaveLength(before.paths[0]?.edges.length ?? 0);
    expect(after.cables.find((cable) => cable.id === moved)?.planned).toBe(true);
    expect(told(await traceAfter(db, { ports: [], cables: [moved] }, id))).toHaveLength(1);
  });
  test('several planned cords follow one another', async () => {
    const [a = 0, b = 0] = await freePorts('acc-ug-1', 2);
    const { id: room } = await db.selectFrom('rooms').select('id').limit(1).executeTakeFirstOrThrow();
    await inventory.changes.run(tester, async (change) => {
      await change.insert('outlet', [{ name: 'T 9', room_id: room, jacks: 1 }]);
    });
    const jack = await portId('T 9:1');
    const id = await order(cord(a, jack, 'K-x'), cord(b, jack, 'K-y', 'rear'));
    const [path] = told(await traceAfter(db, { ports: [a], cables: [] }, id));
    expect(path).toContain('K-x*');
    expect(path).toContain('K-y*');
  });
  test('of an order that is not there it is said so', async () => {
    await expect(traceAfter(db, { ports: [1], cables: [] }, 99_999)).rejects.toThrow('no such order');
  });
});

describe('where a trace may begin', () => {
  const find = (query: string, sightings: SeenBehindPorts = nobody) =>
    findStarts({ db, search: inventory.search, sightings }, query);

  test('a port, however it is written', async () => {
    const id = await portId('acc-ug-1:1/1/1');
    for (const query of ['acc-ug-1:1/1/1', 'acc-ug-1 1/1/1'])
      expect((await find(query))[0]).toMatchObject({ kind: 'port', ports: [id] });
  });
  test('a cable by its label', async () => {
    const [found] = await find('K-0071');
    expect(found).toMatchObject({ kind: 'link', name: 'K-0071' });
    expect(found?.cableId).toBe(found?.id);
    expect(found?.ports).toHaveLength(2);
  });
  test('an outlet, a device and a room, with the ports that lead anywhere', async () => {
    const [outlet] = linked;
    expect((await find(outlet?.name ?? ''))[0]).toMatchObject({ kind: 'outlet', id: outlet?.id });
    expect((await find('acc-ug-1'))[0]?.kind).toBe('device');
    const room = (await find('Bürgerbüro')).find(({ kind }) => kind === 'room');
    expect(room?.ports.length).toBeGreaterThan(0);
  });
  test('a person, with everything this person answers for', async () => {
    const devices = await db.selectFrom('devices').select('id').limit(2).orderBy('id').execute();
    await inventory.changes.run(tester, async (change) => {
      for (const { id } of devices) await change.update('device', id, { person_in_charge: 'Fr. Öztürk' });
    });
    const found = await find('öztürk');
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ kind: 'person', name: 'Fr. Öztürk' });
    const ports = await portsOf(db, { devices: devices.map(({ id }) => id), outlets: [], rooms: [] }, 100);
    expect(new Set(found[0]?.ports)).toEqual(new Set(ports));
  });
  test('a MAC address where it is documented, else where it was seen last, and an IP address by it', async () => {
    const port = await portId('acc-ug-1:1/1/1');
    const device = await db
      .selectFrom('devices')
      .select('id')
      .where('name', '=', 'acc-ug-1')
      .executeTakeFirstOrThrow();
    const mac = '3c:2a:f4:00:12:9e';
    const seen: SeenBehindPorts = {
      all: async () =>
        new Map([
          [
            device.id,
            {
              deviceId: device.id,
              time: 1,
              ports: [{ name: '1/1/1', count: 1, macs: [{ mac, vlan: 20 }] }],
              addresses: [{ address: '10.20.30.40', mac }],
            },
          ],
        ]),
    };
    expect(await find('3c2a.f400.129e', seen)).toMatchObject([{ kind: 'mac', id: 0, ports: [port] }]);
    expect(await find('10.20.30.40', seen)).toMatchObject([{ kind: 'address', id: 0, ports: [port] }]);
    const documented = await portId('acc-ug-2:Gi1/0/2');
    await inventory.changes.run(tester, async (change) => {
      await change.update('port', documented, { mac: 'aa:bb:cc:00:11:22' });
    });
    expect((await find('AA-BB-CC-00-11-22'))[0]).toMatchObject({ kind: 'port', ports: [documented] });
  });
  test('nothing for nothing', async () => {
    expect(await find('')).toEqual([]);
    expect(await find('zz nowhere')).toEqual([]);
  });
});
