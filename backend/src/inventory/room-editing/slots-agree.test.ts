import { rackSlots, slotKey } from '@rackhaus/config/contract';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AppError } from '../../problem.ts';
import { tester, townHallInventory } from '../testing.ts';

const { db, inventory } = await townHallInventory();

/** Devices of different forms in one rack of nine units, all of them on the shelf at first. */
const rack = await db.selectFrom('racks').select(['id', 'room_id']).orderBy('id').executeTakeFirstOrThrow();
const heightU = 9;
const like = await db.selectFrom('devices').selectAll().executeTakeFirstOrThrow();
const forms = await db
  .selectFrom('device_types')
  .select((type) => [type.fn.min('id').as('id'), 'form', 'u_height', 'full_depth'])
  .where('form', '!=', 'none')
  .where('u_height', '<=', 3)
  .groupBy(['form', 'u_height', 'full_depth'])
  .execute();
const made = await inventory.changes.run(tester, async (change) => {
  const [rackId = 0] = await change.insert('rack', [
    { room_id: rack.room_id, name: 'Probe', purpose: null, height_u: heightU, rank: 9 },
  ]);
  const { id: _, version: __, ...row } = like;
  const shelf = { room_id: null, rack_id: null, position: null, face: 'front', side: 'full' };
  const devices = forms.flatMap(({ id }) =>
    [1, 2].map((n) => ({ ...row, ...shelf, name: `probe ${id} ${n}`, type_id: id })),
  );
  return { rackId, ids: await change.insert('device', devices) };
});
const { rackId, ids } = made.result;

test('the database refuses a place exactly when a screen would say that it is taken or stands out', async () => {
  const types = new Map(
    (
      await db
        .selectFrom('devices')
        .innerJoin('device_types', 'device_types.id', 'devices.type_id')
        .select(['devices.id', 'form', 'u_height', 'full_depth'])
        .where('devices.id', 'in', ids)
        .execute()
    ).map((row) => [row.id, row]),
  );
  const move = fc.record({
    id: fc.constantFrom(...ids),
    halves: fc.integer({ min: 2, max: 19 }),
    face: fc.constantFrom('front' as const, 'rear' as const),
    half: fc.constantFrom('left' as const, 'right' as const),
  });
  const standing = new Map<number, readonly string[]>();
  await fc.assert(
    fc.asyncProperty(fc.array(move, { maxLength: 12 }), async (moves) => {
      for (const { id, halves, face, half } of moves) {
        const type = types.get(id);
        if (type === undefined) throw new Error(`there is no device ${id}`);
        const position = type.form === 'vertical' ? null : halves / 2;
        const side = type.form === 'full' ? ('full' as const) : half;
        const at = { position, face, side };
        const own = rackSlots({
          ...at,
          form: type.form,
          uHeight: type.u_height,
          fullDepth: type.full_depth === 1,
        }).map(slotKey);
        const others = new Set([...standing].flatMap(([other, slots]) => (other === id ? [] : slots)));
        const inside = position === null || position + type.u_height - 1 <= heightU;
        const fits = inside && own.every((slot) => !others.has(slot));
        const done = await inventory.changes
          .run(tester, (change) => change.update('device', id, { rack_id: rackId, ...at }))
          .then(() => true)
          .catch((error: unknown) => {
            if (error instanceof AppError && ['occupied', 'beyond-rack'].includes(error.details.reason ?? ''))
              return false;
            throw error;
          });
        expect(done).toBe(fits);
        if (done) standing.set(id, own);
      }
    }),
    { numRuns: 40 },
  );
  expect(new Set(forms.map(({ form }) => form))).toEqual(new Set(['full', 'half', 'vertical']));
});
