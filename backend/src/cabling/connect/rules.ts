import type { CableRemark, RecordValues } from '@rackhaus/config/contract';
import type { LinkKind, Shape } from './compatible.ts';

export type Medium = NonNullable<RecordValues<'link'>['medium']>;

/** EN 50173-1: a permanent link is at most 90 m, the channel with its cords 100 m, and the cords together 10 m. */
export const limits = { linkM: 90, channelM: 100, cordsM: 10 } as const;
/** Cords are stranded and lose more: a metre of cord beyond what is allowed costs so many metres of link (EN 50173-1). */
const linkPerCord = 1.5;

const copper: ReadonlySet<Medium> = new Set(['cat5e', 'cat6', 'cat6a', 'cat7', 'cat7a', 'cat8', 'telephone']);
const glass: ReadonlySet<Medium> = new Set(['om1', 'om2', 'om3', 'om4', 'om5', 'os1', 'os2', 'aoc']);

/** One cable on the way of a channel. */
export interface Run {
  readonly kind: LinkKind;
  readonly medium: Medium | null;
  /** null: not known. */
  readonly lengthM: number | null;
}

/** A cable that is to be, and what is known around it. */
export interface RuledCable extends Run {
  /** All cables of its channel, with itself, from device to device; itself alone where nothing more is known. */
  readonly channel: readonly Run[];
  /** Connectors at both ends. */
  readonly shapes: readonly (Shape | null)[];
  /** Fastest port at its ends, in Gbit/s; null where that is not known. */
  readonly speedGbps: number | null;
  /** What a cable between both ends needs at least; null where that is not known. */
  readonly leastM: number | null;
}

/** What EN 50173 and the shelf say of a cable: only warnings, because what is there is there. */
export function ruleRemarks(cable: RuledCable): CableRemark[] {
  return [
    ...lengthRemarks(cable),
    ...mediumRemarks(cable),
    ...(cable.lengthM !== null && cable.leastM !== null && cable.lengthM < cable.leastM
      ? [warn('length-too-short', { metres: cable.lengthM, least: cable.leastM })]
      : []),
  ];
}

function lengthRemarks(cable: RuledCable): CableRemark[] {
  const { kind, lengthM, channel } = cable;
  if (kind === 'power' || kind === 'provider' || kind === 'console') return [];
  // The lengths of EN 50173 are those of copper; glass reaches as far as its transceivers do.
  if (channel.some(({ medium }) => medium !== null && !copper.has(medium))) return [];
  if (cable.shapes.some((shape) => shape === 'lc' || shape === 'sc')) return [];
  const remarks: CableRemark[] = [];
  if (kind === 'permanent' && lengthM !== null && lengthM > limits.linkM)
    remarks.push(warn('link-too-long', { metres: lengthM, most: limits.linkM }));
  const sum = (runs: readonly Run[]) => runs.reduce((total, run) => total + (run.lengthM ?? 0), 0);
  const cords = sum(channel.filter((run) => run.kind !== 'permanent'));
  const links = sum(channel.filter((run) => run.kind === 'permanent'));
  const total = cords + links;
  // A cord from device to device has no link that it would cost something.
  if (links > 0) {
    const most = mostCords(links);
    if (cords > most) remarks.push(warn('cords-too-long', { metres: round(cords), most: round(most) }));
  }
  if (total > limits.channelM)
    remarks.push(warn('channel-too-long', { metres: round(total), most: limits.channelM }));
  return remarks;
}

/** How long the cords of a channel may be together beside a link of this length. */
export function mostCords(linkM: number): number {
  return limits.cordsM + Math.max(0, limits.linkM - linkM) / linkPerCord;
}

/** Gbit/s that a medium carries over the length that it is made for (ISO/IEC 11801-1, IEEE 802.3). */
const carries: Readonly<Partial<Record<Medium, number>>> = {
  telephone: 0.1,
  cat5e: 1,
  cat6: 1,
  cat6a: 10,
  cat7: 10,
  cat7a: 10,
  cat8: 40,
  om1: 1,
  om2: 1,
};
/** Cat. 6 carries 10 Gbit/s over this far at most (TIA TSB-155). */
const tenOnCat6M = 55;

function mediumRemarks({ kind, medium, lengthM, shapes, speedGbps }: RuledCable): CableRemark[] {
  if (medium === null || kind === 'power') return [];
  const remarks: CableRemark[] = [];
  const glassEnd = shapes.find((shape) => shape === 'lc' || shape === 'sc');
  const copperEnd = shapes.find((shape) => shape === 'rj45');
  if (copper.has(medium) && glassEnd !== undefined)
    remarks.push(warn('fibre-and-copper', { a: medium, b: glassEnd }));
  if (glass.has(medium) && copperEnd !== undefined)
    remarks.push(warn('fibre-and-copper', { a: medium, b: copperEnd }));
  const most = medium === 'cat6' && lengthM !== null && lengthM <= tenOnCat6M ? 10 : carries[medium];
  if (speedGbps !== null && most !== undefined && speedGbps > most)
    remarks.push(warn('medium-too-slow', { medium, speed: speedGbps }));
  return remarks;
}

/** Gbit/s of an interface by its type in the device-type library: `10gbase-t`, `100gbase-x-qsfp28`; null for what is none. */
export function speedOfType(type: string): number | null {
  const match = /^(\d+(?:\.\d+)?)(m|g)?base/.exec(type.toLowerCase());
  if (match === null) return null;
  const value = Number(match[1]);
  // "100base-tx" and "1000base-t" are megabits, "2.5gbase-t" are gigabits.
  return match[2] === 'g' ? value : value / 1000;
}

/** Where a port is, as far as the way of a cable is concerned. */
export interface Spot {
  readonly roomId: number | null;
  readonly rackId: number | null;
  /** Of the rack in its room's row, counted from 0. */
  readonly rackIndex: number | null;
  /** Lowest unit, in rack units. */
  readonly position: number | null;
}

const unitM = 0.04445;
const rackWidthM = 0.6;
/** Out of the face, into the cable guide, and in again. */
const slackM = 0.3;

/**
 * What a cord between two places needs at least, in metres: along the units, and over the racks that lie between. null where that
 * cannot be told, as between rooms.
 */
export function leastLength(a: Spot, b: Spot): number | null {
  if (a.roomId === null || a.roomId !== b.roomId || a.rackId === null || b.rackId === null) return null;
  if (a.position === null || b.position === null) return null;
  if (a.rackId === b.rackId) return tenths(Math.abs(a.position - b.position) * unitM + slackM);
  if (a.rackIndex === null || b.rackIndex === null) return null;
  const across = Math.abs(a.rackIndex - b.rackIndex) * rackWidthM;
  return tenths(Math.abs(a.position - b.position) * unitM + across + slackM);
}

/** Lengths in which cords are sold. */
export const soldLengths = [0.5, 1, 1.5, 2, 3, 5, 7.5, 10, 15, 20, 30] as const;

/** The shortest cord of the trade that reaches; null when none does. */
export function cordFor(leastM: number): number | null {
  return soldLengths.find((length) => length >= leastM) ?? null;
}

function tenths(metres: number): number {
  return Math.round(metres * 10) / 10;
}
function round(metres: number): number {
  return Math.round(metres * 100) / 100;
}
function warn(code: CableRemark['code'], values: CableRemark['values']): CableRemark {
  return { level: 'warn', code, values };
}
