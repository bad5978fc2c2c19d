import { gauge32, integer, octets } from '../../snmp/value.ts';
import type { Learned } from '../forwarding.ts';
import { defaultVlan } from '../networks.ts';
import { portKey, type TownDevice } from '../topology.ts';
import { snmpIdentity } from './identity.ts';
import type { Add, MibPart } from './writer.ts';

/** Whether the switch keeps a bridge for each VLAN, with a community or context of its own, as Cisco IOS does. */
export function hasBridgePerVlan(device: TownDevice): boolean {
  return device.role === 'switch' && /^Cisco IOS/.test(snmpIdentity(device).sysDescr);
}

/** BRIDGE-MIB and Q-BRIDGE-MIB forwarding tables of switches, and what VLANs there are. Forwarding database = VLAN. */
export const bridgeMib: MibPart = (device, world, add) => {
  if (device.role !== 'switch') return;
  const { networks } = world.town;
  if (hasBridgePerVlan(device)) {
    // vtpVlanState operational(1); index: management domain, VLAN.
    for (const vlan of networks.vlans) add(`1.3.6.1.4.1.9.9.46.1.3.1.1.2.1.${vlan}`, integer(1));
    vlanBridgeMib(defaultVlan)(device, world, add);
    return;
  }
  const learned = world.forwarding().learned.get(device.name) ?? [];
  writeBridge(add, learned);
  for (const { station, ifIndex } of learned) {
    const mac = station.mac.join('.');
    add(`1.3.6.1.2.1.17.7.1.2.2.1.2.${station.vlan}.${mac}`, integer(ifIndex));
    add(`1.3.6.1.2.1.17.7.1.2.2.1.3.${station.vlan}.${mac}`, integer(3));
  }
  for (const port of device.ports) {
    if (port.wireless) continue;
    const vlan = networks.untagged.get(portKey(device.name, port.name)) ?? defaultVlan;
    add(`1.3.6.1.2.1.17.7.1.4.5.1.1.${port.ifIndex}`, gauge32(vlan));
  }
  // dot1qVlanFdbId; index: time mark, VLAN.
  for (const vlan of networks.vlans) add(`1.3.6.1.2.1.17.7.1.4.2.1.3.0.${vlan}`, gauge32(vlan));
};

/** The bridge of one VLAN, where a switch keeps one for each. */
export function vlanBridgeMib(vlan: number): MibPart {
  return (device, world, add) => {
    const learned = world.forwarding().learned.get(device.name) ?? [];
    writeBridge(
      add,
      learned.filter(({ station }) => station.vlan === vlan),
    );
  };
}

function writeBridge(add: Add, learned: readonly Learned[]): void {
  const seen = new Set<string>();
  for (const { station, ifIndex } of learned) {
    const mac = station.mac.join('.');
    if (seen.has(mac)) continue;
    seen.add(mac);
    add(`1.3.6.1.2.1.17.4.3.1.1.${mac}`, octets(station.mac));
    add(`1.3.6.1.2.1.17.4.3.1.2.${mac}`, integer(ifIndex));
    // learned(3)
    add(`1.3.6.1.2.1.17.4.3.1.3.${mac}`, integer(3));
  }
}
