import type {
  BilingualText,
  Condition,
  IncidentCause,
  IncidentEvent,
  IncidentMember,
  IncidentState,
  NoticeKind,
  Severity,
} from '@rackhaus/config/contract';

/** A moment: by the clock, for what people read; and by one that nobody sets (ms), for how long something lasts. */
export interface Moment {
  readonly now: number;
  readonly steady: number;
}

export interface Member {
  readonly role: IncidentMember['role'];
  readonly condition: Condition;
  readonly since: number;
  readonly endedAt: number | null;
}

/** One fault as the engine knows it. Never changed: what becomes of it is another one. */
export interface Incident {
  /** 0: not written yet. */
  readonly id: number;
  readonly key: string;
  readonly state: IncidentState;
  readonly severity: Severity;
  readonly title: BilingualText;
  readonly advice: BilingualText;
  readonly place: string;
  readonly cause: IncidentCause;
  readonly siteId: number | null;
  readonly roomId: number | null;
  readonly since: number;
  readonly openedAt: number | null;
  readonly acknowledgedAt: number | null;
  readonly acknowledgedBy: string | null;
  readonly resolvedAt: number | null;
  readonly snoozedUntil: number | null;
  readonly heldBy: { readonly id: number; readonly name: string } | null;
  readonly flapping: boolean;
  readonly unknown: boolean;
  readonly drill: boolean;
  readonly updatedAt: number;
  /** By the condition's id. */
  readonly members: ReadonlyMap<string, Member>;
  /** Somebody was told that it began, and not yet that it is over. */
  readonly told: boolean;
  /** The documented graph explains it: its key is that of a found cause. */
  readonly explained: boolean;
  /** Devices to be read before it is believed. */
  readonly recheck: readonly number[];
  // The rest is by the steady clock, and begins anew with the process.
  /** Until then it waits to be verified. */
  readonly pendingUntil: number;
  /** Since then nothing of it is seen. */
  readonly calmSince: number | null;
  /** When it came back after a calm. */
  readonly returns: readonly number[];
  /** When its cause was last found. */
  readonly foundAt: number;
  /** Since then it is otherwise than the story says whether anybody can tell that it goes on; null: it is as said. */
  readonly doubtSince: number | null;
  /** Devices of which the story says that they have left. */
  readonly gone: ReadonlySet<number>;
}

export interface NewEvent {
  readonly time: number;
  readonly kind: IncidentEvent['kind'];
  readonly by?: string | null;
  readonly text?: string | null;
  readonly title?: BilingualText;
}

export interface NewNotice {
  readonly kind: NoticeKind;
  readonly time: number;
  /** What else there is to say. */
  readonly text?: BilingualText;
}

/** What becomes of an incident: all of it is written in one transaction, or nothing. */
export interface Change {
  readonly before: Incident | null;
  readonly after: Incident;
  /** It was only looked into, and there was nothing: nobody has heard of it, and nothing stays. */
  readonly dropped: boolean;
  /** Those that are new or differ. */
  readonly members: readonly Member[];
  readonly events: readonly NewEvent[];
  readonly notices: readonly NewNotice[];
}

/** What the engine keeps between two looks. */
export interface Known {
  /** By key; not resolved. */
  readonly open: ReadonlyMap<string, Incident>;
  /** By key; resolved a moment ago. */
  readonly recent: ReadonlyMap<string, Incident>;
}

/**
 * Whether a member says what is wrong in its incident, and does not only suffer from it. Of a cable, whose ends may both say
 * nothing, the devices behind it are all that speaks.
 */
export function speaks(member: Member, { members }: Pick<Incident, 'members'>): boolean {
  return member.role !== 'affected' || [...members.values()].every(({ role }) => role === 'affected');
}

export function isActive(member: Member): boolean {
  return member.endedAt === null;
}

/** Devices that are affected: those that still are, or once it is over those that were. */
export function affectedCount({ state, members }: Pick<Incident, 'state' | 'members'>): number {
  const devices = new Set<number>();
  for (const member of members.values())
    if (member.role === 'affected' && (state === 'resolved' || isActive(member)))
      devices.add(member.condition.deviceId);
  return devices.size;
}

/** Device ids first in the order of seriousness: what an incident is mostly about comes first. */
export function worse(a: Severity, b: Severity): boolean {
  return a === 'critical' && b === 'warning';
}
