import type { Severity } from '@rackhaus/config/contract';
import type { Channel, Plans } from '../load-plans.ts';
import type { PublicHolidays } from '../rota/holidays.ts';
import { shifts } from '../rota/shifts.ts';
import type { StepTarget } from './steps.ts';

/** One way to somebody, chosen for one message. */
export interface Recipient {
  readonly channel: Channel;
  readonly userId: number | null;
}
/** A channel that was passed over because a fault cuts its way now. */
export interface CutOff {
  readonly channel: Channel;
  readonly userId: number | null;
}
export interface Choice {
  readonly recipients: readonly Recipient[];
  readonly cutOff: readonly CutOff[];
}

export interface Circumstances {
  readonly plans: Plans;
  readonly holidays: PublicHolidays;
  readonly now: number;
  /** Whether faults that are open now cut the way of this channel. */
  readonly interrupted: (channelId: number) => boolean;
}

/** Who is on call now; null: nobody, or there is no such rota. */
export function onCallNow(
  rotaId: number,
  { plans, holidays, now }: Omit<Circumstances, 'interrupted'>,
): number | null {
  const rota = plans.rotas.get(rotaId);
  if (rota === undefined) return null;
  return shifts(rota.plan, rota.changes, now, now + 1, holidays)[0]?.userId ?? null;
}

/** Ids of the people that a target means now; somebody who is not there any more, or may not sign in, is nobody. */
export function peopleOf(target: StepTarget, about: Omit<Circumstances, 'interrupted'>): number[] {
  const { people } = about.plans;
  const ids =
    target.kind === 'rota'
      ? [onCallNow(target.rotaId, about)]
      : target.kind === 'person'
        ? [target.userId]
        : target.kind === 'administrators'
          ? [...people.values()].filter(({ role }) => role === 'administrator').map(({ id }) => id)
          : [];
  return ids.filter((id) => id !== null && people.get(id)?.disabled === false) as number[];
}

/** All that a step tells, each channel once; null: nobody. */
export function reach(
  targets: readonly StepTarget[],
  severity: Severity,
  about: Circumstances,
): Choice | null {
  const recipients = new Map<number, Recipient>();
  const cutOff = new Map<number, CutOff>();
  const choose = (userId: number | null, channels: readonly Channel[]): void => {
    const choice = channelsFor(channels, severity, about.interrupted);
    for (const channel of choice.chosen) recipients.set(channel.id, { channel, userId });
    for (const channel of choice.cutOff) cutOff.set(channel.id, { channel, userId });
  };
  for (const target of targets) {
    if (target.kind === 'channel')
      choose(
        null,
        about.plans.channels.filter(({ id, userId }) => id === target.channelId && userId === null),
      );
    else
      for (const userId of peopleOf(target, about))
        choose(
          userId,
          about.plans.channels.filter((channel) => channel.userId === userId),
        );
  }
  return recipients.size === 0
    ? null
    : { recipients: [...recipients.values()], cutOff: [...cutOff.values()] };
}

/**
 * Through which of somebody's channels (in their order) something is told: what is critical through all of them at once, since
 * each may fail and a night is short; a warning through the first that works. What a fault cuts off is left out where another
 * way is there; where all are cut off, all are tried: the queue waits until they are back.
 */
export function channelsFor(
  channels: readonly Channel[],
  severity: Severity,
  interrupted: (channelId: number) => boolean,
): { readonly chosen: readonly Channel[]; readonly cutOff: readonly Channel[] } {
  const able = channels.filter(
    ({ enabled, minSeverity }) => enabled && (severity === 'critical' || minSeverity === 'warning'),
  );
  const open = able.filter(({ id }) => !interrupted(id));
  if (open.length === 0) return { chosen: able, cutOff: [] };
  const cutOff = able.filter((channel) => !open.includes(channel));
  if (severity === 'critical') return { chosen: open, cutOff };
  const working = open.find(({ failingSince }) => failingSince === null);
  return { chosen: working === undefined ? open : [working], cutOff };
}
