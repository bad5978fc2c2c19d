import { setImmediate } from 'node:timers/promises';
import type { AlertPath, AlertSettings, BilingualText } from '@rackhaus/config/contract';
import { reasonFor, unknowns } from './reasons.ts';
import { gone, hasWayOut, type Need, nearby, unmet, type Ways } from './ways.ts';

/** A channel that is switched on. */
export interface Channel {
  readonly id: number;
  readonly kind: string;
  readonly name: string;
  /** null: belongs to nobody. */
  readonly person: string | null;
}
export interface ChannelNeed extends Need {
  readonly channel: Channel;
  readonly unknown: readonly BilingualText[];
}

/** What each way of telling needs, by what is set. */
export function needOf(channel: Channel, { mail, sms }: AlertSettings): ChannelNeed {
  const outside = (devices: readonly number[], unknown: readonly BilingualText[]) => ({
    channel,
    outside: true,
    devices,
    unknown,
  });
  switch (channel.kind) {
    case 'email':
      if (mail === null) return outside([], [unknowns.noMail]);
      return mail.deviceId === null ? outside([], [unknowns.mail]) : outside([mail.deviceId], []);
    case 'sms':
      if (sms === null) return outside([], [unknowns.noSms]);
      if (sms.by === 'gateway') return outside([], []);
      return {
        channel,
        outside: false,
        devices: sms.deviceId === null ? [] : [sms.deviceId],
        unknown: sms.deviceId === null ? [unknowns.modem] : [],
      };
    case 'local':
      return { channel, outside: false, devices: [], unknown: [unknowns.local] };
    default:
      return outside([], []);
  }
}

/** What was found of the ways of telling; devices by id. */
export interface Examined {
  readonly needs: readonly ChannelNeed[];
  /** By channel: what alone silences it. */
  readonly single: ReadonlyMap<number, readonly { readonly deviceId: number; readonly why: BilingualText }[]>;
  readonly silent: readonly Pick<AlertPath['silent'][number], 'deviceId' | 'people' | 'all'>[];
  readonly unknown: readonly BilingualText[];
}

/** Tries each device nearby: who would not hear of its fault. Others get a turn in between: it may take seconds in all. */
export async function examine(ways: Ways | null, needs: readonly ChannelNeed[]): Promise<Examined> {
  if (ways === null) return { needs, single: new Map(), silent: [], unknown: [unknowns.server] };
  const unknown = hasWayOut(ways) ? [] : [unknowns.way];
  if (needs.length === 0) return { needs, single: new Map(), silent: [], unknown };
  const why = reasonFor(ways);
  const single = new Map<number, { deviceId: number; why: BilingualText }[]>();
  const silent: Examined['silent'][number][] = [];
  const byPerson = Map.groupBy(needs, ({ channel }) => channel.person);
  for (const deviceId of nearby(ways, [...new Set(needs.flatMap(({ devices }) => devices))])) {
    await setImmediate();
    const lost = new Set(unmet(ways, gone([deviceId]), needs));
    for (const need of lost) {
      const list = single.get(need.channel.id) ?? [];
      list.push({ deviceId, why: why(deviceId, need, need.channel.kind) });
      single.set(need.channel.id, list);
    }
    const people = [...byPerson].flatMap(([person, theirs]) =>
      person !== null && theirs.every((need) => lost.has(need)) ? [person] : [],
    );
    if (people.length > 0) silent.push({ deviceId, people, all: lost.size === needs.length });
  }
  return { needs, single, silent, unknown };
}

/** What an open incident has taken away. */
export interface Taken {
  readonly incidentId: number;
  readonly devices: readonly number[];
  readonly cables: readonly number[];
}

/** So many incidents are asked one by one what they interrupt; of more, all of them together are to blame. */
const mostAsked = 50;

/**
 * Which channels are interrupted by which incidents. What only several of them together interrupt is put down to all that have
 * taken something away.
 */
export function interruptions(
  ways: Ways | null,
  needs: readonly ChannelNeed[],
  taken: readonly Taken[],
): Map<number, number[]> {
  const by = new Map<number, number[]>();
  if (ways === null || taken.length === 0 || needs.length === 0) return by;
  const lost = unmet(
    ways,
    gone(
      taken.flatMap(({ devices }) => devices),
      taken.flatMap(({ cables }) => cables),
    ),
    needs,
  );
  if (lost.length === 0) return by;
  if (taken.length <= mostAsked)
    for (const { incidentId, devices, cables } of taken)
      for (const { channel } of unmet(ways, gone(devices, cables), lost))
        by.set(channel.id, [...(by.get(channel.id) ?? []), incidentId]);
  for (const { channel } of lost)
    if (!by.has(channel.id))
      by.set(
        channel.id,
        taken.map(({ incidentId }) => incidentId),
      );
  return by;
}
