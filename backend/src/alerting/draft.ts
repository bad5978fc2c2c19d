import type { Condition, IncidentMember } from '@rackhaus/config/contract';
import {
  type Change,
  type Incident,
  isActive,
  type Member,
  type Moment,
  type NewEvent,
  type NewNotice,
} from './incident.ts';

type Role = IncidentMember['role'];

/** One incident while it is being decided what becomes of it. What it began as stays as it was. */
export class Draft {
  readonly before: Incident | null;
  readonly time: Moment;
  readonly events: NewEvent[] = [];
  readonly notices: NewNotice[] = [];
  /** Members that came in, or came back. */
  readonly joined: Condition[] = [];
  /** Members that are over. */
  readonly ended: Condition[] = [];
  /** Members that belong to another incident. */
  readonly left: Condition[] = [];
  dropped = false;
  #incident: Incident;
  #members: Map<string, Member> | null = null;
  readonly #touched = new Set<string>();
  #active: number;

  /** `incident`: as it begins; `isNew`: nothing of it is written yet. */
  constructor(incident: Incident, time: Moment, isNew: boolean) {
    this.before = isNew ? null : incident;
    this.#incident = incident;
    this.time = time;
    this.#active = [...incident.members.values()].filter(isActive).length;
  }

  get incident(): Incident {
    return this.#incident;
  }
  get members(): ReadonlyMap<string, Member> {
    return this.#members ?? this.#incident.members;
  }
  /** How many of its members are not over. */
  get active(): number {
    return this.#active;
  }

  set(values: Partial<Omit<Incident, 'id' | 'members' | 'updatedAt'>>): void {
    this.#incident = { ...this.#incident, ...values };
  }

  event(kind: NewEvent['kind'], more: Omit<NewEvent, 'kind' | 'time'> & { time?: number } = {}): void {
    this.events.push({ kind, time: this.time.now, ...more });
  }

  notice(kind: NewNotice['kind'], more: Pick<NewNotice, 'text'> = {}): void {
    this.notices.push({ kind, time: this.time.now, ...more });
  }

  /** The condition holds, and belongs here. */
  /** `isKnown`: the cause is, and with it what part the condition has in it. */
  join(condition: Condition, role: Role, isKnown: boolean): void {
    const known = this.members.get(condition.id);
    if (known !== undefined && isActive(known)) {
      const now = isKnown ? role : known.role;
      if (known.role === now && (known.condition === condition || sameSaid(known.condition, condition)))
        return;
      this.#put({ ...known, condition, role: now });
      return;
    }
    this.#put({ condition, role, since: condition.since, endedAt: null });
    this.#active++;
    this.joined.push(condition);
  }

  /** The condition is over, or belongs to another incident. */
  end(member: Member, why: 'ended' | 'left'): void {
    this.#put({ ...member, endedAt: this.time.now });
    this.#active--;
    this[why].push(member.condition);
  }

  /** null: nothing has changed that is kept. */
  change(): Change | null {
    const after: Incident = { ...this.#incident, members: this.members };
    const members = [...this.#touched].flatMap((id) => this.members.get(id) ?? []);
    const { before, dropped, events, notices } = this;
    const change = { before, after, dropped, members, events, notices };
    if (isWritten(change)) return { ...change, after: { ...after, updatedAt: this.time.now } };
    return before !== null && sameInMemory(before, after) ? null : change;
  }

  #put(member: Member): void {
    this.#members ??= new Map(this.#incident.members);
    this.#members.set(member.condition.id, member);
    this.#touched.add(member.condition.id);
  }
}

/** Whether a change has to be written: the rest of an incident is only remembered. */
export function isWritten({ before, after, dropped, members, events, notices }: Change): boolean {
  return (
    before === null ||
    dropped ||
    members.length + events.length + notices.length > 0 ||
    !sameRow(before, after)
  );
}

function sameSaid(a: Condition, b: Condition): boolean {
  return a.severity === b.severity && a.since === b.since && a.title.de === b.title.de && a.place === b.place;
}

const rowFields = [
  'key',
  'state',
  'severity',
  'place',
  'siteId',
  'roomId',
  'since',
  'openedAt',
  'acknowledgedAt',
  'acknowledgedBy',
  'resolvedAt',
  'snoozedUntil',
  'flapping',
  'unknown',
  'drill',
] as const satisfies readonly (keyof Incident)[];
function sameRow(a: Incident, b: Incident): boolean {
  return (
    rowFields.every((field) => a[field] === b[field]) &&
    a.heldBy?.id === b.heldBy?.id &&
    a.title.de === b.title.de &&
    a.advice.de === b.advice.de &&
    (a.cause === b.cause || JSON.stringify(a.cause) === JSON.stringify(b.cause))
  );
}

function sameInMemory(a: Incident | null, b: Incident): boolean {
  return (
    a !== null &&
    a.told === b.told &&
    a.explained === b.explained &&
    a.pendingUntil === b.pendingUntil &&
    a.calmSince === b.calmSince &&
    a.returns === b.returns &&
    a.doubtSince === b.doubtSince &&
    a.gone === b.gone &&
    a.foundAt === b.foundAt &&
    a.recheck.join() === b.recheck.join()
  );
}
