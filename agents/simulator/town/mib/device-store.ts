import { MovingStore } from '../../snmp/moving-store.ts';
import { LiveStore, type OidStore, type StoreEntry } from '../../snmp/store.ts';
import type { TownDevice } from '../topology.ts';
import type { World } from '../world.ts';
import { arpMib } from './arp.ts';
import { bridgeMib } from './bridge.ts';
import { entityMib } from './entity.ts';
import { environmentMib } from './environment.ts';
import { hostMib } from './host.ts';
import { interfacesMib } from './interfaces.ts';
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
  const entriesOf = (list: readonly MibPart[]): StoreEntry[] => {
    const entries: StoreEntry[] = [];
    for (const part of list) part(device, world, (oid, value) => entries.push({ oid, value }));
    return entries;
  };
  return new MovingStore({
    fixed: new LiveStore(entriesOf(parts)),
    moving: () => new LiveStore(entriesOf(movingParts)),
    version: () => world.wiring,
  });
}
