import type { BilingualText, Fault, NewFault, SimulatorState } from '@rackhaus/config/contract';
import { farEnd } from './cabling.ts';
import { cordsAt, parsePair, parseTarget } from './patching.ts';
import { isPassive, portKey, type Town, type TownDevice } from './topology.ts';
import type { World } from './world.ts';

type Offer = SimulatorState['offers'][number];
type OfferedTarget = Offer['targets'][number];

/** What can be broken in this town, with words for people. */
export function offers(town: Town, canStopAgent: boolean): Offer[] {
  const monitored = [...town.devices.values()].filter((device) => device.monitoring !== null);
  const named = (devices: readonly TownDevice[]): OfferedTarget[] =>
    devices.map((device) => offered(device.name, `${device.name} (${device.room.replace(/^.*\//, '')})`));
  const list: Offer[] = [
    { kind: 'cut-mains', targets: named(monitored.filter((device) => device.role === 'ups')) },
    { kind: 'unplug-cable', targets: cables(town) },
    { kind: 'kill-device', targets: named(monitored.filter((device) => device.role !== 'sensor')) },
    { kind: 'heat-room', targets: rooms(town).map((room) => offered(room, room.replace('/', ', '))) },
    { kind: 'fill-disk', targets: named(monitored.filter(hasDisks)) },
    { kind: 'open-door', targets: named(monitored.filter((device) => device.role === 'sensor')) },
    { kind: 'leak-water', targets: named(monitored.filter((device) => device.role === 'sensor')) },
    {
      kind: 'stop-agent',
      targets: canStopAgent
        ? [{ target: '', label: { de: 'Agent dieses Rechners', en: 'Agent of this machine' } }]
        : [],
    },
  ];
  return list.filter((offer) => offer.targets.length > 0);
}

/** Whether this fault can be played here: something of that kind has that name. */
export function isPlayable(world: World, fault: NewFault, canStopAgent: boolean): boolean {
  const device = world.town.devices.get(fault.target);
  switch (fault.kind) {
    case 'cut-mains':
      return device?.role === 'ups';
    case 'kill-device':
      return device !== undefined && !isPassive(device);
    case 'fill-disk':
      return device !== undefined && hasDisks(device);
    case 'open-door':
    case 'leak-water':
      return device?.role === 'sensor';
    case 'heat-room':
      return world.town.rooms.includes(fault.target);
    case 'unplug-cable':
      return hasCable(world, fault.target);
    case 'plug-cable':
      return parsePair(world.town, fault.target) !== null;
    case 'stop-agent':
      return canStopAgent && fault.target === '';
  }
}

export function isSame(fault: Fault, other: NewFault): boolean {
  return fault.kind === other.kind && fault.target === other.target;
}

/** Whether the fault still does what it says: the cable that one has plugged in may have been pulled by another since. */
export function stillHolds(world: World, fault: Fault): boolean {
  switch (fault.kind) {
    case 'unplug-cable':
      return !hasCable(world, fault.target);
    case 'plug-cable':
      return ![...world.patching.pulled.values()].flat().includes(-fault.id);
    default:
      return true;
  }
}

function hasCable(world: World, target: string): boolean {
  const end = parseTarget(world.town, target);
  return end !== null && cordsAt(world.cabling, end).length > 0;
}

function hasDisks(device: TownDevice): boolean {
  return device.role === 'server' || device.role === 'storage';
}

/** Rooms with monitored devices in racks or on walls: heating a corridor's access point would show nothing. */
function rooms(town: Town): string[] {
  return town.rooms.filter((room) =>
    [...town.devices.values()].some((device) => device.room === room && device.role === 'sensor'),
  );
}

/** Cables between two monitored devices, named by the port of the first; the uplinks of switches come first. */
function cables(town: Town): OfferedTarget[] {
  const seen = new Set<string>();
  const found: { order: number; target: OfferedTarget }[] = [];
  for (const device of town.devices.values()) {
    if (device.monitoring === null) continue;
    for (const port of device.ports) {
      const far = farEnd(town, device.name, port.name);
      if (far === null) continue;
      const peer = town.devices.get(far.owner);
      if (peer === undefined || peer.monitoring === null || seen.has(portKey(device.name, port.name)))
        continue;
      seen.add(portKey(far.owner, far.port));
      const text = `${device.name} ${port.name} – ${far.owner} ${far.port}`;
      const order = (device.role === 'switch' ? 0 : 1) + (peer.role === 'switch' ? 0 : 1);
      found.push({ order, target: offered(`${device.name}/${port.name}`, text) });
    }
  }
  return found.sort((a, b) => a.order - b.order).map((item) => item.target);
}

function offered(target: string, text: string): OfferedTarget {
  const label: BilingualText = { de: text, en: text };
  return { target, label };
}
