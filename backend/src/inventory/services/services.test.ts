import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../database/tables.ts';
import type { Changes } from '../../history/changes.ts';
import { AppError } from '../../problem.ts';
import { tester, townHallInventory } from '../testing.ts';
import { dependentsOf, wayBetween } from './needs.ts';
import { serviceList, servicesOfDevice } from './views.ts';

describe('services', () => {
  let db: Database;
  let changes: Changes;

  beforeAll(async () => {
    const town = await townHallInventory();
    db = town.db;
    changes = town.inventory.changes;
  }, 60_000);
  afterAll(() => db.destroy());

  const idOf = async (name: string) =>
    (await serviceList(db)).services.find((service) => service.name === name)?.id ?? 0;
  const need = async (from: string, to: string) => {
    const row = { service_id: await idOf(from), needs_id: await idOf(to) };
    return changes.run(tester, (change) => change.insert('service-need', [row]));
  };

  it('come with the inventory file: what they run on, what they need, who needs them', async () => {
    const { services } = await serviceList(db);
    const internet = services.find(({ name }) => name === 'Internetzugang');
    expect(internet).toMatchObject({
      importance: 'high',
      needs: [{ name: 'Hausnetz' }],
      devices: [
        { name: 'firewall-a', monitored: true },
        { name: 'firewall-b' },
        { name: 'router-glasfaser' },
        { name: 'router-vdsl' },
      ],
    });
    expect(internet?.neededBy.map(({ name }) => name).sort()).toEqual([
      'Finanzverfahren',
      'Telefonie',
      'WLAN im Rathaus',
    ]);
    expect(services[0]?.importance).toBe('high');
    expect(services.at(-1)?.importance).toBe('low');
  });

  it('are found from a device, first those on it, then those that need them and how', async () => {
    const device = await db
      .selectFrom('devices')
      .select('id')
      .where('name', '=', 'firewall-a')
      .executeTakeFirstOrThrow();
    const { services } = await servicesOfDevice(db, device.id);
    expect(services[0]).toMatchObject({ name: 'Internetzugang', direct: true, through: [] });
    expect(services.find(({ name }) => name === 'Telefonie')).toMatchObject({
      direct: false,
      through: [{ name: 'Internetzugang' }],
    });
    await expect(servicesOfDevice(db, 999_999)).rejects.toThrow(/no device/);
  });

  it('cannot need each other in a circle, nor themselves', async () => {
    const refused = await need('Hausnetz', 'Telefonie').catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(AppError);
    if (!(refused instanceof AppError)) return;
    expect(refused.details.reason).toBe('circle');
    const names = refused.details.blocking?.map(({ name }) => name) ?? [];
    expect(names[0]).toBe('Hausnetz');
    expect(names).toContain('Telefonie');
    await expect(need('Hausnetz', 'Hausnetz')).rejects.toThrow(/need itself/);
  });

  it('cannot be made into a circle by two needs of one change', async () => {
    const [a, b] = [await idOf('Bezahldienst'), await idOf('Online-Termine')];
    const both = changes.run(tester, (change) =>
      change.insert('service-need', [
        { service_id: a, needs_id: b },
        { service_id: b, needs_id: a },
      ]),
    );
    await expect(both).rejects.toThrow(/circle/);
  });
});

describe('chains of needs', () => {
  it('are shortest, and end at the cause', () => {
    const needs = [
      { from: 1, to: 2 },
      { from: 2, to: 3 },
      { from: 1, to: 3 },
    ];
    expect(dependentsOf(needs, [3])).toEqual([
      { id: 3, through: [] },
      { id: 2, through: [3] },
      { id: 1, through: [3] },
    ]);
  });

  it('are there exactly when one can be walked', () => {
    const id = fc.integer({ min: 0, max: 7 });
    const edge = fc.record({ from: id, to: id });
    fc.assert(
      fc.property(fc.array(edge, { maxLength: 20 }), id, id, (edges, start, goal) => {
        const way = wayBetween(
          Map.groupBy(edges, ({ from }) => from),
          start,
          goal,
        );
        const reached = dependentsOf(edges, [goal]).some((each) => each.id === start);
        expect(way !== null).toBe(reached);
        for (const [index, to] of (way ?? []).entries()) {
          const from = way?.[index - 1];
          if (from !== undefined) expect(edges).toContainEqual({ from, to });
        }
      }),
    );
  });
});
