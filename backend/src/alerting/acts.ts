import { AppError } from '../problem.ts';
import { Draft } from './draft.ts';
import type { Change, Incident, Moment } from './incident.ts';
import type { Actor } from './parts.ts';

/** What somebody does with an incident. Pure, like {@link decide}; null: it is so already. */
export type Act = (incident: Incident, time: Moment) => Change | null;

/** "Web" goes without saying. */
function byOf({ name, via }: Actor): string {
  return via === 'Web' ? name : `${name} (${via})`;
}

function act(work: (draft: Draft) => void): Act {
  return (incident, time) => {
    const draft = new Draft(incident, time, false);
    work(draft);
    return draft.change();
  };
}

/** Somebody has taken it; whoever has first stays named. */
export const acknowledge = (actor: Actor): Act =>
  act((draft) => {
    const { state, told } = draft.incident;
    if (state !== 'open' && state !== 'pending') return;
    const by = byOf(actor);
    if (state === 'pending') {
      draft.set({ openedAt: draft.incident.openedAt ?? draft.time.now });
      draft.event('opened', { title: draft.incident.title });
    }
    draft.set({ state: 'acknowledged', acknowledgedAt: draft.time.now, acknowledgedBy: by });
    draft.event('acknowledged', { by });
    if (told) draft.notice('acknowledged');
  });

/** Nobody has it any more: whoever is on call is asked again. */
export const unacknowledge = (actor: Actor): Act =>
  act((draft) => {
    if (draft.incident.state !== 'acknowledged') return;
    draft.set({ state: 'open', acknowledgedAt: null, acknowledgedBy: null });
    draft.event('unacknowledged', { by: byOf(actor) });
    if (draft.incident.told && draft.incident.heldBy === null) draft.notice('reminder');
  });

/** @throws AppError invalid for a time that has passed, conflict when it is over */
export const snooze = (actor: Actor, until: number | null): Act =>
  act((draft) => {
    if (draft.incident.state === 'resolved') throw isOver(draft.incident);
    if (until === draft.incident.snoozedUntil) return;
    if (until === null) {
      draft.set({ snoozedUntil: null });
      draft.event('woken', { by: byOf(actor) });
      return;
    }
    if (until <= draft.time.now) {
      const message = `until: ${new Date(until).toISOString()} has passed; a time to come would be right.`;
      throw new AppError('invalid', message);
    }
    draft.set({ snoozedUntil: until });
    draft.event('snoozed', { by: byOf(actor), text: new Date(until).toISOString() });
  });

export const note = (actor: Actor, text: string): Act =>
  act((draft) => draft.event('note', { by: byOf(actor), text }));

/** Over because somebody says so. It comes back with the next reading that says otherwise. */
export const resolveByHand = (actor: Actor, text: string | null): Act =>
  act((draft) => {
    const { incident, time } = draft;
    if (incident.state === 'resolved') return;
    const by = byOf(actor);
    for (const member of [...draft.members.values()]) if (member.endedAt === null) draft.end(member, 'ended');
    draft.set({
      state: 'resolved',
      openedAt: incident.openedAt ?? time.now,
      resolvedAt: time.now,
      snoozedUntil: null,
      heldBy: null,
      flapping: false,
      unknown: false,
      told: false,
      calmSince: null,
    });
    draft.event('resolved', { by, text, title: incident.title });
    if (incident.told) draft.notice('resolved');
  });

function isOver(incident: Incident): AppError {
  return new AppError('conflict', `Incident ${incident.id} is over.`, undefined, { reason: 'resolved' });
}
