import { type ObservedVlan, type PortVlans, vlanRanges } from '@rackhaus/config/contract';
import type { VlanSource } from '@rackhaus/config/profiles';
import { toNumber, toText } from '../../snmp/decode.ts';
import { bitNumbers, portNumbers } from './bits.ts';
import { lastNumber, type Reading, readColumns, readNumbers } from './reading.ts';

const mostVlans = 4094;
const mostPorts = 4096;

/** The VLANs of a device, and what each of its ports does with them, by the port's name. */
export interface Vlans {
  readonly vlans: readonly ObservedVlan[];
  readonly ports: ReadonlyMap<string, PortVlans>;
}

/** Memberships while they are gathered. */
interface Membership {
  untagged: number | null;
  readonly tagged: Set<number>;
}

/**
 * Reads the first of the sources that names a VLAN; null when none does.
 * @throws SnmpError when the device does not answer.
 */
export async function readVlans(reading: Reading, sources: readonly VlanSource[]): Promise<Vlans | null> {
  for (const source of sources) {
    const numbers = await readNames(reading, source);
    if (numbers.size === 0) continue;
    const ports = await readPorts(reading, source, numbers);
    return {
      vlans: [...new Map([...numbers.values()].map((vlan) => [vlan.id, vlan])).values()].sort(
        (a, b) => a.id - b.id,
      ),
      ports,
    };
  }
  return null;
}

/** VLANs by the last number of their index. */
async function readNames(reading: Reading, source: VlanSource): Promise<Map<number, ObservedVlan>> {
  const rows = await readColumns(reading, { name: source.name, number: source.number }, mostVlans);
  const found = new Map<number, ObservedVlan>();
  for (const [index, row] of rows) {
    const at = lastNumber(index);
    const id = source.number === undefined ? at : (toNumber(row.number) ?? Number.NaN);
    if (!Number.isInteger(id) || id < 1 || id > mostVlans || source.except.includes(id)) continue;
    found.set(at, { id, name: toText(row.name) ?? '' });
  }
  return found;
}

async function readPorts(
  reading: Reading,
  source: VlanSource,
  numbers: ReadonlyMap<number, ObservedVlan>,
): Promise<Map<string, PortVlans>> {
  const bridge = await readNumbers(reading, source.bridgePort, mostPorts);
  const nameOf = (port: number, kind: 'bridge' | 'interface'): string | undefined =>
    reading.portName(kind === 'bridge' && bridge.size > 0 ? (bridge.get(port) ?? -1) : port);
  const found = new Map<string, Membership>();
  const membership = (name: string): Membership => {
    let known = found.get(name);
    if (!known) {
      known = { untagged: null, tagged: new Set() };
      found.set(name, known);
    }
    return known;
  };

  let listed = false;
  for (const list of source.portLists) {
    const rows = await readColumns(reading, { egress: list.egress, untagged: list.untagged }, mostVlans);
    for (const [index, row] of rows) {
      const vlan = numbers.get(lastNumber(index))?.id;
      if (vlan === undefined) continue;
      const untagged = new Set(portNumbers(row.untagged, list.first));
      for (const port of new Set([...portNumbers(row.egress, list.first), ...untagged])) {
        const name = nameOf(port, list.ports);
        if (name === undefined) continue;
        const own = membership(name);
        if (untagged.has(port) && own.untagged === null) own.untagged = vlan;
        else own.tagged.add(vlan);
      }
    }
    listed = rows.size > 0;
    if (listed) break;
  }
  if (source.trunks) await readTrunks(reading, source.trunks, numbers, membership);
  // Where there are lists, a port that is in none of them is in none of the VLANs, whatever number stands at it.
  for (const { vlan: oid, ports } of listed ? [] : source.portVlans) {
    for (const [port, vlan] of await readNumbers(reading, oid, mostPorts)) {
      const name = nameOf(port, ports);
      if (name === undefined || vlan < 1 || vlan > mostVlans) continue;
      const own = membership(name);
      // A trunk that drops untagged frames has a VLAN of this kind too: it is not a member of it.
      if (own.untagged === null && own.tagged.size === 0) own.untagged = vlan;
    }
  }
  return new Map(
    [...found].map(([name, { untagged, tagged }]) => [name, { untagged, tagged: vlanRanges(tagged) }]),
  );
}

/** Ports that carry many VLANs: of those that they let pass, the ones that exist. */
async function readTrunks(
  reading: Reading,
  spec: NonNullable<VlanSource['trunks']>,
  numbers: ReadonlyMap<number, ObservedVlan>,
  membership: (port: string) => Membership,
): Promise<void> {
  const existing = new Set([...numbers.values()].map(({ id }) => id));
  const rows = await readColumns(reading, { state: spec.state, native: spec.native }, mostPorts);
  const trunks = [...rows].filter(([, row]) => toNumber(row.state) === spec.is);
  if (trunks.length === 0) return;
  const lists = await readColumns(
    reading,
    Object.fromEntries(spec.vlans.map((oid, i) => [String(i), oid])),
    mostPorts,
  );
  for (const [index, row] of trunks) {
    const name = reading.portName(lastNumber(index));
    if (name === undefined) continue;
    const own = membership(name);
    own.untagged = toNumber(row.native) ?? null;
    const list = lists.get(index) ?? {};
    spec.vlans.forEach((_, i) => {
      for (const vlan of bitNumbers(list[String(i)], 1024 * i))
        if (existing.has(vlan) && vlan !== own.untagged) own.tagged.add(vlan);
    });
  }
}
