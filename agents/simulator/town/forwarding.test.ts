import { loadDeviceTypes } from '@rackhaus/config/device-types';
import { loadInventory } from '@rackhaus/config/inventory-file';
import { sampleTownHallFolder } from '@rackhaus/config/sample-town-hall';
import { describe, expect, it } from 'vitest';
import { decodeOid } from '../snmp/oid.ts';
import type { OidStore } from '../snmp/store.ts';
import { deviceStore, vlanStores } from './mib/device-store.ts';
import { buildTown, type TownDevice } from './topology.ts';
import { World } from './world.ts';

const town = buildTown(await loadInventory(sampleTownHallFolder), await loadDeviceTypes());
const world = new World(town, Date.UTC(2026, 10, 24, 9));
const device = (name: string): TownDevice => {
  const found = town.devices.get(name);
  if (found === undefined) throw new Error(name);
  return found;
};
/** Indexes of the rows of a column, in the order of a walk. */
const rows = (store: OidStore | undefined, column: string): string[] => {
  if (store === undefined) throw new Error('no store');
  const all = Array.from({ length: store.size }, (_, index) => decodeOid(store.oid(index)));
  return all.filter((oid) => oid.startsWith(`${column}.`)).map((oid) => oid.slice(column.length + 1));
};
const fdbPort = '1.3.6.1.2.1.17.4.3.1.2';
const macs = (name: string) =>
  (world.forwarding().learned.get(name) ?? []).map(({ station }) => station.mac.join('.'));

describe('forwarding tables of the sample town hall', () => {
  it('have each computer that is connected at exactly one edge port, and on every switch of its island once', () => {
    const { learned } = world.forwarding();
    const connected = [...town.devices.values()].flatMap((one) =>
      one.ports.flatMap((port) => world.connection(`${one.name}:${port.name}`)?.workplace ?? []),
    );
    expect(connected.length).toBeGreaterThan(50);
    for (const { computer } of connected) {
      const sights = [...learned].flatMap(([name, list]) =>
        list.filter(({ station }) => station.mac === computer).map((seen) => ({ name, ...seen })),
      );
      const edges = sights.filter(({ name, station }) => station.at === name);
      expect(edges).toHaveLength(1);
      expect(edges[0]?.ifIndex).toBe(edges[0]?.station.ifIndex);
      expect(new Set(sights.map(({ name }) => name)).size).toBe(sights.length);
    }
  });

  it('have no MAC address twice', () => {
    const all = [...world.forwarding().learned.keys()].map((name) => macs(name));
    for (const one of all) expect(new Set(one).size).toBe(one.length);
  });

  it('are answered by VLAN and as a whole', () => {
    const store = deviceStore(device('acc-ug-1'), world);
    expect(rows(store, fdbPort)).toHaveLength(macs('acc-ug-1').length);
    const byVlan = rows(store, '1.3.6.1.2.1.17.7.1.2.2.1.2');
    expect(byVlan.map((index) => index.split('.').slice(1).join('.')).sort()).toEqual(
      macs('acc-ug-1').sort(),
    );
    expect(vlanStores(device('acc-ug-1'), world).size).toBe(0);
  });

  it('are kept for each VLAN by Cisco IOS, with communities of their own', () => {
    const main = deviceStore(device('acc-ug-2'), world);
    const vlans = rows(main, '1.3.6.1.4.1.9.9.46.1.3.1.1.2.1');
    expect(rows(main, '1.3.6.1.2.1.17.7.1.2.2.1.2')).toEqual([]);
    const stores = vlanStores(device('acc-ug-2'), world);
    const found = vlans.flatMap((vlan) => rows(stores.get(vlan), fdbPort));
    expect(found.sort()).toEqual(macs('acc-ug-2').sort());
    expect(rows(main, fdbPort)).toEqual(rows(stores.get('1'), fdbPort));
  });

  it('agree with what gateways resolve', () => {
    const resolved = world.forwarding().neighbours;
    expect([...resolved.keys()]).toContain('firewall-a');
    const addresses = (resolved.get('firewall-a') ?? []).map(({ station }) => station.address);
    expect(new Set(addresses).size).toBe(addresses.length);
    expect(addresses.filter((address) => address?.startsWith('10.20.20.')).length).toBeGreaterThan(50);
  });
});
