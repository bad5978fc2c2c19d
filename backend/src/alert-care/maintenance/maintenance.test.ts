import type { Condition } from '@rackhaus/config/contract';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Database } from '../../database/tables.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import { emptyInventory, tester } from '../../inventory/testing.ts';
import { createMaintenance, type Maintenance } from './maintenance.ts';

const hour = 3_600_000;
let db: Database;
let inventory: Inventory;
let maintenance: Maintenance;
let told = 0;
const clock = { now: 1_790_000_000_000 };
const errors: unknown[] = [];

beforeEach(async () => {
  ({ db, inventory } = await emptyInventory());
  maintenance = createMaintenance({
    db,
    changes: inventory.changes,
    onCommit: (listener) => inventory.events.onChange(listener),
    interruptedBy: () => Promise.resolve([]),
    now: () => clock.now,
    onError: (_, error) => errors.push(error),
  });
  told = 0;
  maintenance.onChange(() => told++);
  await maintenance.start();
});
afterEach(async () => {
  await maintenance.stop();
  await db.destroy();
  expect(errors).toEqual([]);
});

const condition: Condition = {
  id: '1/unreachable/',
  rule: 'unreachable',
  deviceId: 1,
  deviceName: 'core-1',
  place: '',
  roomId: null,
  entity: '',
  severity: 'critical',
  title: { de: 'a', en: 'a' },
  advice: { de: 'a', en: 'a' },
  since: 0,
};
const held = () => maintenance.heldBy(condition)?.name ?? null;
const window = async (from: number, until: number) => {
  const { result } = await inventory.changes.run(tester, (change) =>
    change.insert('maintenance', [{ name: 'Umbau', scope: 'all', from, until, recurrence: 'null' }]),
  );
  return result[0] ?? 0;
};

it('follows what is written, and what is undone', async () => {
  const id = await window(clock.now, clock.now + hour);
  await vi.waitFor(() => expect(held()).toBe('Umbau'));
  await inventory.changes.run(tester, (change) =>
    change.update('maintenance', id, { until: clock.now - 1 + 2 * hour, from: clock.now + hour }),
  );
  await vi.waitFor(() => expect(held()).toBeNull());
  const before = told;
  await inventory.changes.run(tester, (change) => change.remove('maintenance', [id]));
  await vi.waitFor(() => expect(told).toBeGreaterThan(before));
});

it('never holds a drill', async () => {
  await window(clock.now, clock.now + hour);
  await vi.waitFor(() => expect(held()).toBe('Umbau'));
  expect(maintenance.heldBy({ ...condition, id: 'drill/1/drill/device' })).toBeNull();
});

it('tells when a window begins and when it ends, without anybody writing anything', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    await window(clock.now + 1000, clock.now + 2000);
    await vi.waitFor(() => expect(told).toBeGreaterThan(1));
    for (const expected of ['Umbau', null]) {
      const before = told;
      clock.now += 1000;
      await vi.advanceTimersByTimeAsync(1000);
      expect([told - before, held()]).toEqual([1, expected]);
    }
  } finally {
    vi.useRealTimers();
  }
});
