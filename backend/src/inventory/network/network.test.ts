import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { emptyInventory, tester, townHallInventory } from '../testing.ts';
import { prefixDetail, prefixTree } from './prefixes.ts';
import { portNetwork, vlanList } from './vlans.ts';

async function empty() {
  const { db, inventory } = await emptyInventory();
  onTestFinished(() => db.destroy());
  return { db, changes: inventory.changes };
}

test('networks nest, and count what is used inside', async () => {
  const { db, changes } = await empty();
  await changes.run(tester, async (change) => {
    const [vrf = 0] = await change.insert('vrf', [{ name: 'Gäste' }]);
    await change.insert('prefix', [
      { cidr: '10.1.2.0/24' },
      { cidr: '10.1.0.0/16' },
      { cidr: '10.2.0.0/16' },
      { cidr: '10.1.2.128/25' },
      { cidr: '10.1.2.0/24', vrf_id: vrf },
      { cidr: '2001:db8::/64' },
    ]);
    await change.insert('address', [
      { address: '10.1.2.1' },
      { address: '10.1.2.200' },
      { address: '10.1.2.1', vrf_id: vrf },
    ]);
  });
  const tree = await prefixTree(db);
  expect(tree.map(({ cidr, depth, used, size, vrf }) => [cidr, depth, used, size, vrf?.name])).toEqual([
    ['10.1.0.0/16', 0, 2, 65534, undefined],
    ['10.1.2.0/24', 1, 2, 254, undefined],
    ['10.1.2.128/25', 2, 1, 126, undefined],
    ['10.2.0.0/16', 0, 0, 65534, undefined],
    ['2001:db8::/64', 0, 0, null, undefined],
    ['10.1.2.0/24', 0, 1, 254, 'Gäste'],
  ]);
});

test('free and used addresses cover a network without a gap', async () => {
  const { db, changes } = await empty();
  const { result } = await changes.run(tester, (change) =>
    change.insert('prefix', [{ cidr: '192.168.7.0/26' }]),
  );
  const [id = 0] = result;
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(fc.integer({ min: 0, max: 63 }), { maxLength: 40 }), async (taken) => {
      const { changeId } = await changes.run(tester, (change) =>
        change.insert(
          'address',
          taken.map((n) => ({ address: `192.168.7.${n}` })),
        ),
      );
      const { rows } = await prefixDetail(db, id);
      const last = (text: string) => Number(text.split('.').at(-1));
      const free = rows.flatMap((row) =>
        row.kind === 'free'
          ? Array.from({ length: row.count ?? 0 }, (_, index) => last(row.first) + index)
          : [],
      );
      const used = rows.flatMap((row) => (row.kind === 'used' ? [last(row.address)] : []));
      expect(used).toEqual(taken.toSorted((a, b) => a - b));
      expect(free).toEqual(
        Array.from({ length: 62 }, (_, index) => index + 1).filter((n) => !taken.includes(n)),
      );
      if (changeId !== null) await changes.undo(changeId, tester);
    }),
    { numRuns: 40 },
  );
});

test('where devices are polled is in use without a record', async () => {
  const { db, inventory } = await townHallInventory();
  onTestFinished(() => db.destroy());
  const { result } = await inventory.changes.run(tester, (change) =>
    change.insert('prefix', [{ cidr: '127.77.10.64/26' }]),
  );
  const { rows } = await prefixDetail(db, result[0] ?? 0);
  expect(rows).toContainEqual(
    expect.objectContaining({
      kind: 'used',
      address: '127.77.10.92',
      device: expect.objectContaining({ name: 'USV B' }),
    }),
  );
});

test('an address twice in one VRF is refused by name, and a network with host bits says the network', async () => {
  const { changes } = await empty();
  await changes.run(tester, (change) => change.insert('address', [{ address: '2001:db8::1' }]));
  await expect(
    changes.run(tester, (change) => change.insert('address', [{ address: '2001:DB8:0::1' }])),
  ).rejects.toMatchObject({
    code: 'conflict',
    details: { reason: 'taken', blocking: [{ name: '2001:db8::1' }] },
  });
  await expect(
    changes.run(tester, (change) => change.insert('prefix', [{ cidr: '10.1.2.3/24' }])),
  ).rejects.toThrow('the network is 10.1.2.0/24');
});

test('VLANs of a port, and how many ports carry one', async () => {
  const { db, inventory } = await townHallInventory();
  onTestFinished(() => db.destroy());
  const port = await db
    .selectFrom('ports')
    .select('id')
    .where('name', '=', '1/1/3')
    .executeTakeFirstOrThrow();
  await inventory.changes.run(tester, async (change) => {
    const [a = 0, b = 0] = await change.insert('vlan', [
      { vid: 220, name: 'Prüfung' },
      { vid: 230, name: 'Probe' },
    ]);
    await change.update('port', port.id, { untagged_vlan_id: a });
    await change.insert('port-vlan', [{ port_id: port.id, vlan_id: b }]);
  });
  const { vlans } = await vlanList(db);
  const own = vlans.filter(({ vid }) => vid > 200);
  expect(own.map(({ vid, untagged, tagged }) => [vid, untagged, tagged])).toEqual([
    [220, 1, 0],
    [230, 0, 1],
  ]);
  const network = await portNetwork(db, port.id);
  expect(network).toMatchObject({ untagged: { name: '220 Prüfung' }, tagged: [{ name: '230 Probe' }] });
});
