import { fieldsOf, recordKinds } from '@rackhaus/config/contract';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Change } from '../../history/change.ts';
import type { Inventory } from '../inventory.ts';
import { emptyInventory, tester, townHallInventory, types } from '../testing.ts';
import { bringIn } from './bring.ts';
import { exportInventory } from './export.ts';
import { ExchangeFile, exchangeOrder } from './file.ts';

/** The same records with their ids in the place of which they come: two inventories with the same content give the same. */
function canonical(file: ExchangeFile): unknown {
  const numbers = new Map<string, number>();
  const texts = new Map<string, string>();
  const text = (kind: string, id: number): string => texts.get(`${kind}/${id}`) ?? `?${kind}`;
  const out: Record<string, string[]> = {};
  for (const kind of exchangeOrder) {
    // Front ports name their rear ports.
    const list = (file.records[kind] ?? []).toSorted((a, b) =>
      kind === 'port' ? Number(a.rearPortId !== null) - Number(b.rearPortId !== null) : 0,
    );
    const own = list.map((record) => {
      const values: Record<string, unknown> = {};
      for (const [name, { meta }] of fieldsOf(kind)) {
        const value = record[name];
        const to =
          meta.type === 'ref' ? meta.to : name === 'subjectId' ? String(record.subjectKind) : undefined;
        values[name] = to === undefined || typeof value !== 'number' ? value : text(to, value);
      }
      const said = JSON.stringify(values);
      // Links have nothing of their own that tells them apart: their ends do.
      texts.set(`${kind}/${record.id}`, kind === 'link' ? `link ${numbers.size}` : said);
      return said;
    });
    out[kind] = kind === 'link' || kind === 'link-end' ? [] : own.toSorted();
  }
  out.cables = cables(file, text).toSorted();
  return out;
}

function cables(file: ExchangeFile, text: (kind: string, id: number) => string): string[] {
  return (file.records.link ?? []).map(({ id, ...link }) => {
    const ends = (file.records['link-end'] ?? []).filter((end) => end.linkId === id);
    return JSON.stringify([
      link,
      ends.map((end) => [end.side, end.connector, end.portSide, text('port', Number(end.portId))]).toSorted(),
    ]);
  });
}

async function into(inventory: Inventory, file: ExchangeFile) {
  const parsed = ExchangeFile.parse(JSON.parse(JSON.stringify(file)));
  return inventory.changes.run(tester, (change) => bringIn(change, parsed));
}

/** A panel that hangs nowhere. @returns its front ports */
async function panel(change: Change): Promise<number[]> {
  const definition = JSON.stringify(types.get('generic-copper-panel-24'));
  const [type = 0] = await change.insert('device-type', [{ definition }]);
  const [device = 0] = await change.insert('device', [{ name: 'P', type_id: type, role: 'panel' }]);
  const ports = await change.rows.byIds('ports', [device], 'device_id');
  return ports.filter(({ kind }) => kind === 'front').map(({ id }) => id);
}

/** A cord with as many ends as ports are given. */
async function cord(change: Change, label: string, ports: readonly number[]): Promise<void> {
  const [link = 0] = await change.insert('link', [{ kind: 'patch', label }]);
  await change.insert(
    'link-end',
    ports.map((port, index) => ({
      link_id: link,
      side: index === 0 ? 'a' : 'b',
      port_id: port,
      port_side: 'front',
    })),
  );
}

async function empty() {
  const made = await emptyInventory();
  onTestFinished(() => made.db.destroy());
  return made;
}

describe('an export', () => {
  test('holds every kind except change orders and what is set about alerting, in an order in which it can be written', () => {
    const stays = [
      'order',
      'order-item',
      'order-step',
      'rule-limit',
      'maintenance',
      'rota',
      'rota-change',
      'escalation',
    ];
    expect([...exchangeOrder, ...stays].toSorted()).toEqual(recordKinds.toSorted());
  });

  test('of cables with one end or none comes back, and one with a label is moved, not made anew', async () => {
    const one = await empty();
    const { result: ports } = await one.inventory.changes.run(tester, panel);
    const at = (...wanted: number[]) => wanted.map((index) => ports[index] ?? 0);
    await one.inventory.changes.run(tester, async (change) => {
      await cord(change, 'moves', at(0, 1));
      await cord(change, 'will hang', at(2, 3));
      await cord(change, 'hangs', at(4));
      await cord(change, 'spare', at());
      await cord(change, '', at());
    });
    const other = await empty();
    await into(other.inventory, await exportInventory(one.db));
    expect(canonical(await exportInventory(other.db))).toEqual(canonical(await exportInventory(one.db)));

    const idsByLabel = async ({ db }: typeof one) =>
      new Map(
        (await db.selectFrom('links').select(['label', 'id']).execute()).map((row) => [row.label, row.id]),
      );
    const before = await idsByLabel(other);
    const links = await idsByLabel(one);
    await one.inventory.changes.run(tester, async (change) => {
      const endOf = async (label: string, side: string) =>
        (await change.rows.byIds('link_ends', [links.get(label) ?? 0], 'link_id')).find(
          (end) => end.side === side,
        )?.id ?? 0;
      await change.update('link-end', await endOf('moves', 'b'), { port_id: ports[5] ?? 0 });
      await change.remove('link-end', [await endOf('will hang', 'a')]);
      await change.insert('link-end', [
        { link_id: links.get('spare') ?? 0, side: 'a', port_id: ports[1] ?? 0, port_side: 'front' },
      ]);
    });
    const { result } = await into(other.inventory, await exportInventory(one.db));
    expect(result).toMatchObject({ created: 0, updated: 3, remarks: [] });
    expect(canonical(await exportInventory(other.db))).toEqual(canonical(await exportInventory(one.db)));
    expect(await idsByLabel(other)).toEqual(before);
  });

  test('of the town hall comes back whole, and a second time changes nothing', async () => {
    const { db } = await townHallInventory();
    onTestFinished(() => db.destroy());
    const file = await exportInventory(db);
    // Their secrets stay at home, so the other side has to have them already.
    const other = await empty();
    await other.inventory.changes.run(tester, (change) =>
      change.insert(
        'credential',
        (file.records.credential ?? []).map(({ name, protocol }) => ({
          name: String(name),
          protocol: String(protocol),
          sealed: 'x',
        })),
      ),
    );
    const first = await into(other.inventory, file);
    expect(first.result.remarks).toEqual([]);
    expect(canonical(await exportInventory(other.db))).toEqual(canonical(file));
    const again = await into(other.inventory, file);
    expect(again.changeId).toBeNull();
    expect(again.result).toMatchObject({ created: 0, updated: 0 });
  });

  test('names credentials that are not there, and leaves out what needs them', async () => {
    const { db } = await townHallInventory();
    onTestFinished(() => db.destroy());
    const other = await empty();
    const { result } = await into(other.inventory, await exportInventory(db));
    expect(result.remarks).toContainEqual(
      expect.objectContaining({ message: expect.stringContaining('secrets are not exported') }),
    );
    const polled = await other.db.selectFrom('device_monitoring').select('credential_id').execute();
    expect(polled).toHaveLength(47);
    expect(polled.every((row) => row.credential_id === null)).toBe(true);
  });

  test('that was tampered with is told where, and nothing is written', async () => {
    const other = await empty();
    const wrong = ExchangeFile.parse({
      rackhaus: 1,
      records: {
        site: [{ id: 1, name: 'S', colour: 'red' }],
        building: [{ id: 1, siteId: 9, name: 'B' }],
      },
    });
    await expect(into(other.inventory, wrong)).rejects.toThrow('site[0]: colour is not known here');
    expect(await other.db.selectFrom('sites').selectAll().execute()).toEqual([]);
  });

  test('of any inventory comes back the same', async () => {
    const typeFile = types.get('generic-copper-panel-24');
    const name = fc.stringMatching(/^[a-zäß0-9=+@;"' -]{1,12}$/).filter((text) => text.trim() !== '');
    const inventoryOf = fc.record({
      sites: fc.uniqueArray(name, { minLength: 1, maxLength: 3, selector: (text) => text.trim() }),
      racks: fc.uniqueArray(name, { minLength: 1, maxLength: 4, selector: (text) => text.trim() }),
      devices: fc.uniqueArray(
        fc.record({
          name,
          serial: fc.option(name, { nil: null }),
          status: fc.constantFrom('planned', 'active'),
        }),
        { maxLength: 8, selector: (device) => device.name.trim() },
      ),
      vlans: fc.uniqueArray(fc.integer({ min: 1, max: 4094 }), { maxLength: 4 }),
      spare: fc.array(fc.record({ name, quantity: fc.nat(20) }), { maxLength: 4 }),
      cords: fc.array(fc.tuple(fc.nat(7), fc.nat(7)), { maxLength: 5 }),
      notes: fc.array(name, { maxLength: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(inventoryOf, async (wanted) => {
        const one = await emptyInventory();
        const other = await emptyInventory();
        try {
          await one.inventory.changes.run(tester, async (change) => {
            const trimmed = (text: string) => text.trim();
            const sites = await change.insert(
              'site',
              wanted.sites.map((text) => ({ name: trimmed(text) })),
            );
            const [building = 0] = await change.insert('building', [{ site_id: sites[0] ?? 0, name: 'B' }]);
            const [floor = 0] = await change.insert('floor', [{ building_id: building, name: 'F' }]);
            const [room = 0] = await change.insert('room', [{ floor_id: floor, name: 'R' }]);
            const racks = await change.insert(
              'rack',
              wanted.racks.map((text) => ({ room_id: room, name: trimmed(text) })),
            );
            const [type = 0] = await change.insert('device-type', [{ definition: JSON.stringify(typeFile) }]);
            const devices = await change.insert(
              'device',
              wanted.devices.map((device, index) => ({
                name: trimmed(device.name),
                serial: device.serial === null ? null : trimmed(device.serial),
                status: device.status,
                type_id: type,
                role: 'panel',
                ...(index % 3 === 2
                  ? {}
                  : { rack_id: racks[index % racks.length] ?? null, position: 1 + index }),
              })),
            );
            await change.insert(
              'vlan',
              wanted.vlans.map((vid) => ({ vid, name: `V${vid}` })),
            );
            await change.insert(
              'spare-part',
              wanted.spare.map((part) => ({ ...part, name: trimmed(part.name) })),
            );
            for (const [index, [a, b]] of wanted.cords.entries()) {
              const ports = await Promise.all(
                [a, b].map((n) => change.rows.byIds('ports', [devices[n] ?? 0], 'device_id')),
              );
              const ends = ports.map((list, side) => list[index * 2 + side]);
              if (ends.some((port) => port === undefined)) continue;
              const [link = 0] = await change.insert('link', [{ kind: 'patch', label: `K${index}` }]);
              await change.insert(
                'link-end',
                ends.map((port, side) => ({
                  link_id: link,
                  side: side === 0 ? 'a' : 'b',
                  port_id: port?.id ?? 0,
                  port_side: 'front',
                })),
              );
            }
            await change.insert(
              'note',
              wanted.notes.map((text, time) => ({
                subject_kind: 'room',
                subject_id: room,
                text,
                author: 'a',
                time,
              })),
            );
          });
          const file = await exportInventory(one.db);
          await into(other.inventory, file);
          expect(canonical(await exportInventory(other.db))).toEqual(canonical(file));
        } finally {
          await one.db.destroy();
          await other.db.destroy();
        }
      }),
      { numRuns: 15 },
    );
  });
});
