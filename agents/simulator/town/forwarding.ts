import { macAddress } from './mac.ts';
import { defaultVlan } from './networks.ts';
import { portKey, type Town, type TownDevice } from './topology.ts';
import type { Connection } from './wiring.ts';

/** What is attached to a switch: a device's port, a computer, a telephone; or a switch's own management address. */
export interface Station {
  readonly mac: Uint8Array;
  readonly vlan: number;
  /** IPv4 address in dotted form; null where it has none that is known. */
  readonly address: string | null;
  /** Switch that it is attached to, or that it is. */
  readonly at: string;
  /** The edge port there; 0 for the switch's own address. */
  readonly ifIndex: number;
}

/** One MAC address that a switch has learned. */
export interface Learned {
  readonly station: Station;
  readonly ifIndex: number;
}

/** What the network knows of who is where. */
export interface Forwarding {
  /** What each switch that runs has learned. */
  readonly learned: ReadonlyMap<string, readonly Learned[]>;
  /** What a gateway would resolve: stations by the device that does, with the interface towards them. */
  readonly neighbours: ReadonlyMap<string, readonly Learned[]>;
}

/** What is looked at; {@link World} is one. */
export interface Wired {
  readonly town: Town;
  isOn(device: string): boolean;
  /** What a port is connected to, if its link is up. */
  connection(key: string): Connection | undefined;
}

interface Uplink {
  readonly ifIndex: number;
  readonly peer: string;
  readonly peerIfIndex: number;
}

/**
 * Learns as bridges do: over the one loop-free tree of links that spanning tree leaves, a station is seen at its edge port,
 * and on every other switch at the port towards it.
 */
export function learn(wired: Wired): Forwarding {
  const switches = [...wired.town.devices.values()].filter(
    (device) => device.role === 'switch' && wired.isOn(device.name),
  );
  const uplinks = new Map(switches.map((device) => [device.name, uplinksOf(wired, device)]));
  const stations = switches.flatMap((device) => stationsAt(wired, device));
  const { tree, islands } = spanningTree(uplinks);
  const learned = new Map<string, readonly Learned[]>();
  for (const { name } of switches) {
    const towards = firstHops(tree, name);
    learned.set(
      name,
      stations.flatMap((station): Learned[] => {
        if (station.at === name) return station.ifIndex === 0 ? [] : [{ station, ifIndex: station.ifIndex }];
        const ifIndex = towards.get(station.at);
        return ifIndex === undefined ? [] : [{ station, ifIndex }];
      }),
    );
  }
  return { learned, neighbours: resolved(wired, islands, stations, learned) };
}

/** Links to other switches that are up. */
function uplinksOf(wired: Wired, device: TownDevice): Uplink[] {
  return device.ports.flatMap((port) => {
    const far = wired.connection(portKey(device.name, port.name))?.far;
    const peer = far === undefined ? undefined : wired.town.devices.get(far.owner);
    const peerPort = peer?.ports.find(({ name }) => name === far?.port);
    if (peer?.role !== 'switch' || peerPort === undefined) return [];
    return [{ ifIndex: port.ifIndex, peer: peer.name, peerIfIndex: peerPort.ifIndex }];
  });
}

function stationsAt(wired: Wired, device: TownDevice): Station[] {
  const { town } = wired;
  const own = device.monitoring?.address ?? null;
  const found: Station[] = [
    {
      mac: macAddress(device, 0),
      vlan: (own === null ? null : town.networks.vlanOf(own)) ?? defaultVlan,
      address: own,
      at: device.name,
      ifIndex: 0,
    },
  ];
  for (const port of device.ports) {
    const key = portKey(device.name, port.name);
    const connection = wired.connection(key);
    if (connection === undefined) continue;
    const place = { at: device.name, ifIndex: port.ifIndex };
    const documented = town.networks.untagged.get(key);
    const { workplace, far } = connection;
    if (workplace !== null) {
      const { computers, telephones, telephoneVlan } = town.networks;
      const vlan = documented ?? defaultVlan;
      const address = (network: readonly number[] | null) =>
        network === null || workplace.number > 220 ? null : `${network.join('.')}.${workplace.number + 20}`;
      found.push({ mac: workplace.computer, vlan, address: address(computers), ...place });
      if (workplace.telephone !== null)
        found.push({
          mac: workplace.telephone,
          vlan: telephoneVlan ?? vlan,
          address: address(telephones),
          ...place,
        });
      continue;
    }
    const peer = town.devices.get(far.owner);
    if (peer === undefined || peer.role === 'switch') continue;
    const number = peer.ports.find((candidate) => candidate.name === far.port)?.ifIndex ?? 0;
    const address = peer.monitoring?.address ?? null;
    const vlan = documented ?? (address === null ? null : town.networks.vlanOf(address)) ?? defaultVlan;
    found.push({ mac: macAddress(peer, number), vlan, address, ...place });
  }
  return found;
}

type Tree = ReadonlyMap<string, readonly Uplink[]>;

/** The links that carry traffic: no loop, from the switch with most links downwards; and the switches of each island. */
function spanningTree(uplinks: Tree): { tree: Tree; islands: readonly (readonly string[])[] } {
  const tree = new Map<string, Uplink[]>([...uplinks.keys()].map((name) => [name, []]));
  const seen = new Set<string>();
  const islands: string[][] = [];
  const degree = (name: string) => uplinks.get(name)?.length ?? 0;
  const roots = [...uplinks.keys()].sort((a, b) => degree(b) - degree(a) || (a < b ? -1 : 1));
  for (const root of roots) {
    if (seen.has(root)) continue;
    const island = [root];
    seen.add(root);
    for (const name of island) {
      for (const link of uplinks.get(name) ?? []) {
        if (seen.has(link.peer)) continue;
        seen.add(link.peer);
        island.push(link.peer);
        tree.get(name)?.push(link);
        tree.get(link.peer)?.push({ ifIndex: link.peerIfIndex, peer: name, peerIfIndex: link.ifIndex });
      }
    }
    islands.push(island);
  }
  return { tree, islands };
}

/** By which interface each other switch is reached from one. */
function firstHops(tree: Tree, from: string): ReadonlyMap<string, number> {
  const hops = new Map<string, number>();
  const queue: { name: string; ifIndex: number }[] = [{ name: from, ifIndex: 0 }];
  for (const { name, ifIndex } of queue)
    for (const link of tree.get(name) ?? []) {
      if (link.peer === from || hops.has(link.peer)) continue;
      const hop = name === from ? link.ifIndex : ifIndex;
      hops.set(link.peer, hop);
      queue.push({ name: link.peer, ifIndex: hop });
    }
  return hops;
}

/** The core of each island and its firewalls, or routers where it has none, know who has which address. */
function resolved(
  wired: Wired,
  islands: readonly (readonly string[])[],
  stations: readonly Station[],
  learned: ReadonlyMap<string, readonly Learned[]>,
): ReadonlyMap<string, readonly Learned[]> {
  const neighbours = new Map<string, readonly Learned[]>();
  for (const island of islands) {
    const inside = new Set(island);
    const [core] = island;
    // A device with several ports is resolved once.
    const known = new Map<string, Station>();
    for (const station of stations)
      if (inside.has(station.at) && station.address !== null && !known.has(station.address))
        known.set(station.address, station);
    const kept = new Set(known.values());
    if (core !== undefined)
      neighbours.set(
        core,
        (learned.get(core) ?? []).filter(({ station }) => kept.has(station)),
      );
    const gateways = (role: TownDevice['role']) =>
      [...wired.town.devices.values()].flatMap((device) => {
        if (device.role !== role) return [];
        const port = device.ports.find(({ name }) =>
          inside.has(wired.connection(portKey(device.name, name))?.far.owner ?? ''),
        );
        return port === undefined ? [] : [{ device, ifIndex: port.ifIndex }];
      });
    const firewalls = gateways('firewall');
    for (const { device, ifIndex } of firewalls.length > 0 ? firewalls : gateways('router')) {
      const own = device.monitoring?.address;
      const others = [...kept].filter((station) => station.address !== own);
      neighbours.set(
        device.name,
        others.map((station) => ({ station, ifIndex })),
      );
    }
  }
  return neighbours;
}
