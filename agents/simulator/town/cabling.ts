import { chance, seedOf } from './noise.ts';
import { isPassive, portKey, type Town, type TownDevice, type TownEnd } from './topology.ts';

/** What a network port leads to: a port of a device, someone's computer behind a wall outlet, or nothing. */
export type FarEnd = TownEnd | 'client' | null;

/** Longest chain of panels that is followed: a documented loop ends there. */
const maxHops = 64;

/**
 * Follows the cables from a network port through panels and outlets, front and rear one to one. `plugged` says which links
 * (by their index) are in place.
 */
export function farEnd(town: Town, device: string, port: string, plugged: (link: number) => boolean): FarEnd {
  let here: TownEnd = { owner: device, port };
  let lane = 1;
  let link = nextLink(town, here, -1, plugged);
  for (let hop = 0; hop < maxHops && link !== null; hop++) {
    const arrived = otherEnd(town, link, here);
    const owner = town.devices.get(arrived.owner);
    if (owner !== undefined && !isPassive(owner)) return arrived;
    const inside = owner === undefined ? null : insidePort(owner, arrived.port, lane);
    if (inside !== null) lane = inside.lane;
    // Behind a wall outlet, or where a permanent link is documented at the same port as the cord.
    const onward = nextLink(town, arrived, link, plugged);
    if (onward !== null) {
      here = arrived;
      link = onward;
    } else if (inside !== null) {
      here = { owner: arrived.owner, port: inside.port };
      link = nextLink(town, here, link, plugged);
    } else {
      // Most wall outlets that are patched have a workplace at their end.
      const used = owner === undefined && chance(seedOf(portKey(arrived.owner, arrived.port)), 1) < 0.85;
      return used ? 'client' : null;
    }
  }
  return null;
}

/** The links of the fault: all that are plugged in at this port. */
export function linksOfPort(town: Town, owner: string, port: string): readonly number[] {
  return town.linksAt.get(portKey(owner, port)) ?? [];
}

function nextLink(town: Town, at: TownEnd, used: number, plugged: (link: number) => boolean): number | null {
  for (const index of linksOfPort(town, at.owner, at.port)) {
    if (index !== used && plugged(index) && town.links[index]?.kind !== 'power') return index;
  }
  return null;
}

function otherEnd(town: Town, index: number, from: TownEnd): TownEnd {
  const link = town.links[index];
  if (link === undefined) throw new Error(`there is no link ${index}`);
  const [a, b] = link.ends;
  return a.owner === from.owner && a.port === from.port ? b : a;
}

/** The other side of a panel's port: rear of a front port, or the front port of a rear port's lane. */
function insidePort(panel: TownDevice, port: string, lane: number): { port: string; lane: number } | null {
  const front = panel.type['front-ports'].find((candidate) => candidate.name === port);
  // A front and its rear port may have the same name: then only one of them is known by it, and both are one port here.
  if (front?.rear_port !== undefined && front.rear_port !== port)
    return { port: front.rear_port, lane: front.rear_port_position };
  const behind = panel.type['front-ports'].find(
    (candidate) =>
      candidate.rear_port === port && candidate.name !== port && candidate.rear_port_position === lane,
  );
  return behind === undefined ? null : { port: behind.name, lane };
}
