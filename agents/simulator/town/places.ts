import { isPassive, portKey, type Town, type TownDevice, type TownEnd } from './topology.ts';
import { workplacePort } from './workplaces.ts';

/** Where a cable can be plugged in. */
export interface Place extends TownEnd {
  /** `front`: of a panel or outlet, where a cord goes; `rear`: of a panel; `own`: of an active device or a workplace. */
  readonly kind: 'own' | 'front' | 'rear';
  /** Of a power port: whether it takes or gives; null for data. */
  readonly power: 'inlet' | 'outlet' | null;
  /** `<site>/<room>` */
  readonly room: string;
}

/** All places of the town, by what they belong to. */
export function places(town: Town): Place[] {
  return [
    ...[...town.devices.values()].flatMap((device) => placesOf(town, device)),
    ...[...town.outlets.values()].flatMap(({ name, jacks, room }) =>
      jacks.map((port): Place => ({ owner: name, port, kind: 'front', power: null, room })),
    ),
    ...[...town.workplaces.values()].map(
      ({ name, room }): Place => ({ owner: name, port: workplacePort, kind: 'own', power: null, room }),
    ),
  ];
}

/** The place that a port's name means; null when there is no such port. */
export function placeAt(town: Town, end: TownEnd): Place | null {
  const device = town.devices.get(end.owner);
  if (device !== undefined) return placesOf(town, device).find((place) => place.port === end.port) ?? null;
  const outlet = town.outlets.get(end.owner);
  if (outlet !== undefined)
    return outlet.jacks.includes(end.port) ? { ...end, kind: 'front', power: null, room: outlet.room } : null;
  const workplace = town.workplaces.get(end.owner);
  if (workplace === undefined || end.port !== workplacePort) return null;
  return { ...end, kind: 'own', power: null, room: workplace.room };
}

export function sameEnd(a: TownEnd, b: TownEnd): boolean {
  return a.owner === b.owner && a.port === b.port;
}

function placesOf(town: Town, device: TownDevice): Place[] {
  const { name: owner, room, type } = device;
  const place = (port: string, kind: Place['kind'], power: Place['power'] = null): Place => ({
    owner,
    port,
    kind,
    power,
    room,
  });
  const fronts = type['front-ports'].map((port) => port.name);
  const used = (port: string) => town.linksAt.has(portKey(owner, port));
  return [
    ...device.ports
      // Ports that exist in software only take no cable.
      .filter((port) => !port.wireless && (port.speed > 0 || used(port.name)))
      .map((port) => place(port.name, isPassive(device) ? 'front' : 'own')),
    ...fronts.map((port) => place(port, 'front')),
    ...type['rear-ports']
      .filter((port) => !fronts.includes(port.name))
      .map((port) => place(port.name, 'rear')),
    ...device.inlets.map((port) => place(port, 'own', 'inlet')),
    ...device.outlets.map((port) => place(port, 'own', 'outlet')),
  ];
}
