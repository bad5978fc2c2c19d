import type { PowerDevice } from '@rackhaus/config/contract';

/**
 * What the documentation says of a device's supplies. What is missing in it is never taken for good: two supplies are
 * redundant only when both chains end where power comes from. `single`: devices each of which alone takes it down.
 */
export function verdictOf(inlets: PowerDevice['inlets'], single: readonly number[]): PowerDevice['verdict'] {
  const connected = inlets.filter(({ chain, end }) => chain.length > 0 || end === 'beyond');
  if (connected.length === 0) return 'unknown';
  if (inlets.length === 1) return 'one-supply';
  if (single.length > 0) return connected.length < inlets.length ? 'unknown' : 'same-source';
  const known = connected.filter(({ end }) => end === 'documented');
  const roots = new Set(known.map(({ chain }) => chain.at(-1)?.deviceId));
  const all = connected.length === inlets.length && known.length === connected.length;
  return all || roots.size > 1 ? 'redundant' : 'unknown';
}
