import type { SwitchableOutlet } from '@rackhaus/config/contract';
import type { Selectable } from 'kysely';
import type { SwitchingTables } from './tables.ts';

export type OutletLock = Selectable<SwitchingTables['outlet_locks']>;

/** An outlet as far as it matters for locks. */
export type LockableOutlet = Pick<SwitchableOutlet, 'name' | 'identity'>;

/**
 * The locks that keep an outlet from being switched: those that bear its name, and those of its unit whose name belongs to another
 * unit now. Which of the unit's outlets was meant cannot be told then: rather one too many is locked than the one that must not go off
 * is not.
 */
export function locksOn(
  outlet: LockableOutlet,
  outlets: readonly LockableOutlet[],
  locks: readonly OutletLock[],
): OutletLock[] {
  const unitNow = unitOf(outlet);
  const hasMoved = (lock: OutletLock) =>
    unitOf(outlets.find(({ name }) => name === lock.outlet)) !== lock.unit;
  return locks.filter(
    (lock) => lock.outlet === outlet.name || (lock.unit !== null && lock.unit === unitNow && hasMoved(lock)),
  );
}

/** Which of several units behind one address an outlet belongs to; null: not known. */
export function unitOf(outlet: LockableOutlet | undefined): string | null {
  return outlet?.identity?.unit ?? null;
}
