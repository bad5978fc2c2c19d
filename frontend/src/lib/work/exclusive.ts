import { type Exclusive, oneAtATime } from './sender.ts';

/**
 * One page of this browser at a time, also when another one crashes while it is at it. Over plain http browsers have no locks:
 * then one at a time within this page, and the server's keys see to it that nothing is written twice.
 */
export function browserExclusive(name: string): Exclusive {
  const locks = 'locks' in navigator ? navigator.locks : undefined;
  return locks === undefined ? oneAtATime() : (work) => locks.request(name, work);
}
