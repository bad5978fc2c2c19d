import type { Condition } from '@rackhaus/config/contract';
import type { Draft } from './draft.ts';
import { type Incident, isActive, type Member, worse } from './incident.ts';
import { adviceOf, namesOf, partOf, titleOf } from './words.ts';
import { isRead, type World } from './world.ts';

/** Shorter silence, and shorter signs of life, are no news. */
const doubtMs = 60_000;
const flappingReturns = 3;
const flappingWithinMs = 30 * 60_000;
const flappingCalmMs = 10 * 60_000;

/** Brings an incident's state in line with its members. */
export function settle(draft: Draft, world: World): void {
  story(draft);
  if (draft.active > 0) name(draft, world);
  if (draft.incident.state === 'pending') look(draft, world);
  if (!isOpen(draft)) return;
  if (draft.active === 0) calmDown(draft, world);
  else goesOn(draft);
  if (!isOpen(draft)) return;
  doubt(draft, world);
  hold(draft, world);
  wake(draft);
  tell(draft);
}

function isOpen({ dropped, incident: { state } }: Draft): boolean {
  return !dropped && (state === 'open' || state === 'acknowledged');
}

/** Its members are those of another incident: it was part of that one's fault. Who was told of it hears where it went. */
export function merge(draft: Draft, into: Draft): void {
  if (draft.incident.openedAt === null) {
    draft.dropped = true;
    return;
  }
  draft.event('cause', { text: into.incident.cause.name });
  if (draft.incident.told) draft.notice('resolved', { text: partOf(into.incident) });
  resolve(draft);
}

function resolve(draft: Draft): void {
  draft.set({
    state: 'resolved',
    resolvedAt: draft.time.now,
    snoozedUntil: null,
    heldBy: null,
    unknown: false,
    told: false,
    calmSince: null,
  });
  draft.event('resolved', { title: draft.incident.title });
}

/**
 * Who has joined an incident that is known already, and who is well again while others are not. Of each device once: behind a
 * dead switch it comes and goes with each attempt to read it.
 */
function story(draft: Draft): void {
  if (draft.before === null || draft.incident.state === 'pending') return;
  if (draft.joined.length > 0 && draft.incident.calmSince === null) {
    const known = devicesOf(draft.before.members.values());
    const joined = draft.joined.filter(({ deviceId }) => deviceId === 0 || !known.has(deviceId));
    if (joined.length > 0) draft.event('joined', { text: namesOf(joined) });
  }
  if (draft.active === 0 || draft.ended.length + draft.left.length === 0) return;
  const there = devicesOf([...draft.members.values()].filter(isActive));
  const { gone } = draft.incident;
  const left = [...draft.ended, ...draft.left].filter(
    ({ deviceId }) => deviceId === 0 || !(there.has(deviceId) || gone.has(deviceId)),
  );
  if (left.length === 0) return;
  draft.event('left', { text: namesOf(left) });
  draft.set({ gone: new Set([...gone, ...left.map(({ deviceId }) => deviceId)]) });
}

function devicesOf(members: Iterable<Member>): Set<number> {
  return new Set(Array.from(members, ({ condition }) => condition.deviceId));
}

/** Title, place and severity are those of what says most; severity only rises. */
function name(draft: Draft, world: World): void {
  let lead: Member | null = null;
  let since = draft.incident.since;
  for (const member of draft.members.values()) {
    if (!isActive(member)) continue;
    if (lead === null || saysMore(member, lead)) lead = member;
    since = Math.min(since, member.since);
  }
  if (lead === null) return;
  const { incident } = draft;
  const { condition } = lead;
  const { cause } = incident;
  const byItself = !incident.explained || lead.role === 'cause';
  // When the cause is well again before what hung on it, the fault keeps its name.
  const keepsName =
    !byItself &&
    [...draft.members.values()].some(
      (member) => member.role === 'cause' && member.condition.deviceId === cause.deviceId,
    );
  const causePlace = cause.deviceId === null ? undefined : world.placeOf(cause.deviceId);
  const place = (byItself ? condition.place : causePlace?.place) ?? condition.place;
  const worst = mostSevere(draft);
  const rises = worse(worst, incident.severity);
  draft.set({
    ...(keepsName
      ? {}
      : {
          title: byItself ? condition.title : titleOf(cause),
          advice: byItself ? condition.advice : adviceOf(cause),
        }),
    place,
    siteId: causePlace?.siteId ?? incident.siteId,
    roomId: causePlace?.roomId ?? incident.roomId,
    since,
    ...(rises ? { severity: worst } : {}),
  });
  if (!rises || draft.before === null || incident.state === 'pending' || incident.openedAt === null) return;
  draft.event('worse', { title: draft.incident.title });
  if (incident.snoozedUntil !== null) {
    // It was put off for what it was.
    draft.set({ snoozedUntil: null });
    draft.event('woken');
  }
  if (incident.told && incident.heldBy === null) draft.notice('worse');
}

function mostSevere(draft: Draft): Incident['severity'] {
  for (const member of draft.members.values())
    if (isActive(member) && member.condition.severity === 'critical') return 'critical';
  return draft.incident.severity;
}

const order: readonly Member['role'][] = ['cause', 'symptom', 'affected'];
function saysMore(a: Member, b: Member): boolean {
  const byRole = order.indexOf(a.role) - order.indexOf(b.role);
  if (byRole !== 0) return byRole < 0;
  if (a.condition.severity !== b.condition.severity) return worse(a.condition.severity, b.condition.severity);
  if (a.since !== b.since) return a.since < b.since;
  return a.condition.id < b.condition.id;
}

/** What cannot be reached is believed once everything has been asked again, or has had its time. */
function look(draft: Draft, world: World): void {
  const { incident, time } = draft;
  if (draft.active === 0) {
    if (incident.openedAt === null) draft.dropped = true;
    else draft.set({ state: 'resolved', resolvedAt: time.now });
    return;
  }
  const isDoubted = core(draft).every(({ condition }) => world.familyOf(condition).doubted);
  if (isDoubted && !world.verified.has(incident.key) && time.steady < incident.pendingUntil) return;
  const isAgain = incident.openedAt !== null;
  draft.set({ state: 'open', openedAt: incident.openedAt ?? time.now });
  draft.event(isAgain ? 'reopened' : 'opened', { title: draft.incident.title });
  if (isAgain) flaps(draft);
}

/** Members that say what is wrong; where there are none, all of them. */
function core(draft: Draft): Member[] {
  const active = [...draft.members.values()].filter(isActive);
  const own = active.filter(({ role }) => role !== 'affected');
  return own.length > 0 ? own : active;
}

function calmDown(draft: Draft, world: World): void {
  const { incident, time } = draft;
  if (incident.calmSince === null) draft.set({ calmSince: time.steady });
  const calmFor = time.steady - (draft.incident.calmSince ?? time.steady);
  if (calmFor < (incident.flapping ? flappingCalmMs : calmMsOf(draft, world))) return;
  if (incident.flapping) {
    draft.set({ flapping: false });
    draft.event('calm');
  }
  if (incident.told) draft.notice('resolved');
  resolve(draft);
}

function calmMsOf(draft: Draft, world: World): number {
  let most = 0;
  const rules = new Set<string>();
  for (const { condition } of draft.members.values()) {
    if (rules.has(condition.rule)) continue;
    rules.add(condition.rule);
    most = Math.max(most, world.familyOf(condition).calmMs);
  }
  return most;
}

function goesOn(draft: Draft): void {
  const { incident, time } = draft;
  if (incident.calmSince !== null) {
    draft.set({ calmSince: null, returns: [...incident.returns, time.steady] });
    flaps(draft);
  }
  const last = draft.incident.returns.at(-1);
  if (!incident.flapping || (last !== undefined && time.steady - last < flappingCalmMs)) return;
  draft.set({ flapping: false });
  draft.event('calm');
}

function flaps(draft: Draft): void {
  const { time } = draft;
  const returns = draft.incident.returns.filter((at) => time.steady - at < flappingWithinMs);
  draft.set({ returns });
  if (draft.incident.flapping || returns.length < flappingReturns) return;
  draft.set({ flapping: true });
  draft.event('flapping');
}

/** Whether anybody can still say that it goes on. */
function doubt(draft: Draft, world: World): void {
  const unknown = draft.active > 0 && core(draft).every(({ condition }) => !canTell(condition, world));
  const { incident, time } = draft;
  if (unknown === incident.unknown) {
    if (incident.doubtSince !== null) draft.set({ doubtSince: null });
    return;
  }
  const since = incident.doubtSince ?? time.steady;
  if (draft.active > 0 && time.steady - since < doubtMs) {
    draft.set({ doubtSince: since });
    return;
  }
  draft.set({ unknown, doubtSince: null });
  draft.event(unknown ? 'unknown' : 'known');
}

function canTell(condition: Condition, world: World): boolean {
  if (!isRead(condition) || condition.deviceId === 0) return true;
  const standing = world.standing(condition.deviceId);
  if (standing === 'unreachable') return world.familyOf(condition).verified;
  return standing !== 'silent';
}

/** Held where what it is about is, or everything in it. What is over is held by nothing new. */
function hold(draft: Draft, world: World): void {
  if (draft.active === 0) return;
  const was = draft.incident.heldBy;
  const is = holder(draft, world);
  if (was?.id === is?.id) return;
  draft.set({ heldBy: is });
  if (is !== null) {
    draft.event('held', { text: is.name });
    return;
  }
  draft.event('released', { text: was?.name ?? null });
  if (draft.incident.told && draft.incident.state === 'open') draft.notice('reminder');
}

function holder(draft: Draft, world: World): Incident['heldBy'] {
  const { cause, drill } = draft.incident;
  if (drill) return null;
  const members = core(draft);
  const [first] = members;
  if (cause.deviceId !== null && first !== undefined && first.condition.deviceId !== cause.deviceId) {
    const roomId = world.placeOf(cause.deviceId)?.roomId ?? null;
    const held = world.heldBy({ ...first.condition, deviceId: cause.deviceId, roomId, entity: '' });
    if (held !== null) return held;
  }
  let holding: Incident['heldBy'] = null;
  for (const { condition } of members) {
    const held = world.heldBy(condition);
    if (held === null) return null;
    holding ??= held;
  }
  return holding;
}

function wake(draft: Draft): void {
  const { snoozedUntil, told, heldBy } = draft.incident;
  if (snoozedUntil === null || draft.time.now < snoozedUntil) return;
  draft.set({ snoozedUntil: null });
  draft.event('woken');
  if (told && draft.active > 0 && heldBy === null) draft.notice('reminder');
}

/** Somebody is told of what is open as soon as nothing holds it. */
function tell(draft: Draft): void {
  const { state, told, heldBy, snoozedUntil } = draft.incident;
  if (state !== 'open' || told || draft.active === 0 || heldBy !== null || snoozedUntil !== null) return;
  draft.set({ told: true });
  draft.notice('opened');
}
