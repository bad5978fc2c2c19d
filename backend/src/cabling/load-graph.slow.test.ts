import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Database } from '../database/tables.ts';
import type { Changes } from '../history/changes.ts';
import { emptyInventory, tester, townHallInventory } from '../inventory/testing.ts';
import { inOrder, KnownCables, type WiredEnd, wiresInARow } from './cable-graph.ts';
import { breakout, straight } from './lane-maps.ts';
import { loadGraphAround } from './load-graph.ts';
import { tracePort } from './trace.ts';

/** Everything that the database holds, read in the plainest way. */
async function wholeGraph(db: Database): Promise<KnownCables> {
  const ports = await db.selectFrom('ports').selectAll().execute();
  const wires = await db.selectFrom('port_wires').selectAll().execute();
  const links = await db.selectFrom('links').selectAll().execute();
  const ends = await db.selectFrom('link_ends').selectAll().execute();
  return new KnownCables(
    ports.map((port) => ({
      id: port.id,
      endpoint: port.two_sided === 0 && port.kind !== 'front' && port.kind !== 'rear',
      twoSided: port.two_sided === 1,
      lanes: port.lanes,
      wires:
        port.rear_port_id === null
          ? wires
              .filter((wire) => wire.port_id === port.id)
              .map((wire) => ({ lane: wire.lane, rearId: wire.rear_port_id, rearLane: wire.rear_lane }))
          : wiresInARow(port.lanes, port.rear_port_id, port.rear_lane ?? 1),
    })),
    links.map((link) => ({
      id: link.id,
      laneMap: link.lane_map === null ? null : JSON.parse(link.lane_map),
      provider: link.kind === 'provider',
      planned: false,
      length: link.length_m,
      toCheck: link.to_check === 1,
      ends: inOrder(
        ends
          .filter((end) => end.link_id === link.id)
          .map(
            (end): WiredEnd => ({
              side: end.side,
              connector: end.connector,
              portId: end.port_id,
              portSide: end.port_side,
            }),
          ),
      ),
    })),
  );
}

test('every port of the town hall traces alike from what is around it and from all there is', async () => {
  const { db } = await townHallInventory();
  const whole = await wholeGraph(db);
  const ids = [...whole.ports()].map((port) => port.id);
  expect(ids.length).toBeGreaterThan(900);
  for (const id of ids) {
    const around = await loadGraphAround(db, [id]);
    expect(tracePort(around, id), `port ${id}`).toEqual(tracePort(whole, id));
  }
});

/** A room of panels with trunks, splices and breakouts, and who wants to be joined. */
async function panels(changes: Changes, db: Database): Promise<number[]> {
  await changes.run(tester, async (change) => {
    const [site = 0] = await change.insert('site', [{ name: 'S' }]);
    const [building = 0] = await change.insert('building', [{ site_id: site, name: 'B' }]);
    const [floor = 0] = await change.insert('floor', [{ building_id: building, name: 'F' }]);
    const [room = 0] = await change.insert('room', [{ floor_id: floor, name: 'R' }]);
    const [outlet = 0] = await change.insert('outlet', [{ name: 'O', room_id: room, jacks: 1 }]);
    const port = (name: string, more: object) => ({ outlet_id: outlet, name, rank: 0, ...more });
    const rears = await change.insert(
      'port',
      [1, 2, 4, 4, 2].map((lanes, n) => port(`R${n}`, { kind: 'rear', lanes })),
    );
    const behind = [
      [0, 1, 1],
      [1, 1, 1],
      [1, 2, 1],
      [2, 1, 1],
      [2, 2, 2],
      [3, 1, 4],
      [4, 2, 1],
    ] as const;
    await change.insert('port', [
      ...behind.map(([rear, lane, lanes], n) =>
        port(`F${n}`, { kind: 'front', lanes, rear_port_id: rears[rear] ?? 0, rear_lane: lane }),
      ),
      ...[1, 1, 2, 4, 1, 1].map((lanes, n) => port(`E${n}`, { kind: 'network', lanes })),
      ...[0, 1, 2].map((n) => port(`J${n}`, { kind: 'network', two_sided: 1 })),
    ]);
    const [crosswise = 0] = await change.insert('port', [port('F9', { kind: 'front', lanes: 3 })]);
    await change.insert('port-wire', [
      { port_id: crosswise, lane: 1, rear_port_id: rears[2] ?? 0, rear_lane: 4 },
      { port_id: crosswise, lane: 2, rear_port_id: rears[4] ?? 0, rear_lane: 1 },
    ]);
  });
  return (await db.selectFrom('ports').select('id').orderBy('id').execute()).map((row) => row.id);
}

const Edit = fc.record({
  deed: fc.constantFrom('join', 'join', 'join', 'take', 'undo'),
  a: fc.array(fc.nat(40), { minLength: 1, maxLength: 3 }),
  b: fc.array(fc.nat(40), { minLength: 0, maxLength: 3 }),
  map: fc.constantFrom(null, 'straight', 'breakout'),
});

test('after any edits, what is around a port traces as all there is', { timeout: 300_000 }, async () => {
  let edits = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(Edit, { minLength: 20, maxLength: 30 }), async (sequence) => {
      const { db, inventory } = await emptyInventory();
      const { changes } = inventory;
      const ids = await panels(changes, db);
      const done: number[] = [];
      for (const { deed, a, b, map } of sequence) {
        edits++;
        if (deed === 'undo') {
          const last = done.pop();
          if (last !== undefined) await changes.undo(last, tester);
          continue;
        }
        const { changeId } = await changes.run(tester, async (change) => {
          const ends = await portsTaken(change.tx);
          if (deed === 'take') {
            const [link] = await change.tx.selectFrom('links').select('id').orderBy('id').limit(1).execute();
            if (link) await change.remove('link', [link.id]);
            return;
          }
          const free = (side: 'a' | 'b', picks: readonly number[]) =>
            picks.flatMap((pick, index) => {
              const port = ids[pick % ids.length] ?? 0;
              if (ends.has(port)) return [];
              ends.add(port);
              return [{ side, connector: index + 1, port_id: port, port_side: 'front' as const }];
            });
          const both = [...free('a', a), ...free('b', b)];
          if (both.length === 0) return;
          const laneMap =
            map === null ? null : map === 'straight' ? straight(3, 2) : breakout(Math.max(1, b.length));
          const [link = 0] = await change.insert('link', [
            { kind: 'patch', label: '', lane_map: laneMap === null ? null : JSON.stringify(laneMap) },
          ]);
          await change.insert(
            'link-end',
            both.map((end) => ({ ...end, link_id: link })),
          );
        });
        if (changeId !== null && deed === 'join') done.push(changeId);
        else if (changeId !== null) done.length = 0;
      }
      const whole = await wholeGraph(db);
      for (const id of ids)
        expect(tracePort(await loadGraphAround(db, [id]), id), `port ${id}`).toEqual(tracePort(whole, id));
      await db.destroy();
    }),
    { numRuns: 50, endOnFailure: true },
  );
  expect(edits).toBeGreaterThanOrEqual(1000);
});

async function portsTaken(db: Database): Promise<Set<number>> {
  return new Set((await db.selectFrom('link_ends').select('port_id').execute()).map((row) => row.port_id));
}
