import type { SnmpCredentials } from '@rackhaus/config/contract';
import type { DeviceTypeFile } from '@rackhaus/config/device-types';
import type { InventoryDevice, InventoryFile, InventoryLink } from '@rackhaus/config/inventory-file';
import { buildNetworks, type Networks } from './networks.ts';
import { seedOf } from './noise.ts';
import { cordsOf, type Workplace, workplaces } from './workplaces.ts';

export interface TownPort {
  readonly name: string;
  readonly ifIndex: number;
  /** What it can do at most, bit/s; 0 where the type does not say (virtual ports). */
  readonly speed: number;
  readonly wireless: boolean;
  /** It can feed what is plugged in. */
  readonly poe: boolean;
  readonly mgmtOnly: boolean;
}

export interface TownDevice {
  readonly name: string;
  readonly role: InventoryDevice['role'];
  readonly type: DeviceTypeFile;
  /** `<site>/<room>` */
  readonly room: string;
  /** For sysLocation. */
  readonly place: string;
  readonly serial: string;
  readonly monitoring: InventoryDevice['monitoring'] | null;
  readonly credentials: SnmpCredentials | null;
  readonly seed: number;
  readonly ports: readonly TownPort[];
  readonly inlets: readonly string[];
  readonly outlets: readonly string[];
}

/** What is joined to what. */
export interface Cabling {
  readonly links: readonly TownLink[];
  /** Indexes of the links that are in place at a port; see {@link portKey}. */
  readonly linksAt: ReadonlyMap<string, readonly number[]>;
}

export interface TownOutlet {
  readonly name: string;
  /** `<site>/<room>` */
  readonly room: string;
  readonly jacks: readonly string[];
}

/** The town on a calm day: devices by name, and cabling as documented, with the computers of its workplaces. */
export interface Town extends Cabling {
  readonly devices: ReadonlyMap<string, TownDevice>;
  readonly outlets: ReadonlyMap<string, TownOutlet>;
  readonly workplaces: ReadonlyMap<string, Workplace>;
  readonly rooms: readonly string[];
  readonly networks: Networks;
}

export interface TownEnd {
  readonly owner: string;
  readonly port: string;
}

export interface TownLink {
  readonly kind: InventoryLink['kind'];
  readonly ends: readonly [TownEnd, TownEnd];
}

const passiveRoles: readonly string[] = ['panel', 'cable-manager', 'shelf', 'outlet'];

export function isPassive(device: TownDevice): boolean {
  return passiveRoles.includes(device.role);
}

/** It leads packets on from port to port. */
export function forwards(device: TownDevice): boolean {
  return device.role === 'switch' || device.role === 'firewall' || device.role === 'router';
}

export function portKey(owner: string, port: string): string {
  return `${owner}:${port}`;
}

/**
 * Makes the town of an inventory and its device types.
 * @throws Error naming the device whose type or credentials are unknown, or the link that leads nowhere.
 */
export function buildTown(inventory: InventoryFile, types: ReadonlyMap<string, DeviceTypeFile>): Town {
  const devices = new Map<string, TownDevice>();
  for (const device of inventory.devices) devices.set(device.name, townDevice(device, inventory, types));
  const outlets = new Map(
    inventory.outlets.map((outlet): [string, TownOutlet] => [
      outlet.name,
      {
        name: outlet.name,
        room: outlet.room,
        jacks: Array.from({ length: outlet.ports }, (_, at) => `${at + 1}`),
      },
    ]),
  );
  const documented = inventory.links.map((link): TownLink => {
    const ends = [parseEnd(link.from), parseEnd(link.to)] as const;
    for (const end of ends)
      if (!devices.has(end.owner) && !outlets.has(end.owner))
        throw new Error(`link ${link.from} - ${link.to}: there is no device or outlet "${end.owner}"`);
    return { kind: link.kind, ends };
  });
  const people = workplaces(outlets.values(), cablingOf(documented));
  const links = [...documented, ...cordsOf(people)];
  return {
    devices,
    outlets,
    workplaces: new Map(people.map((workplace) => [workplace.name, workplace])),
    rooms: [...new Set(inventory.devices.map((d) => d.room))],
    networks: buildNetworks(inventory),
    ...cablingOf(links),
  };
}

/** Cabling of these links; with `inPlace`, of those only for whose index it is true. */
export function cablingOf(
  links: readonly TownLink[],
  inPlace: (link: number) => boolean = () => true,
): Cabling {
  const linksAt = new Map<string, number[]>();
  for (const [index, link] of links.entries()) {
    if (!inPlace(index)) continue;
    for (const end of link.ends) {
      const key = portKey(end.owner, end.port);
      const there = linksAt.get(key);
      if (there === undefined) linksAt.set(key, [index]);
      else there.push(index);
    }
  }
  return { links, linksAt };
}

function parseEnd(text: string): TownEnd {
  const colon = text.indexOf(':');
  return { owner: text.slice(0, colon), port: text.slice(colon + 1) };
}

function townDevice(
  device: InventoryDevice,
  inventory: InventoryFile,
  types: ReadonlyMap<string, DeviceTypeFile>,
): TownDevice {
  const type = types.get(device.type);
  if (type === undefined) throw new Error(`${device.name}: there is no device type "${device.type}"`);
  const wanted = device.monitoring?.credentials;
  const credentials = wanted === undefined ? null : inventory.credentials[wanted];
  if (credentials === undefined) throw new Error(`${device.name}: there are no credentials "${wanted}"`);
  const seed = seedOf(device.name);
  return {
    name: device.name,
    role: device.role,
    type,
    room: device.room,
    place: [device.room.replace('/', ', '), device.rack].filter(Boolean).join(', '),
    serial: device.serial ?? `S${seed.toString(36).toUpperCase().padStart(7, '0')}`,
    monitoring: device.monitoring ?? null,
    credentials,
    seed,
    ports: type.interfaces.map((port, index) => ({
      name: port.name,
      ifIndex: index + 1,
      speed: speedOf(port.type),
      wireless: port.type.startsWith('ieee802.11'),
      poe: port.poe_mode === 'pse',
      mgmtOnly: port.mgmt_only ?? false,
    })),
    inlets: type['power-ports'].map((port) => port.name),
    outlets: type['power-outlets'].map((port) => port.name),
  };
}

/** bit/s of an interface type of the NetBox device-type library, such as `2.5gbase-t` or `100base-tx`. */
function speedOf(type: string): number {
  const match = /^(\d+(?:\.\d+)?)(g?)base/.exec(type);
  if (match) return Number(match[1]) * (match[2] === 'g' ? 1e9 : 1e6);
  return type.startsWith('ieee802.11') ? 1_200_000_000 : 0;
}
