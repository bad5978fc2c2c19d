import { gauge32, integer, octets } from '../../snmp/value.ts';
import { defaultVlan } from '../networks.ts';
import { portKey } from '../topology.ts';
import type { MibPart } from './writer.ts';

/** BRIDGE-MIB and Q-BRIDGE-MIB forwarding tables of switches, and what VLANs there are. Forwarding database = VLAN. */
export const bridgeMib: MibPart = (device, world, add) => {
  if (device.role !== 'switch') return;
  const { networks } = world.town;
  const vlans = new Set([defaultVlan]);
  const seen = new Set<string>();
  for (const { station, ifIndex } of world.forwarding().learned.get(device.name) ?? []) {
    const mac = station.mac.join('.');
    vlans.add(station.vlan);
    // Status learned(3).
    add(`1.3.6.1.2.1.17.7.1.2.2.1.2.${station.vlan}.${mac}`, integer(ifIndex));
    add(`1.3.6.1.2.1.17.7.1.2.2.1.3.${station.vlan}.${mac}`, integer(3));
    if (seen.has(mac)) continue;
    seen.add(mac);
    add(`1.3.6.1.2.1.17.4.3.1.1.${mac}`, octets(station.mac));
    add(`1.3.6.1.2.1.17.4.3.1.2.${mac}`, integer(ifIndex));
    add(`1.3.6.1.2.1.17.4.3.1.3.${mac}`, integer(3));
  }
  for (const port of device.ports) {
    if (port.wireless) continue;
    const vlan = networks.untagged.get(portKey(device.name, port.name)) ?? defaultVlan;
    vlans.add(vlan);
    add(`1.3.6.1.2.1.17.7.1.4.5.1.1.${port.ifIndex}`, gauge32(vlan));
  }
  // dot1qVlanFdbId; index: time mark, VLAN.
  for (const vlan of vlans) add(`1.3.6.1.2.1.17.7.1.4.2.1.3.0.${vlan}`, gauge32(vlan));
};
