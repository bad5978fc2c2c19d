import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadInventory } from '@rackhaus/config/inventory-file';
import { sampleTownHallFolder, sampleTownHallPlans } from '@rackhaus/config/sample-town-hall';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../database/tables.ts';
import type { Changes } from '../../history/changes.ts';
import { AppError } from '../../problem.ts';
import { tester, townHallInventory } from '../testing.ts';
import { planList } from './list.ts';
import { bringPlansIn } from './sample-plans.ts';
import { planView } from './view.ts';

describe('floor plans', () => {
  let db: Database;
  let changes: Changes;
  let documents: string;

  beforeAll(async () => {
    const town = await townHallInventory();
    db = town.db;
    changes = town.inventory.changes;
    documents = await mkdtemp(join(tmpdir(), 'rackhaus-documents-'));
    const plans = sampleTownHallPlans(await loadInventory(sampleTownHallFolder));
    await bringPlansIn({ changes, documents, plans });
    await bringPlansIn({ changes, documents, plans });
  }, 60_000);
  afterAll(async () => {
    await db.destroy();
    await rm(documents, { recursive: true });
  });

  const floors = async () =>
    (await planList(db)).sites.flatMap((site) => site.buildings.flatMap((building) => building.floors));
  const planOf = async (floor: string) => {
    const id =
      (await floors()).find(({ name, plans }) => name === floor && plans.length > 0)?.plans[0]?.id ?? 0;
    return planView(db, id);
  };
  const refused = async (work: Promise<unknown>) =>
    work.then(
      () => 'written',
      (error: unknown) => (error instanceof AppError ? error.details.reason : String(error)),
    );
  const mark = (planId: number, values: object) =>
    changes.run(tester, (change) => change.insert('plan-mark', [{ plan_id: planId, turn: 0, ...values }]));

  it('are there once for each floor, however often they are brought in', async () => {
    const list = await floors();
    expect(list.filter(({ plans }) => plans.length === 1)).toHaveLength(4);
    expect(list.find(({ name }) => name === '1. Obergeschoss')?.plans[0]).toMatchObject({
      rooms: 14,
      points: 40,
    });
  });

  it('show what is on them, what could be, and where outlets lead', async () => {
    const view = await planOf('Erdgeschoss');
    expect(view.marks).toHaveLength(54);
    expect(view.rooms).toHaveLength(14);
    expect(
      view.outlets.flatMap(({ ports }) => ports).some((port) => port.end?.deviceName.startsWith('acc-')),
    ).toBe(true);
    expect(view.devices.find(({ name }) => name === 'ap-eg-1')).toMatchObject({
      role: 'access-point',
      monitored: true,
    });
  });

  it('take a room as corners and all else as one point, on the picture', async () => {
    const view = await planOf('Untergeschoss');
    const rack = view.racks[0]?.id ?? 0;
    const room = view.rooms[0]?.id ?? 0;
    const at = (points: unknown) => ({ points: JSON.stringify(points) });
    expect(await refused(mark(view.id, { room_id: room, ...at([[1, 1]]) }))).toBe('mark-points');
    expect(
      await refused(
        mark(view.id, {
          rack_id: rack,
          ...at([
            [1, 1],
            [2, 2],
          ]),
        }),
      ),
    ).toBe('mark-points');
    expect(await refused(mark(view.id, { rack_id: rack, ...at([[-5, 10]]) }))).toBe('mark-outside');
    expect(await refused(mark(view.id, { rack_id: rack, room_id: room, ...at([[1, 1]]) }))).toBe(
      'mark-of-one',
    );
    expect(await refused(mark(view.id, { rack_id: rack, ...at([[10, 10]]) }))).toBe('taken');
  });

  it('are pictures', async () => {
    const view = await planOf('Untergeschoss');
    const work = changes.run(tester, async (change) => {
      const [id] = await change.insert('document', [
        { hash: 'a'.repeat(64), media_type: 'text/csv', size: 1 },
      ]);
      await change.update('floor-plan', view.id, { document_id: id ?? 0 });
    });
    expect(await refused(work)).toBe('no-picture');
  });

  it('go with everything on them, and come back with it', async () => {
    const before = await planOf('2. Obergeschoss');
    const { changeId } = await changes.run(tester, (change) => change.remove('floor-plan', [before.id]));
    expect(await refused(planView(db, before.id))).toBe(undefined);
    await changes.undo(changeId ?? 0, tester);
    const after = await planOf('2. Obergeschoss');
    expect(after.marks.map(({ kind, subjectId, points }) => ({ kind, subjectId, points }))).toEqual(
      before.marks.map(({ kind, subjectId, points }) => ({ kind, subjectId, points })),
    );
  });
});
