import { expect, onTestFinished, test } from 'vitest';
import { tester } from '../../inventory/testing.ts';
import { applyProposal } from './accept.ts';
import { aroundFindings } from './proposals.ts';
import { observation, world } from './testing.ts';

const day = 86_400_000;

async function begin() {
  const here = await world();
  onTestFinished(() => here.close());
  const { watch } = here.drift;
  const says = (device: string, ...neighbours: [string, string, string][]) =>
    here.network.says(observation(here.idOf(device), neighbours));
  const look = async () => {
    await watch.look();
    return watch.findings.lasting();
  };
  const proposal = async () => {
    const findings = watch.findings.lasting();
    const around = await aroundFindings(here.db, findings);
    return around.get(findings[0]?.id ?? 0)?.proposal ?? null;
  };
  const accept = async () => {
    const found = await proposal();
    if (found === null) throw new Error('nothing is proposed');
    return here.inventory.changes.run(tester, (change) => applyProposal(change, found));
  };
  return { ...here, watch, says, look, proposal, accept };
}

test('what is seen as documented is confirmed, from either end', async () => {
  const { says, look, watch, link } = await begin();
  says('acc-1', ['gi1', 'core', 'GigabitEthernet1']);
  expect(await look()).toEqual([]);
  expect(watch.proofOf(await link('K1'))).toMatchObject({ verdict: 'confirmed', source: 'lldp', by: null });
});

test('a cord that was plugged in elsewhere is contradicted once, and is documented as it is: the same cord', async () => {
  const { says, look, watch, link, port, accept, db, inventory } = await begin();
  says('core', ['gi1', 'acc-2', 'gi3']);
  says('acc-2', ['gi3', 'core', 'gi1']);
  const findings = await look();
  expect(findings).toMatchObject([
    {
      verdict: 'contradicted',
      state: 'open',
      port_id: await port('core:gi1'),
      documented_id: await port('acc-1:gi1'),
      observed_port_id: await port('acc-2:gi3'),
    },
  ]);
  expect(watch.proofOf(await link('K1')).verdict).toBe('contradicted');
  const { changeId } = await accept();
  expect(await look()).toEqual([]);
  expect(watch.proofOf(await link('K1')).verdict).toBe('confirmed');
  const row = await db
    .selectFrom('links')
    .select(['label', 'to_check'])
    .where('label', '=', 'K1')
    .executeTakeFirst();
  expect(row).toEqual({ label: 'K1', to_check: 1 });

  await inventory.changes.undo(changeId ?? 0, tester);
  const [again] = await look();
  expect(again?.id).toBe(findings[0]?.id);
});

test('a cord that nobody documented is missing; what was ignored stays ignored until its time is over', async () => {
  const { says, look, watch, clock, proposal, port } = await begin();
  says('acc-2', ['gi5', 'acc-3', 'gi5']);
  const [finding] = await look();
  expect(finding).toMatchObject({ verdict: 'missing', state: 'open' });
  expect(await proposal()).toEqual({
    remove: [],
    add: [
      {
        a: { portId: await port('acc-2:gi5'), side: 'front' },
        b: { portId: await port('acc-3:gi5'), side: 'front' },
      },
    ],
  });
  await watch.decide(finding?.id ?? 0, { state: 'ignored', ignored_by: 'A', ignored_until: clock.now + day });
  says('acc-2');
  expect(await look()).toEqual([]);
  says('acc-2', ['gi5', 'acc-3', 'gi5']);
  expect(await look()).toMatchObject([{ id: finding?.id, state: 'ignored' }]);
  clock.now += 2 * day;
  expect(await look()).toMatchObject([{ id: finding?.id, state: 'open', ignored_by: null }]);
});

test('what hangs on a documented outlet gets the one cord that is missing; without, the only free run to that room', async () => {
  const { says, look, accept, port, proposal } = await begin();
  const ap = await port('ap-1:eth0');
  says('core', ['gi2', 'ap-1', 'eth0']);
  await look();
  expect(await proposal()).toEqual({
    remove: [],
    add: [{ a: { portId: await port('0.1-1:1'), side: 'front' }, b: { portId: ap, side: 'front' } }],
  });
  says('core', ['gi7', 'ap-1', 'eth0']);
  await look();
  expect(await proposal()).toEqual({
    remove: [],
    add: [
      {
        a: { portId: await port('core:gi7'), side: 'front' },
        b: { portId: await port('A:2'), side: 'front' },
      },
      { a: { portId: await port('0.1-2:1'), side: 'front' }, b: { portId: ap, side: 'front' } },
    ],
  });
  await accept();
  expect(await look()).toEqual([]);
});

test('a link that has been down for two weeks is dark', async () => {
  const { network, idOf, look, clock, watch, link } = await begin();
  network.link(idOf('core'), 'gi1', false, clock.now - 13 * day);
  expect(await look()).toEqual([]);
  clock.now += day;
  expect(await look()).toMatchObject([{ verdict: 'dark', since: clock.now - 14 * day }]);
  expect(watch.proofOf(await link('K1')).verdict).toBe('dark');
  network.link(idOf('core'), 'gi1', true);
  expect(await look()).toEqual([]);
});

test('a MAC address at an edge port tells its owner; at an uplink it tells nothing', async () => {
  const { network, idOf, look, db, port, watch, link, inventory } = await begin();
  const acc3 = await port('acc-3:gi8');
  await inventory.changes.run(tester, (change) => change.update('port', acc3, { mac: '00:11:22:33:44:55' }));
  const sight = (deviceId: number, name: string, count: number) =>
    network.sees({
      deviceId,
      time: 1,
      ports: [{ name, count, macs: [{ mac: '00:11:22:33:44:55', vlan: null }] }],
      addresses: [],
    });
  sight(idOf('core'), 'gi1', 1);
  sight(idOf('acc-2'), 'gi4', 2);
  expect(await look()).toMatchObject([
    { verdict: 'missing', port_id: await port('acc-2:gi4'), observed_port_id: acc3, source: 'fdb' },
  ]);
  expect(watch.proofOf(await link('K1')).verdict).toBe('unseen');
  expect(await db.selectFrom('seen_links').select(['port_id', 'source']).execute()).toEqual([
    { port_id: await port('acc-2:gi4'), source: 'fdb' },
  ]);
});

test('a stranger is a contradiction only where it is known that it is not the one documented', async () => {
  const { says, look } = await begin();
  says('core', ['gi1', 'drucker-2', '1'], ['gi8', 'telefon-7', 'LAN']);
  expect(await look()).toMatchObject([
    { verdict: 'contradicted', text: 'drucker-2 1', observed_port_id: null },
    { verdict: 'missing', text: 'telefon-7 LAN', observed_port_id: null },
  ]);
});

test('findings, proofs and times survive a restart; those of a port that is gone do not', async () => {
  const { says, look, drift, port, inventory, network, idOf, clock, errors } = await begin();
  network.link(idOf('core'), 'gi1', true, clock.now - 5 * day);
  says('core', ['gi8', 'acc-2', 'gi2']);
  const before = await look();
  await drift.stop();
  await drift.start();
  expect(await look()).toEqual(before);
  const gone = await port('core:gi8');
  await inventory.changes.run(tester, (change) => change.remove('port', [gone]));
  expect(await look()).toEqual([]);
  expect(errors).toEqual([]);
});
