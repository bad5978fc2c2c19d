import { mostMacsOfPort, type Sightings } from '@rackhaus/config/contract';

/** Which MAC addresses a switch has learned, by bridge port; each once per port and VLAN. */
export class Learned {
  private readonly ports = new Map<number, Map<string, { mac: string; vlan: number | null }>>();

  add(bridgePort: number, mac: string, vlan: number | null): void {
    let port = this.ports.get(bridgePort);
    if (!port) {
      port = new Map();
      this.ports.set(bridgePort, port);
    }
    port.set(`${mac} ${vlan ?? ''}`, { mac, vlan });
  }

  /** The bridge ports' numbers. */
  numbers(): number[] {
    return [...this.ports.keys()];
  }

  addAll(other: Learned): void {
    for (const [bridgePort, learned] of other.ports)
      for (const { mac, vlan } of learned.values()) this.add(bridgePort, mac, vlan);
  }

  /** By the ports' names. A bridge port that has none is left out: it is no port that anybody sees. */
  byName(nameOf: (bridgePort: number) => string | undefined): Sightings['ports'] {
    const named = new Map<string, { mac: string; vlan: number | null }[]>();
    for (const [bridgePort, learned] of this.ports) {
      const name = nameOf(bridgePort);
      if (name === undefined) continue;
      named.set(name, [...(named.get(name) ?? []), ...learned.values()]);
    }
    return [...named]
      .map(([name, macs]) => ({
        name,
        count: new Set(macs.map(({ mac }) => mac)).size,
        macs: macs.sort(byMac).slice(0, mostMacsOfPort),
      }))
      .sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
  }
}

function byMac(a: { mac: string; vlan: number | null }, b: { mac: string; vlan: number | null }): number {
  if (a.mac !== b.mac) return a.mac < b.mac ? -1 : 1;
  return (a.vlan ?? 0) - (b.vlan ?? 0);
}

/** The last six numbers of an index as a MAC address; null when it is none that a device could have. */
export function macInIndex(parts: readonly string[]): string | null {
  const octets = parts.slice(-6).map(Number);
  const [first] = octets;
  if (octets.length !== 6 || first === undefined || octets.some((octet) => !(octet >= 0 && octet <= 255)))
    return null;
  // The lowest bit says "group": nobody sends with such an address.
  if ((first & 1) === 1 || octets.every((octet) => octet === 0)) return null;
  return octets.map((octet) => octet.toString(16).padStart(2, '0')).join(':');
}
