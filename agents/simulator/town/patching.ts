import type { Fault } from '@rackhaus/config/contract';
import { linksOfPort, otherEnd } from './cabling.ts';
import { placeAt, sameEnd } from './places.ts';
import { type Cabling, cablingOf, type Town, type TownEnd, type TownLink } from './topology.ts';

/** Why something cannot be done to the cables, for people. */
export interface Refusal {
  readonly refused: string;
}

/**
 * What was done to the cables since the calm day, by the fault that did it. A cable is known by its number: its index in the
 * town's links, or below zero (minus the fault's id) when a fault has plugged it in.
 */
export interface Patching {
  readonly pulled: ReadonlyMap<number, readonly number[]>;
  readonly plugged: ReadonlyMap<number, TownLink>;
}

export const calm: Patching = { pulled: new Map(), plugged: new Map() };

/** Cabling with the numbers of its cables. */
export interface PatchedCabling extends Cabling {
  /** Number of the cable at an index of `links`. */
  readonly numbers: readonly number[];
}

/** The cables that are in place after all that was done. */
export function cablingWith(town: Town, patching: Patching): PatchedCabling {
  const added = [...patching.plugged];
  const numbers = [...town.links.keys(), ...added.map(([fault]) => -fault)];
  const out = new Set([...patching.pulled.values()].flat());
  const links = [...town.links, ...added.map(([, link]) => link)];
  return { ...cablingOf(links, (index) => !out.has(numbers[index] ?? 0)), numbers };
}

/**
 * The patching that these faults make, where `before` is what earlier ones have made: what is no longer among them is undone,
 * what is new is done, in its order. Refuses when a cable's place is taken. The same object when no cable is touched.
 */
export function repatch(town: Town, before: Patching, faults: readonly Fault[]): Patching | Refusal {
  const known = new Set(faults.map((fault) => fault.id));
  const kept = <T>(all: ReadonlyMap<number, T>) => new Map([...all].filter(([fault]) => known.has(fault)));
  let patching: Patching = before;
  if ([...before.pulled.keys(), ...before.plugged.keys()].some((fault) => !known.has(fault))) {
    patching = { pulled: kept(before.pulled), plugged: kept(before.plugged) };
    const clash = doublyTaken(town, patching);
    if (clash !== null) return clash;
  }
  for (const fault of faults) {
    if (patching.pulled.has(fault.id) || patching.plugged.has(fault.id)) continue;
    const next =
      fault.kind === 'unplug-cable'
        ? pull(town, patching, fault)
        : fault.kind === 'plug-cable'
          ? plug(town, patching, fault)
          : patching;
    if ('refused' in next) return next;
    patching = next;
  }
  return patching;
}

/** Faults that have no cable left to pull once this one is undone: it had plugged in what they pulled. */
export function mootWithout(patching: Patching, fault: number): number[] {
  return [...patching.pulled].filter(([, cables]) => cables.every((one) => one === -fault)).map(([id]) => id);
}

/** Indexes of what would be pulled at a port: its cord; where there is none, the cable in the wall. */
export function cordsAt(cabling: Cabling, end: TownEnd): readonly number[] {
  const links = linksOfPort(cabling, end.owner, end.port);
  const cords = links.filter((link) => cabling.links[link]?.kind !== 'permanent');
  return cords.length > 0 ? cords : links;
}

/** The cable that is in the way when something is to be plugged in here; null where there is room. */
export function takenBy(town: Town, cabling: Cabling, end: TownEnd): number | null {
  const links = linksOfPort(cabling, end.owner, end.port);
  const place = placeAt(town, end);
  // In front of a panel or outlet is room for a cord, whatever lies behind it.
  const front = place?.kind === 'front';
  return links.find((link) => !front || cabling.links[link]?.kind !== 'permanent') ?? null;
}

function pull(town: Town, patching: Patching, fault: Fault): Patching | Refusal {
  const end = parseTarget(town, fault.target);
  const cabling = cablingWith(town, patching);
  const cords = end === null ? [] : cordsAt(cabling, end);
  if (cords.length === 0) return { refused: `There is no cable at ${fault.target}.` };
  const numbers = cords.map((index) => cabling.numbers[index] ?? 0);
  return { ...patching, pulled: new Map([...patching.pulled, [fault.id, numbers]]) };
}

function plug(town: Town, patching: Patching, fault: Fault): Patching | Refusal {
  const ends = parsePair(town, fault.target);
  if (ends === null) return { refused: `There are no two ports "${fault.target}".` };
  const [a, b] = ends;
  if (sameEnd(a, b)) return { refused: 'A cable needs two ports, and both ends name the same one.' };
  const cabling = cablingWith(town, patching);
  for (const end of ends) {
    const cable = takenBy(town, cabling, end);
    if (cable !== null) return taken(cabling, end, cable);
  }
  const powered = ends.map((end) => placeAt(town, end)?.power ?? null);
  if (powered[0] !== powered[1] && (powered[0] === null || powered[1] === null))
    return { refused: `${nameOf(a)} and ${nameOf(b)}: one is for power, the other for data.` };
  if (powered[0] !== null && powered[0] === powered[1])
    return { refused: `${nameOf(a)} and ${nameOf(b)}: a power cord needs an outlet and an inlet.` };
  const link: TownLink = { kind: powered[0] === null ? 'patch' : 'power', ends };
  return { ...patching, plugged: new Map([...patching.plugged, [fault.id, link]]) };
}

/** Undoing may not put a cable where another one has been plugged in since. */
function doublyTaken(town: Town, patching: Patching): Refusal | null {
  const cabling = cablingWith(town, patching);
  for (const [index, link] of cabling.links.entries()) {
    if ((cabling.numbers[index] ?? 0) >= 0) continue;
    for (const end of link.ends) {
      const there = linksOfPort(cabling, end.owner, end.port);
      if (!there.includes(index)) continue;
      const other = there.find(
        (one) =>
          one !== index && (placeAt(town, end)?.kind !== 'front' || cabling.links[one]?.kind !== 'permanent'),
      );
      if (other !== undefined) return taken(cabling, end, index);
    }
  }
  return null;
}

function taken(cabling: Cabling, end: TownEnd, cable: number): Refusal {
  return {
    refused: `${nameOf(end)} is taken by the cable to ${nameOf(otherEnd(cabling, cable, end))}. Pull that one first.`,
  };
}

/** A port as people name it. */
export function nameOf(end: TownEnd): string {
  return `${end.owner} ${end.port}`;
}

/** A port as a fault's target names it. */
export function targetOf(end: TownEnd): string {
  return `${end.owner}/${end.port}`;
}

/** The port that `<device>/<port>` names; null when there is none. Either part may hold a slash. */
export function parseTarget(town: Town, target: string): TownEnd | null {
  for (let slash = target.indexOf('/'); slash >= 0; slash = target.indexOf('/', slash + 1)) {
    const end = { owner: target.slice(0, slash), port: target.slice(slash + 1) };
    if (placeAt(town, end) !== null) return end;
  }
  return null;
}

/** The two ports that `<device>/<port>|<device>/<port>` names; null when one of them does not exist. */
export function parsePair(town: Town, target: string): readonly [TownEnd, TownEnd] | null {
  for (let bar = target.indexOf('|'); bar >= 0; bar = target.indexOf('|', bar + 1)) {
    const [a, b] = [parseTarget(town, target.slice(0, bar)), parseTarget(town, target.slice(bar + 1))];
    if (a !== null && b !== null) return [a, b];
  }
  return null;
}
