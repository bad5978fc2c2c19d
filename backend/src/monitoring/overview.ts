import type { Condition, HealthState, LiveItem } from '@rackhaus/config/contract';
import type { AgentWatch } from './agent-watch.ts';
import { byUrgency, worse } from './health.ts';
import type { LiveState } from './live-state.ts';

const maxConditions = 100;

/**
 * The state of the whole: counts, what asks for attention, the rooms' states, the agents. Of some sites: the same of what stands
 * there, and nothing of agents.
 */
export function overviewItems(
  live: LiveState,
  agents: AgentWatch,
  sites: ReadonlySet<number> | null = null,
): LiveItem[] {
  const counts = { well: 0, warning: 0, critical: 0, unknown: 0 };
  const rooms: Record<string, HealthState> = {};
  const conditions: Condition[] = sites === null ? [...agents.conditions] : [];
  const devices = live.in(sites);
  for (const { device, state, conditions: own } of devices) {
    counts[state === 'ok' ? 'well' : state === 'unmonitored' ? 'unknown' : state]++;
    if (device.roomId !== null) rooms[device.roomId] = worse(rooms[device.roomId] ?? 'unmonitored', state);
    conditions.push(...own);
  }
  return [
    {
      type: 'overview',
      total: devices.length,
      ...counts,
      conditions: conditions.sort(byUrgency).slice(0, maxConditions),
      conditionCount: conditions.length,
      rooms,
    },
    ...(sites === null ? agents.items() : []),
  ];
}
