import { MovingStore } from '../../snmp/moving-store.ts';
import { LiveStore, type OidStore, type StoreEntry } from '../../snmp/store.ts';
import type { TownDevice } from '../topology.ts';
import type { World } from '../world.ts';
import { arpMib } from './arp.ts';
import { bridgeMib, hasBridgePerVlan, vlanBridgeMib } from './bridge.ts';
import { entityMib } from './entity.ts';
import { environmentMib } from './environment.ts';
import { hostMib } from './host.ts';
import { bridgePortsMib, interfacesMib } from './interfaces.ts';
import { lldpAddressesMib, lldpMib } from './lldp.ts';
import { pduMib } from './pdu.ts';
import { poeMib } from './poe.ts';
import { systemMib } from './system.ts';
import { upsMib } from './ups.ts';
import { vendorMib } from './vendor.ts';
import { vendorSwitchMib } from './vendor-switch.ts';
import type { MibPart } from './writer.ts';

const parts: readonly MibPart[] = [
  systemMib,
  interfacesMib,
  lldpMib,
  poeMib,
  entityMib,
  hostMib,
  upsMib,
  pduMib,
  environmentMib,
  vendorSwitchMib,
  vendorMib,
];

/** What has other rows whenever cables are moved. */
const movingParts: readonly MibPart[] = [bridgeMib, arpMib, lldpAddressesMib];

/** All that a device of the town answers over SNMP; values are worked out from the world when they are asked for. */
export function deviceStore(device: TownDevice, world: World): OidStore {
  return storeOf(device, world, parts, movingParts);
}

/** What a switch with a bridge for each VLAN answers to `community@vlan` and in the context `vlan-N`. */
export function vlanStores(device: TownDevice, world: World): ReadonlyMap<string, OidStore> {
  const stores = new Map<string, OidStore>();
  if (!hasBridgePerVlan(device)) return stores;
  for (const vlan of world.town.networks.vlans) {
    const store = storeOf(device, world, [systemMib, bridgePortsMib], [vlanBridgeMib(vlan)]);
    stores.set(`${vlan}`, store).set(`vlan-${vlan}`, store);
  }
  return stores;
}

function storeOf(
  device: TownDevice,
  world: World,
  fixed: readonly MibPart[],
  moving: readonly MibPart[],
): OidStore {
  const entriesOf = (list: readonly MibPart[]): StoreEntry[] => {
    const entries: StoreEntry[] = [];
    for (const part of list) part(device, world, (oid, value) => entries.push({ oid, value }));
    return entries;
  };
  return new MovingStore({
    fixed: new LiveStore(entriesOf(fixed)),
    moving: () => new LiveStore(entriesOf(moving)),
    version: () => world.wiring,
  });
}
