import { type Cabling, isPassive, portKey, type Town, type TownDevice, type TownEnd } from './topology.ts';

/** What a network port leads to: a port of an active device or of a workplace's computer, or nothing. */
export type FarEnd = TownEnd | null;

/** Longest chain of panels that is followed: a loop ends there. */
const maxHops = 64;

/** Follows the cables from a network port through panels and outlets, front and rear one to one. */
export function farEnd(town: Town, device: string, port: string, cabling: Cabling = town): FarEnd {
  let here: TownEnd = { owner: device, port };
  let lane = 1;
  let link = nextLink(cabling, here, -1);
  for (let hop = 0; hop < maxHops && link !== null; hop++) {
    const arrived = otherEnd(cabling, link, here);
    if (town.workplaces.has(arrived.owner)) return arrived;
    const owner = town.devices.get(arrived.owner);
    if (owner !== undefined && !isPassive(owner)) return arrived;
    const inside = owner === undefined ? null : insidePort(owner, arrived.port, lane);
    if (inside !== null) lane = inside.lane;
    // Behind a wall outlet, or where a permanent link is documented at the same port as the cord.
    const onward = nextLink(cabling, arrived, link);
    if (onward !== null) {
      here = arrived;
      link = onward;
    } else if (inside !== null) {
      here = { owner: arrived.owner, port: inside.port };
      link = nextLink(cabling, here, link);
    } else return null;
  }
  return null;
}

/** Indexes of all links that are plugged in at this port. */
export function linksOfPort(cabling: Cabling, owner: string, port: string): readonly number[] {
  return cabling.linksAt.get(portKey(owner, port)) ?? [];
}

function nextLink(cabling: Cabling, at: TownEnd, used: number): number | null {
  for (const index of linksOfPort(cabling, at.owner, at.port))
    if (index !== used && cabling.links[index]?.kind !== 'power') return index;
  return null;
}

/** The end of a link that is not this one. */
export function otherEnd(cabling: Cabling, index: number, from: TownEnd): TownEnd {
  const link = cabling.links[index];
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
