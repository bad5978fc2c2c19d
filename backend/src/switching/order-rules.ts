import type { SwitchableOutlet, SwitchImpact, SwitchObstacle, SwitchOrder } from '@rackhaus/config/contract';
import { mayActAs } from '../access/role-order.ts';
import { auditBy } from '../audit/audit.ts';
import type { Caller } from '../http/route.ts';
import { AppError } from '../problem.ts';
import type { SwitchJobs } from './jobs.ts';
import type { OrderedBy } from './journal.ts';
import type { Seen } from './look.ts';

/** Why outlets of a device cannot be switched by whoever asks, first what is missing at the device; empty: they can. */
export function obstaclesOf(
  { view: { commands, credentials }, assigned, agent }: Seen,
  jobs: Pick<SwitchJobs, 'isTooOld'>,
  caller: Caller,
): SwitchObstacle[] {
  const found: SwitchObstacle[] = [];
  if (commands.length === 0) found.push('profile');
  if (assigned?.snmp == null || agent === undefined) found.push('agent');
  else if (jobs.isTooOld(agent.id)) found.push('agent-old');
  if (credentials === null) found.push('credentials');
  else if (credentials.elsewhere) found.push('credentials-elsewhere');
  if (caller.kind !== 'person' || caller.maySwitch !== true) found.push('right');
  else if (!mayActAs(caller.role, 'on-call')) found.push('role');
  return found;
}

/** What is in the way, for programs. */
export const obstacleWords: Readonly<Record<SwitchObstacle, string>> = {
  profile: 'The profile of this device does not say how its outlets are switched.',
  agent: 'No agent polls this device by SNMP.',
  'agent-old': 'The agent that polls this device is of a version that cannot switch outlets yet.',
  credentials: 'There are no credentials for switching at this device.',
  'credentials-elsewhere':
    'The address of this device was changed since its credentials for switching were set; they have to be set again.',
  right: 'This account may not switch outlets.',
  role: 'This needs at least the role on-call.',
};

/**
 * Who locks protects; who unlocks lets something be switched off again. So that is for those who may switch themselves, and for
 * administrators, signed in.
 */
export function mayUnlock(caller: Caller): boolean {
  if (caller.kind !== 'person' || !mayActAs(caller.role, 'technician')) return false;
  return caller.maySwitch === true || (caller.role === 'administrator' && caller.token === undefined);
}

/** @throws AppError not-found */
export function mustFind(
  { outlets }: { readonly outlets: readonly SwitchableOutlet[] },
  name: string,
): SwitchableOutlet {
  const outlet = outlets.find((each) => each.name === name);
  if (outlet === undefined)
    throw new AppError('not-found', `The device tells of no outlet "${name}" at the moment.`, undefined, {
      reason: 'no-such-outlet',
    });
  return outlet;
}

/** What confirms when it is typed: the outlet's own name, or that of something that goes off. */
export function confirming(outlet: string, hangs: SwitchImpact['hangs']): string[] {
  return [outlet, ...hangs.filter(({ loses }) => loses === 'power').map(({ name }) => name)];
}

export function isConfirmed(
  { confirm }: SwitchOrder,
  outlet: SwitchableOutlet,
  hangs: SwitchImpact['hangs'],
): boolean {
  const typed = confirm.toLowerCase();
  return confirming(outlet.name, hangs).some((name) => name.trim().toLowerCase() === typed);
}

/** Who orders: somebody with an account, by themselves or by a program of theirs. */
export function orderedBy(caller: Caller, address: string | null): OrderedBy {
  if (caller.kind !== 'person' || caller.userId === null)
    throw new AppError('forbidden', 'Only people with an account switch outlets.');
  return { userId: caller.userId, by: auditBy(caller), address };
}
