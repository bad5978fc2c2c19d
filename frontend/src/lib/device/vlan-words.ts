import { type DeviceView, type PortVlans, vlanIds } from '@rackhaus/config/contract';
import { m } from '../paraglide/messages.js';

/** What a port does with VLANs, as facts with their names. */
export function portVlanFacts(vlans: PortVlans | null): [string, string | null][] {
  if (vlans === null) return [];
  const count = vlanIds(vlans.tagged).length;
  const list = vlans.tagged.replaceAll('-', '–').replaceAll(',', ', ');
  return [
    [m.device_port_vlan(), vlans.untagged === null ? null : String(vlans.untagged)],
    [m.device_port_tagged(), count === 0 ? null : m.device_port_tagged_count({ count, vlans: list })],
  ];
}

/** Names of ports by the VLAN that they carry. */
export interface VlanPorts {
  readonly untagged: readonly string[];
  readonly tagged: readonly string[];
}

/** By number of the VLAN, in the order of the ports. */
export function portsByVlan(ports: DeviceView['ports']): Map<number, VlanPorts> {
  const found = new Map<number, { untagged: string[]; tagged: string[] }>();
  const of = (vlan: number) => {
    let known = found.get(vlan);
    if (!known) {
      known = { untagged: [], tagged: [] };
      found.set(vlan, known);
    }
    return known;
  };
  for (const { name, vlans } of ports) {
    if (!vlans) continue;
    if (vlans.untagged !== null) of(vlans.untagged).untagged.push(name);
    for (const vlan of vlanIds(vlans.tagged)) of(vlan).tagged.push(name);
  }
  return found;
}

/** `1/1/1`, `1/1/2`, `1/1/3`, `1/1/7` as `1/1/1–3, 1/1/7`: names that differ in their last number only, counted on. */
export function nameRanges(names: readonly string[]): string {
  const ranges: { start: string; number: number; prefix: string; end: number }[] = [];
  for (const name of names) {
    const [, prefix = name, digits] = /^(.*?)(\d{1,9})$/.exec(name) ?? [];
    const number = digits === undefined ? Number.NaN : Number(digits);
    const last = ranges.at(-1);
    if (last && last.prefix === prefix && number === last.end + 1) last.end = number;
    else ranges.push({ start: name, prefix, number, end: number });
  }
  return ranges
    .map(({ start, prefix, number, end }) => {
      if (!(end > number)) return start;
      return end === number + 1 ? `${start}, ${prefix}${end}` : `${start}–${end}`;
    })
    .join(', ');
}
