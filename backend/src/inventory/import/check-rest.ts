import type { InventoryFile } from '@rackhaus/config/inventory-file';
import { parsePrefix } from '../network/ip.ts';
import type { Places } from './check-places.ts';
import { parseEnd } from './ends.ts';
import type { Existing } from './existing.ts';
import type { Problems } from './problems.ts';
import { outletPorts, type TypePorts } from './wanted.ts';

/** Checks contracts, spare parts, VLANs and networks: that what they name exists. */
export function checkRest(check: {
  readonly file: InventoryFile;
  readonly existing: Existing;
  readonly places: Places;
  readonly typePorts: TypePorts;
  readonly problems: Problems;
}): void {
  const { file, existing, places, typePorts, problems } = check;
  const contracts = new Set([...file.contracts.map(({ name }) => name), ...existing.contracts]);
  for (const device of file.devices)
    if (device.contract !== undefined && !contracts.has(device.contract))
      problems.unknown(`devices.${device.name}.contract`, device.contract, 'contract', contracts);
  for (const part of file.spareParts)
    if (part.room !== undefined && !places.has(part.room))
      problems.unknown(`spareParts.${part.name}.room`, part.room, 'room', places.keys());
  const portNames = namesOfPorts(file, existing, typePorts);
  for (const vlan of file.vlans)
    for (const end of vlan.untagged) {
      const { owner, port } = parseEnd(end);
      const names = portNames(owner);
      const path = `vlans.${vlan.vid}.untagged`;
      if (names === undefined) problems.add(path, end, `There is no device or outlet "${owner}".`);
      else if (!names.has(port)) problems.unknown(path, port, `port of ${owner}`, names);
    }
  const vids = new Set([...file.vlans.map(({ vid }) => vid), ...existing.vids]);
  for (const prefix of file.prefixes) {
    const path = `prefixes.${prefix.cidr}`;
    const parsed = parsePrefix(prefix.cidr);
    if (parsed === null) problems.add(path, prefix.cidr, 'This is not a network such as 10.1.2.0/24.');
    else if (parsed.hostBits)
      problems.add(path, prefix.cidr, `This is an address within a network; the network is ${parsed.text}.`);
    if (prefix.vlan !== undefined && !vids.has(prefix.vlan))
      problems.add(`${path}.vlan`, prefix.vlan, `There is no VLAN ${prefix.vlan}.`);
  }
}

/** Ports of devices and outlets by the owner's name, of the file first. */
function namesOfPorts(file: InventoryFile, existing: Existing, typePorts: TypePorts) {
  const types = new Map(file.devices.map(({ name, type }) => [name, type]));
  const outlets = new Map(file.outlets.map(({ name, ports }) => [name, ports]));
  return (owner: string): ReadonlySet<string> | undefined => {
    const type = types.get(owner);
    if (type !== undefined) return new Set(typePorts.of(type).map((port) => port.name));
    const jacks = outlets.get(owner);
    if (jacks !== undefined) return new Set(outletPorts(jacks).map((port) => port.name));
    const known = existing.ports.get(owner);
    return known === undefined ? undefined : new Set(known.keys());
  };
}
