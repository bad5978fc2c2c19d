import type { Selectable } from 'kysely';
import type { SwitchingTables } from './tables.ts';

export type OutletLock = Selectable<SwitchingTables['outlet_locks']>;

/** An outlet as far as it matters for locks. */
export interface LockableOutlet {
  readonly name: string;
  /** Which of several units behind one address it belongs to; null: not known. */
  readonly unit: string | null;
}

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
  const hasMoved = ({ outlet: name, unit }: OutletLock) =>
    outlets.find((each) => each.name === name)?.unit !== unit;
  return locks.filter(
    (lock) =>
      lock.outlet === outlet.name || (lock.unit !== null && lock.unit === outlet.unit && hasMoved(lock)),
  );
}
