import { LiveStore, type StoreEntry } from '../../snmp/store.ts';
import type { TownDevice } from '../topology.ts';
import type { World } from '../world.ts';
import { entityMib } from './entity.ts';
import { environmentMib } from './environment.ts';
import { hostMib } from './host.ts';
import { interfacesMib } from './interfaces.ts';
import { lldpMib } from './lldp.ts';
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

/** All that a device of the town answers over SNMP; values are worked out from the world when they are asked for. */
export function deviceStore(device: TownDevice, world: World): LiveStore {
  const entries: StoreEntry[] = [];
  for (const part of parts) part(device, world, (oid, value) => entries.push({ oid, value }));
  return new LiveStore(entries);
}
