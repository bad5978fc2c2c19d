import { expect, onTestFinished, test } from 'vitest';
import { tester } from '../../inventory/testing.ts';
import { observation, world } from '../drift/testing.ts';
import { Prover } from './prover.ts';

/** An order with one step, done a moment ago. */
async function begin(deed: 'plug' | 'unplug', link: string, port: string) {
  const here = await world();
  onTestFinished(() => here.close());
  const linkId = await here.link(link);
  const portId = await here.port(port);
  let stepId = 0;
  await here.inventory.changes.run(tester, async (change) => {
    const [order = 0] = await change.insert('order', [{ number: 'A-0001', title: 'Test', state: 'working' }]);
    const [item = 0] = await change.insert('order-item', [
      { order_id: order, rank: 0, change: JSON.stringify({ action: 'remove-link', linkId, keep: false }) },
    ]);
    const done = { state: 'done', done_by: 'Technik', done_at: here.clock.now };
    const [step = 0] = await change.insert('order-step', [
      { order_id: order, item_id: item, rank: 0, deed, port_id: portId, proof: 'none', ...done },
    ]);
    stepId = step;
  });
  const prover = new Prover({
    db: here.db,
    changes: here.inventory.changes,
    watch: here.drift.watch,
    network: here.network,
    pollNow: (ids) => here.network.pollNow(ids),
    now: () => here.clock.now,
    onError: (error) => here.errors.push(error),
    timing: { askAtMs: [0, 30, 60], patienceMs: 100 },
  });
  onTestFinished(() => prover.stop());
  const step = { stepId, linkIds: [linkId], portIds: [portId] };
  const kept = () =>
    here.db
      .selectFrom('order_steps')
      .select(['proof', 'proof_detail'])
      .where('id', '=', stepId)
      .executeTakeFirst();
  const core = here.idOf('core');
  return { ...here, prover, step, kept, core, linkId };
}

test('a cord that was plugged in as planned is proven by the neighbour that the second look finds', async () => {
  const { prover, step, kept, network, core, clock, drift, linkId } = await begin('plug', 'K1', 'acc-1:gi1');
  network.onPoll.push(
    () => network.link(core, 'gi1', false, clock.now - 60_000),
    () => {
      network.link(core, 'gi1', true, clock.now);
      network.says(observation(core, [['gi1', 'acc-1', 'gi1']]));
    },
  );
  expect(await prover.prove(step)).toBe('proven');
  expect(await kept()).toEqual({ proof: 'proven', proof_detail: null });
  expect(drift.watch.proofOf(linkId)).toMatchObject({ verdict: 'confirmed', source: 'lldp', by: null });
});

test('one that leads elsewhere is contradicted, with where it leads', async () => {
  const { prover, step, kept, network, core } = await begin('plug', 'K1', 'acc-1:gi1');
  network.onPoll.push(() => network.says(observation(core, [['gi1', 'acc-2', 'gi4']])));
  expect(await prover.prove(step)).toBe('contradicted');
  expect(await kept()).toEqual({ proof: 'contradicted', proof_detail: 'acc-2 gi4' });
});

test('what a device tells by itself is taken without waiting for the next look', async () => {
  const { prover, step, network, core } = await begin('plug', 'K1', 'acc-1:gi1');
  network.onPoll.push(() =>
    queueMicrotask(() => network.says(observation(core, [['gi1', 'acc-1', 'GigabitEthernet1']]))),
  );
  expect(await prover.prove(step)).toBe('proven');
});

test('where nothing is told it is unproven, and stands for who did it', async () => {
  const { prover, step, kept, drift, linkId, clock } = await begin('plug', 'K1', 'acc-1:gi1');
  expect(await prover.prove(step)).toBe('unproven');
  expect(await kept()).toMatchObject({ proof: 'unproven' });
  const confirmed = { source: 'hand', by: 'Technik', confirmedAt: clock.now };
  expect(drift.watch.proofOf(linkId)).toMatchObject({ verdict: 'unseen', ...confirmed });
});

test('a cord that was pulled is proven by the link that went down', async () => {
  const { prover, step, inventory, linkId, network, core, clock, port } = await begin(
    'unplug',
    'K1',
    'acc-1:gi1',
  );
  const at = await port('acc-1:gi1');
  await inventory.changes.run(tester, async (change) => {
    const ends = await change.rows.byIds('link_ends', [linkId], 'link_id');
    await change.remove(
      'link-end',
      ends.filter((end) => end.port_id === at).map((end) => end.id),
    );
  });
  network.onPoll.push(() => network.link(core, 'gi1', false, clock.now));
  expect(await prover.prove(step)).toBe('proven');
});

test('of cables that no device can see, it is nobody but the one who did it who tells', async () => {
  const { prover, step, kept } = await begin('plug', 'A-02', '0.1-2:1');
  expect(await prover.prove(step)).toBe('none');
  expect(await kept()).toMatchObject({ proof: 'none' });
});

test('taking the step back does not meet its proof, and the proof of what was taken back is not written', async () => {
  const { prover, step, kept, inventory, network, core } = await begin('plug', 'K1', 'acc-1:gi1');
  const { changeId } = await inventory.changes.run(tester, (change) =>
    change.update('order-step', step.stepId, { state: 'open', done_by: null, done_at: null }),
  );
  network.onPoll.push(() => network.says(observation(core, [['gi1', 'acc-1', 'gi1']])));
  await prover.prove(step);
  expect(await kept()).toMatchObject({ proof: 'none' });
  await inventory.changes.undo(changeId ?? 0, tester);
  network.says(observation(core, [['gi1', 'acc-1', 'gi1']]));
  expect(await prover.prove(step)).toBe('proven');
});
