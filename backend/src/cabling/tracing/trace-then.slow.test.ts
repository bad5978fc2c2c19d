import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Database } from '../../database/tables.ts';
import { Changes } from '../../history/changes.ts';
import { recordSpecs } from '../../inventory/records/index.ts';
import { tester, townHallInventory } from '../../inventory/testing.ts';
import { AppError } from '../../problem.ts';
import { traceThen, traceToday } from './trace-reply.ts';

/** What may happen to cabling; the numbers choose among what is there. */
const Deed = fc.record({
  deed: fc.constantFrom('unplug', 'plug', 'move', 'relabel', 'rename', 'remove device', 'undo'),
  a: fc.nat(10_000),
  b: fc.nat(10_000),
});

test('what was traced at any time is what is traced as of that time', { timeout: 300_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(Deed, { minLength: 8, maxLength: 15 }), fc.nat(10_000), async (deeds, seed) => {
      const { db } = await townHallInventory();
      let time = Date.now() + 60_000;
      const changes = new Changes({ db, specs: recordSpecs, now: () => time, committed: () => undefined });
      const ids = await db.selectFrom('ports').select('id').orderBy('id').execute();
      const ports = Array.from({ length: 12 }, (_, n) => ids[(seed + n * 83) % ids.length]?.id ?? 0);
      const links = await db.selectFrom('links').select('id').orderBy('id').execute();
      const cables = Array.from({ length: 6 }, (_, n) => links[(seed + n * 41) % links.length]?.id ?? 0);
      const asked = [
        ...ports.map((port) => ({ ports: [port], cables: [] })),
        ...cables.map((cable) => ({ ports: [], cables: [cable] })),
      ];
      const taken: { time: number; replies: unknown[] }[] = [];
      const take = async () => {
        const replies = [];
        for (const starts of asked) replies.push(sorted(await traceToday(db, starts)));
        taken.push({ time, replies });
      };
      await take();
      for (const deed of deeds) {
        time += 1000;
        await doIt(db, changes, deed, ports).catch((error: unknown) => {
          // What the rules refuse leaves everything as it was.
          if (!(error instanceof AppError)) throw error;
        });
        await take();
      }
      for (const then of taken)
        for (const [index, starts] of asked.entries()) {
          const reply = await traceThen({ db, specs: recordSpecs }, starts, then.time);
          expect(sorted(reply), JSON.stringify(starts)).toEqual(then.replies[index]);
        }
      await db.destroy();
    }),
    { numRuns: 12, endOnFailure: true },
  );
});

async function doIt(
  db: Database,
  changes: Changes,
  { deed, a, b }: { deed: string; a: number; b: number },
  near: readonly number[],
): Promise<void> {
  const pick = <T>(from: readonly T[], index: number) => from[index % Math.max(1, from.length)];
  if (deed === 'undo') {
    const last = await db
      .selectFrom('changes')
      .select('id')
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst();
    // The import itself stays.
    if (last !== undefined && last.id > 3) await changes.undo(last.id, tester);
    return;
  }
  const ends = await db.selectFrom('link_ends').selectAll().orderBy('id').execute();
  const nearEnds = ends.filter((end) => near.includes(end.port_id));
  const end = pick(nearEnds.length > 0 && a % 2 === 0 ? nearEnds : ends, a);
  if (end === undefined) return;
  const taken = new Set(ends.map((each) => `${each.port_id}/${each.port_side}`));
  const free = (await db.selectFrom('ports').select('id').orderBy('id').execute()).filter(
    ({ id }) => !taken.has(`${id}/front`),
  );
  await changes.run(tester, async (change) => {
    switch (deed) {
      case 'unplug':
        await change.remove('link', [end.link_id]);
        return;
      case 'plug': {
        const [from, to] = [pick(free, a), pick(free, b)];
        if (from === undefined || to === undefined || from.id === to.id) return;
        const [link = 0] = await change.insert('link', [
          { kind: 'patch', label: `N-${a}-${b}`, length_m: 2 },
        ]);
        await change.insert('link-end', [
          { link_id: link, side: 'a', port_id: from.id, port_side: 'front' },
          { link_id: link, side: 'b', port_id: to.id, port_side: 'front' },
        ]);
        return;
      }
      case 'move': {
        const to = pick(free, b);
        if (to !== undefined && end.port_side === 'front')
          await change.update('link-end', end.id, { port_id: to.id });
        return;
      }
      case 'relabel':
        await change.update('link', end.link_id, { label: `L-${a}-${b}`, length_m: b / 10 + 1, to_check: 1 });
        return;
      default: {
        const port = await change.tx
          .selectFrom('ports')
          .select('device_id')
          .where('id', '=', end.port_id)
          .executeTakeFirst();
        if (typeof port?.device_id !== 'number') return;
        if (deed === 'rename') await change.update('device', port.device_id, { name: `D-${a}-${b}` });
        else await change.remove('device', [port.device_id]);
      }
    }
  });
}

/** Names in the order of their numbers: in which order they are told says nothing. */
function sorted<T extends { ports: { id: number }[]; cables: { id: number }[] }>(reply: T) {
  const byId = (x: { id: number }, y: { id: number }) => x.id - y.id;
  return { ...reply, ports: reply.ports.toSorted(byId), cables: reply.cables.toSorted(byId) };
}
