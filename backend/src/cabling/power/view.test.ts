import { PowerView } from '@rackhaus/config/contract';
import { expect, test } from 'vitest';
import { townHallInventory } from '../../inventory/testing.ts';
import type { EntityValues } from './readings.ts';
import { PowerViews } from './view.ts';

const { db, inventory } = await townHallInventory();
const idOf = async (name: string) =>
  (await db.selectFrom('devices').select('id').where('name', '=', name).executeTakeFirstOrThrow()).id;
const room = async (name: string) =>
  (await db.selectFrom('rooms').select('id').where('name', '=', name).executeTakeFirstOrThrow()).id;

const said = new Map<number, readonly EntityValues[]>();
const views = new PowerViews({
  db,
  sites: inventory.sites,
  readings: { of: (id) => said.get(id) ?? [] },
});
const view = async (name: string) => PowerView.parse(await views.view({ roomId: await room(name) }));
const named = <T extends { readonly name: string }>(list: readonly T[], name: string): T => {
  const found = list.find((each) => each.name === name);
  if (found === undefined) throw new Error(`there is no "${name}"`);
  return found;
};

test('two strands are told from one', async () => {
  const { devices } = await view('Serverraum neu');
  expect(named(devices, 'core-1')).toMatchObject({ verdict: 'redundant', single: [] });
  const nas = named(devices, 'nas-sicherung');
  expect(nas.inlets[0]?.chain.map(({ name }) => name)).toEqual(['PDU 2B', 'USV B']);
  const { devices: old } = await view('Serverraum alt');
  expect(named(old, 'altakten')).toMatchObject({ verdict: 'same-source', single: [{ name: 'USV alt' }] });
});

test('nothing measured is nothing known', async () => {
  const { sources } = await view('Serverraum neu');
  expect(named(sources, 'USV A')).toMatchObject({
    watts: null,
    load: null,
    remark: 'unknown',
    limitWatts: 4500,
  });
});

test('a UPS would carry what hangs on the other one besides', async () => {
  const power = (watts: number): EntityValues => ({ kind: 'device', entity: '', values: { power: watts } });
  for (const name of ['PDU 1A', 'PDU 2A', 'PDU 3A', 'PDU 1B', 'PDU 2B', 'PDU 3B'])
    said.set(await idOf(name), [power(500)]);
  const values = { load: 0.33, runtime: 1800, source: 3 };
  for (const name of ['USV A', 'USV B'])
    said.set(await idOf(name), [power(1500), { kind: 'ups', entity: '', values }]);
  const { sources } = await view('Serverraum neu');
  const ups = named(sources, 'USV A');
  expect(ups).toMatchObject({ watts: 1500, runtimeSeconds: 1800, remark: 'well', onBattery: false });
  // Of strand B all but the backup store, which hangs there alone.
  expect(ups.failoverWatts).toBeGreaterThan(2500);
  expect(ups.failoverWatts).toBeLessThan(3000);
  expect(ups.failoverRuntimeSeconds).toBeLessThan(1100);
  expect(ups.feeds).toBe(3);
  expect(named(sources, 'PDU 1A')).toMatchObject({ limitWatts: 3680, wattsFrom: 'reading' });
});

test('a source says when its cords were changed last, also when one was pulled', async () => {
  const link = await db
    .selectFrom('links')
    .select('id')
    .where('label', '=', 'S-035')
    .executeTakeFirstOrThrow();
  const before = named((await view('Serverraum neu')).sources, 'USV B').cordsChanged;
  await inventory.changes.run({ user: { id: null, name: 'Katja Brandt' }, source: 'person' }, (change) =>
    change.remove('link', [link.id]),
  );
  const { sources, devices } = await view('Serverraum neu');
  const changed = named(sources, 'USV B').cordsChanged;
  expect(changed).toMatchObject({ by: 'Katja Brandt' });
  expect(changed?.changeId).not.toBe(before?.changeId);
  expect(named(sources, 'USV A').cordsChanged?.by).not.toBe('Katja Brandt');
  expect(named(devices, 'nas-sicherung')).toMatchObject({ single: [] });
});

test('a strip without readings belongs to its room', async () => {
  const { sources, devices } = await view('Verteiler 1. OG');
  expect(sources).toMatchObject([{ name: 'Leiste 1. OG', remark: 'unknown', monitored: true }]);
  expect(named(devices, 'acc-1og-1')).toMatchObject({
    verdict: 'one-supply',
    inlets: [{ end: 'open' }],
    single: [{ name: 'Leiste 1. OG' }],
  });
});
