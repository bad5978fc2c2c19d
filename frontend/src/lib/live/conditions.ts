import type { Condition } from '@rackhaus/config/contract';

/** All conditions of some devices, worst first, then newest first. */
export function openConditions(
  devices: Iterable<{ readonly conditions: readonly Condition[] }>,
): Condition[] {
  const gravity = { critical: 1, warning: 0 };
  return [...devices]
    .flatMap((device) => device.conditions)
    .sort((a, b) => gravity[b.severity] - gravity[a.severity] || b.since - a.since);
}
