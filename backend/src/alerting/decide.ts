import type { Condition, IncidentMember } from '@rackhaus/config/contract';
import { assign, groupCause, type Target } from './assign.ts';
import { Draft } from './draft.ts';
import {
  type Change,
  type Incident,
  isActive,
  type Known,
  type Member,
  type Moment,
  speaks,
} from './incident.ts';
import type { FoundCause } from './parts.ts';
import { merge, settle } from './settle.ts';
import { silentRule } from './words.ts';
import { isRead, saidKey, sourceOf, type World } from './world.ts';

/** How long what cannot be reached is looked into before somebody is told all the same. */
export const patienceMs = 8_000;

/**
 * What becomes of incidents, from what is seen now. Pure: no clock, nothing read or written. Deciding again from the same
 * changes nothing; when what it says could not be written, it is simply asked again.
 */
export function decide(known: Known, world: World, time: Moment): Change[] {
  const targets = assign(known.open.values(), world, time);
  const drafts = new Map<string, Draft>();
  for (const [key, incident] of known.open) drafts.set(key, new Draft(incident, time, false));
  const replaced = takeOver(drafts, targets);
  goOn(drafts, targets);
  const now = new Map<string, string>();
  for (const target of targets.values()) for (const { id } of target.conditions) now.set(id, target.key);
  for (const target of targets.values()) {
    const draft = drafts.get(target.key) ?? begin(target, known, world, time);
    drafts.set(target.key, draft);
    if (target.found !== null) explain(draft, target.found);
    const roleOf = roles(target.found, draft);
    for (const condition of target.conditions)
      draft.join(condition, roleOf(condition), target.found !== null);
  }
  for (const [key, draft] of drafts) leaveOrEnd(key, draft, now, world);
  const merged = new Map<Draft, Draft>();
  for (const draft of drafts.values()) {
    const into = mergedInto(draft, targets, now, drafts);
    if (into === null) continue;
    hurry(into, draft);
    merged.set(draft, into);
  }
  for (const draft of drafts.values()) if (!merged.has(draft)) settle(draft, world);
  // Named after what the other one is by now.
  for (const [draft, into] of merged) merge(draft, into);
  return [...replaced, ...drafts.values()].flatMap((draft) => draft.change() ?? []);
}

/**
 * A fault whose cause turns out to lie elsewhere stays the same incident: who was told of it is not told again.
 * @returns those in whose place another one is now: they were only looked into
 */
function takeOver(drafts: Map<string, Draft>, targets: ReadonlyMap<string, Target>): Draft[] {
  const replaced: Draft[] = [];
  for (const { key, found, conditions } of targets.values()) {
    const there = drafts.get(key);
    if (found === null || (there !== undefined && there.incident.openedAt !== null)) continue;
    const claimed = new Set(conditions.map(({ id }) => id));
    let best: Draft | null = null;
    for (const draft of drafts.values()) {
      const { incident } = draft;
      if (targets.get(incident.key)?.found != null || draft.active === 0 || incident.drill) continue;
      // What is left of a cause that is gone is another fault.
      if (![...draft.members.values()].some((member) => isActive(member) && speaks(member, draft))) continue;
      const isWhole = [...draft.members].every(([id, member]) => !isActive(member) || claimed.has(id));
      if (isWhole && (best === null || goesBefore(incident, best.incident))) best = draft;
    }
    if (best === null || (there !== undefined && !best.incident.told)) continue;
    if (there !== undefined) {
      there.dropped = true;
      replaced.push(there);
    }
    drafts.delete(best.incident.key);
    best.set({ key });
    drafts.set(key, best);
  }
  return replaced;
}

/** What a device said of itself before it was read is the same fault: who was told of it is not told again. */
function goOn(drafts: Map<string, Draft>, targets: Map<string, Target>): void {
  for (const { key, conditions } of [...targets.values()]) {
    if (drafts.has(key)) continue;
    for (const condition of conditions) {
      const said = isRead(condition) ? drafts.get(saidKey(condition.deviceId)) : undefined;
      if (said === undefined || said.active === 0) continue;
      const was = said.incident.key;
      conditions.push(...(targets.get(was)?.conditions ?? []));
      targets.delete(was);
      drafts.delete(was);
      said.set({ key });
      drafts.set(key, said);
      break;
    }
  }
}

function goesBefore(a: Incident, b: Incident): boolean {
  if (a.told !== b.told) return a.told;
  return a.id < b.id;
}

function explain(draft: Draft, { cause, recheck }: FoundCause): void {
  const { cause: was, state } = draft.incident;
  draft.set({ cause, recheck, explained: true, foundAt: draft.time.steady });
  const isOther = was.kind !== cause.kind || was.deviceId !== cause.deviceId || was.linkId !== cause.linkId;
  if (isOther && state !== 'pending' && draft.before !== null) draft.event('cause', { text: cause.name });
}

/** Of what hangs on the cause nothing else can be said. */
function roles(found: FoundCause | null, draft: Draft): (condition: Condition) => IncidentMember['role'] {
  const affected = new Set(found?.affected);
  const { cause } = draft.incident;
  return (condition) => {
    if (condition.deviceId !== 0 && affected.has(condition.deviceId)) return 'affected';
    if (found === null || condition.deviceId === (cause.deviceId ?? 0)) return 'cause';
    return 'symptom';
  };
}

function begin(target: Target, known: Known, world: World, time: Moment): Draft {
  const { key, found } = target;
  const first = target.conditions.toSorted((a, b) => a.since - b.since)[0];
  if (first === undefined) throw new Error(`nothing belongs to ${key}`);
  const recent = known.recent.get(key);
  const anew = {
    state: 'pending',
    pendingUntil: time.steady + patienceMs,
    calmSince: null,
    foundAt: time.steady,
    doubtSince: null,
    gone: new Set<number>(),
  } as const;
  if (recent !== undefined) {
    const draft = new Draft(recent, time, false);
    draft.set({
      ...anew,
      resolvedAt: null,
      acknowledgedAt: null,
      acknowledgedBy: null,
      snoozedUntil: null,
      returns: [...recent.returns, time.steady],
    });
    return draft;
  }
  const place = world.placeOf(first.deviceId);
  const isDrill = key.startsWith('drill:');
  const draft = new Draft(
    {
      ...anew,
      id: 0,
      key,
      severity: 'warning',
      title: first.title,
      advice: first.advice,
      place: first.place,
      cause: found?.cause ?? groupCause(key, first, world),
      siteId: place?.siteId ?? null,
      roomId: first.roomId ?? place?.roomId ?? null,
      since: first.since,
      openedAt: null,
      acknowledgedAt: null,
      acknowledgedBy: null,
      resolvedAt: null,
      snoozedUntil: null,
      heldBy: null,
      flapping: false,
      unknown: false,
      drill: isDrill,
      updatedAt: time.now,
      members: new Map(),
      told: false,
      explained: found !== null,
      recheck: found?.recheck ?? [],
      returns: [],
    },
    time,
    true,
  );
  draft.event('began', { time: first.since });
  return draft;
}

/** What is not seen any more has ended, or is in another incident, or nobody can say. */
function leaveOrEnd(key: string, draft: Draft, now: ReadonlyMap<string, string>, world: World): void {
  for (const member of draft.members.values()) {
    if (!isActive(member)) continue;
    const where = now.get(member.condition.id);
    if (where === key) continue;
    if (where !== undefined) draft.end(member, 'left');
    else if (isOver(member, world)) draft.end(member, 'ended');
  }
}

/** Silence is not recovery: what is not said any more is over only when whoever would say it has been heard. */
function isOver({ condition }: Member, world: World): boolean {
  const source = sourceOf(condition);
  if (source !== null) return world.reported(source);
  if (condition.deviceId === 0) return world.agent(condition.entity)?.heard ?? true;
  const standing = world.standing(condition.deviceId);
  if (condition.rule === silentRule) return standing !== 'silent';
  if (standing === 'unreachable') return world.familyOf(condition).verified;
  return standing !== 'silent';
}

/** The incident whose found cause has taken all that this one still had. */
function mergedInto(
  draft: Draft,
  targets: ReadonlyMap<string, Target>,
  now: ReadonlyMap<string, string>,
  drafts: ReadonlyMap<string, Draft>,
): Draft | null {
  const left = draft.left.find(({ id }) => {
    const member = draft.members.get(id);
    return member !== undefined && speaks(member, draft);
  });
  if (draft.active > 0 || draft.ended.length > 0 || left === undefined) return null;
  const key = now.get(left.id);
  return key !== undefined && targets.get(key)?.found != null ? (drafts.get(key) ?? null) : null;
}

/** What was looked into for a child is not looked into again for as long. */
function hurry(into: Draft, from: Draft): void {
  const { pendingUntil, state } = from.incident;
  if (state === 'pending' && into.incident.state === 'pending')
    into.set({ pendingUntil: Math.min(pendingUntil, into.incident.pendingUntil) });
}
