import type { Condition } from '@rackhaus/config/contract';
import type { Standing } from '../monitoring/conditions.ts';
import type { Family } from './family.ts';
import type { FoundCause, HeldBy } from './parts.ts';

/** Where a device is, for people and for who is asked to come. */
export interface DevicePlace {
  readonly name: string;
  readonly place: string;
  readonly roomId: number | null;
  readonly roomName: string | null;
  readonly siteId: number | null;
  readonly siteName: string | null;
}

/** All that is decided from, as it is at one moment. */
export interface World {
  /** What holds now, by id; also what others report and what drills play. */
  readonly conditions: ReadonlyMap<string, Condition>;
  readonly causes: readonly FoundCause[];
  readonly familyOf: (condition: Condition) => Family;
  readonly standing: (deviceId: number) => Standing;
  /** `heard`: it has spoken since this process began; undefined: there is no such agent. */
  readonly agent: (name: string) => { readonly id: number; readonly heard: boolean } | undefined;
  readonly placeOf: (deviceId: number) => DevicePlace | undefined;
  readonly heldBy: HeldBy;
  /** Whether the source of what is reported has spoken since this process began. */
  readonly reported: (source: string) => boolean;
  /** Keys of incidents that have been looked into: all that was to be read again has been. */
  readonly verified: ReadonlySet<string>;
}

/** What others report has ids of its own: `own/<source>/<id>`, of a drill `drill/<drill>/<id>`. */
export const ownPrefix = 'own/';
export const drillPrefix = 'drill/';

/** Who reports it; null: nobody does, it comes from readings. */
export function sourceOf({ id }: Pick<Condition, 'id'>): string | null {
  if (id.startsWith(ownPrefix)) return id.split('/')[1] ?? '';
  return id.startsWith(drillPrefix) ? (id.split('/')[2] ?? '') : null;
}

/** Whether it comes from readings, so that silence says nothing of it. */
export function isRead({ id }: Pick<Condition, 'id'>): boolean {
  return !id.startsWith(ownPrefix) && !id.startsWith(drillPrefix);
}

/** Source of what devices say by themselves: the same faults that are read of them. */
export const saidBy = 'syslog';

/** The key of the incident that is made of what a device says by itself. */
export function saidKey(deviceId: number): string {
  return `own:${saidBy}/${deviceId}`;
}
