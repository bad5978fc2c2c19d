import type { Condition, HealthState, LiveItem } from '@rackhaus/config/contract';
import type { AgentWatch } from './agent-watch.ts';
import { byUrgency, worse } from './health.ts';
import type { LiveState } from './live-state.ts';

const maxConditions = 100;

/** The state of the whole: counts, what asks for attention, the rooms' states, the agents. */
export function overviewItems(live: LiveState, agents: AgentWatch): LiveItem[] {
  const counts = { well: 0, warning: 0, critical: 0, unknown: 0 };
  const rooms: Record<string, HealthState> = {};
  const conditions: Condition[] = [...agents.conditions];
  for (const { device, state, conditions: own } of live.devices.values()) {
    counts[state === 'ok' ? 'well' : state === 'unmonitored' ? 'unknown' : state]++;
    if (device.roomId !== null) rooms[device.roomId] = worse(rooms[device.roomId] ?? 'unmonitored', state);
    conditions.push(...own);
  }
  return [
    {
      type: 'overview',
      total: live.devices.size,
      ...counts,
      conditions: conditions.sort(byUrgency).slice(0, maxConditions),
      conditionCount: conditions.length,
      rooms,
    },
    ...agents.items(),
  ];
}
