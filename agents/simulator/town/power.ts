import { linksOfPort } from './cabling.ts';
import { type Cabling, portKey, type Town, type TownDevice } from './topology.ts';
import type { Connection } from './wiring.ts';

export interface Feed {
  readonly inlet: string;
  readonly source: string;
  readonly outlet: string;
}

/** Who feeds whom, as documented by power cords: the feeds of a device, and what hangs on a device's outlets. */
export interface PowerMap {
  readonly feeds: ReadonlyMap<string, readonly Feed[]>;
  readonly fed: ReadonlyMap<string, readonly { readonly device: string; readonly outlet: string }[]>;
  /** Power over Ethernet: device to the switch that feeds it. */
  readonly poeSource: ReadonlyMap<string, string>;
}

/** The power map with the cords that are plugged in. `off`: {@link portKey} of outlets that are switched off. */
export function buildPowerMap(
  town: Town,
  poeSource: ReadonlyMap<string, string>,
  cabling: Cabling = town,
  off: ReadonlySet<string> = new Set(),
): PowerMap {
  const feeds = new Map<string, Feed[]>();
  const fed = new Map<string, { device: string; outlet: string }[]>();
  for (const device of town.devices.values()) {
    for (const inlet of device.inlets) {
      // A device whose cords are all pulled has feeds that give nothing, which is not the same as none documented.
      if (linksOfPort(town, device.name, inlet).some((index) => town.links[index]?.kind === 'power'))
        feeds.set(device.name, feeds.get(device.name) ?? []);
      for (const index of linksOfPort(cabling, device.name, inlet)) {
        const link = cabling.links[index];
        if (link?.kind !== 'power') continue;
        const source = link.ends.find((end) => portKey(end.owner, end.port) !== portKey(device.name, inlet));
        if (source === undefined || !town.devices.get(source.owner)?.outlets.includes(source.port)) continue;
        if (off.has(portKey(source.owner, source.port))) continue;
        feeds.set(device.name, [
          ...(feeds.get(device.name) ?? []),
          { inlet, source: source.owner, outlet: source.port },
        ]);
        fed.set(source.owner, [
          ...(fed.get(source.owner) ?? []),
          { device: device.name, outlet: source.port },
        ]);
      }
    }
  }
  return { feeds, fed, poeSource };
}

/** Devices without a documented power cord that hang on a port that can feed them. */
export function poeSources(
  town: Town,
  connections: ReadonlyMap<string, Connection>,
): ReadonlyMap<string, string> {
  const sources = new Map<string, string>();
  for (const device of town.devices.values()) {
    if (device.role !== 'access-point' && device.role !== 'sensor' && device.role !== 'other') continue;
    if (device.role !== 'access-point' && device.inlets.length > 0) continue;
    for (const port of device.ports) {
      const far = connections.get(portKey(device.name, port.name))?.far;
      if (far === undefined) continue;
      const fed = town.devices.get(far.owner)?.ports.find((candidate) => candidate.name === far.port)?.poe;
      if (fed === true) sources.set(device.name, far.owner);
    }
  }
  return sources;
}

/**
 * Which devices have power and run. A device with several inlets needs one of them; one without a documented cord hangs on
 * the mains, or on the switch that feeds it. `upsLives` says whether a UPS gives power when its mains are there or not.
 */
export function poweredDevices(
  town: Town,
  map: PowerMap,
  killed: ReadonlySet<string>,
  upsLives: (name: string, hasMains: boolean) => boolean,
): ReadonlySet<string> {
  const known = new Map<string, boolean>();
  const lives = (name: string): boolean => {
    const before = known.get(name);
    if (before !== undefined) return before;
    // A documented circle feeds nothing.
    known.set(name, false);
    const device = town.devices.get(name);
    const result = device !== undefined && !killed.has(name) && hasSupply(device);
    known.set(name, result);
    return result;
  };
  const hasSupply = (device: TownDevice): boolean => {
    const feeds = map.feeds.get(device.name);
    const poe = map.poeSource.get(device.name);
    const supplied =
      feeds !== undefined ? feeds.some((feed) => lives(feed.source)) : poe !== undefined ? lives(poe) : true;
    return device.role === 'ups' ? upsLives(device.name, supplied) : supplied;
  };
  return new Set([...town.devices.keys()].filter(lives));
}

/** Whether mains reach a UPS's inlet, apart from a fault that cuts them. */
export function reachesMains(map: PowerMap, ups: string, powered: ReadonlySet<string>): boolean {
  const feeds = map.feeds.get(ups);
  return feeds === undefined || feeds.some((feed) => powered.has(feed.source));
}

/** Watts through every outlet and into every device: own draw, and the share of what hangs on it. */
export function powerFlow(
  town: Town,
  map: PowerMap,
  powered: ReadonlySet<string>,
  own: (device: TownDevice) => number,
): PowerFlow {
  const outlets = new Map<string, number>();
  const into = new Map<string, number>();
  const total = (name: string, depth: number): number => {
    const before = into.get(name);
    if (before !== undefined) return before;
    const device = town.devices.get(name);
    if (device === undefined || !powered.has(name) || depth > 16) return 0;
    into.set(name, 0);
    let watts = own(device);
    for (const { device: consumer, outlet } of map.fed.get(name) ?? []) {
      const live = (map.feeds.get(consumer) ?? []).filter((feed) => powered.has(feed.source)).length;
      if (live === 0 || !powered.has(consumer)) continue;
      // Two power supplies share evenly; one that remains carries all.
      const share = total(consumer, depth + 1) / live;
      outlets.set(portKey(name, outlet), (outlets.get(portKey(name, outlet)) ?? 0) + share);
      watts += share;
    }
    into.set(name, watts);
    return watts;
  };
  for (const name of town.devices.keys()) total(name, 0);
  return { into, outlets };
}

export interface PowerFlow {
  /** Device name to watts that it takes in, with all that hangs on it. */
  readonly into: ReadonlyMap<string, number>;
  /** {@link portKey} of a power outlet to watts. */
  readonly outlets: ReadonlyMap<string, number>;
}
