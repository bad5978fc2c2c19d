import { describe, expect, test } from 'vitest';
import { tester, townHallInventory } from '../testing.ts';
import { macOf } from './ports.ts';
import { termsOf } from './terms.ts';

test('a text is found from each of its gaps on', () => {
  expect(termsOf('A-07-12 Müller')).toEqual(['a-07-12 muller', '07-12 muller', '12 muller', 'muller']);
  expect(termsOf('  ')).toEqual([]);
});

test.each([
  ['00:1a:2b', '00:1a:2b'],
  ['001a.2b3c.4d5e', '00:1a:2b:3c:4d:5e'],
  ['00-1a-2', '00:1a:2'],
  ['cab', null],
  ['core', null],
  ['00:1a:2b:3c:4d:5e:6f', null],
])('MAC address %s', (typed, kept) => {
  expect(macOf(typed)).toBe(kept);
});

describe('what people know of a thing', async () => {
  const { db, inventory } = await townHallInventory();
  const { changes, search } = inventory;
  const idOf = async (name: string) =>
    (await db.selectFrom('devices').select('id').where('name', '=', name).executeTakeFirstOrThrow()).id;
  const best = async (query: string) => {
    const [first] = (await search.find(query)).results;
    return first === undefined ? null : `${first.kind} ${first.name}`;
  };
  const core = await idOf('core-1');
  await changes.run(tester, async (change) => {
    await change.update('device', core, {
      serial: 'SG0AKN1234',
      asset_tag: 'INV-2026-0815',
      person_in_charge: 'Fr. Böhm',
    });
    const port = await change.tx
      .selectFrom('ports')
      .select('id')
      .where('device_id', '=', core)
      .where('name', '=', '1/1/1')
      .executeTakeFirstOrThrow();
    await change.update('port', port.id, { mac: '00:1a:2b:3c:4d:5e', description: 'Ring West' });
    await change.insert('vlan', [{ vid: 220, name: 'Fernwirken' }]);
    await change.insert('address', [
      { address: '2001:db8::20', device_id: core, dns_name: 'core-1.rathaus.example' },
    ]);
    await change.insert('service', [{ name: 'Zeiterfassung', importance: 'normal' }]);
  });

  test.each([
    ['SG0AKN', 'device core-1'],
    ['0815', 'device core-1'],
    ['böhm', 'device core-1'],
    ['001a.2b3c', 'port core-1 1/1/1'],
    ['ring west', 'port core-1 1/1/1'],
    ['west', 'port core-1 1/1/1'],
    ['fernw', 'vlan 220 Fernwirken'],
    ['2001:db8::2', 'address 2001:db8::20'],
    ['zeiterf', 'service Zeiterfassung'],
    ['127.77.10.92', 'device USV B'],
  ])('%s', async (query, first) => {
    expect(await best(query)).toBe(first);
  });

  test('a new name counts at once, and an undone one no more', async () => {
    const { changeId } = await changes.run(tester, (change) =>
      change.update('device', core, { name: 'kern-1', serial: 'NEU1' }),
    );
    expect(await best('kern-1')).toBe('device kern-1');
    expect(await best('neu1')).toBe('device kern-1');
    expect(await best('sg0akn')).toBeNull();
    await changes.undo(changeId ?? 0, tester);
    expect(await best('kern-1')).toBeNull();
    expect(await best('sg0akn')).toBe('device core-1');
  });

  test('what is deleted is not found', async () => {
    const { changeId } = await changes.run(tester, (change) => change.remove('device', [core]));
    expect(await best('0815')).toBeNull();
    expect(await best('core-1')).not.toBe('device core-1');
    await changes.undo(changeId ?? 0, tester);
  });

  test('a device on the shelf is found', async () => {
    const { type_id } = await db
      .selectFrom('devices')
      .select('type_id')
      .where('id', '=', core)
      .executeTakeFirstOrThrow();
    await changes.run(tester, (change) =>
      change.insert('device', [{ name: 'ersatz-1', type_id, role: 'switch' }]),
    );
    expect(await best('ersatz-1')).toBe('device ersatz-1');
    expect(await best('ersatz-1 1/1/3')).toBe('port ersatz-1 1/1/3');
  });
});
