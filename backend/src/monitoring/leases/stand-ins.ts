/** An agent that says nothing for this long is stood in for. It speaks every five seconds. */
export const takeOverMs = 12_000;
/**
 * Who is to stand in has spoken within this time: after the other's last word. If both have fallen silent together, what cut them
 * off is between them and this server, and the standby would not learn that it is one.
 */
const standbySpokeMs = 6000;
/** An agent that is back is given its devices when it has been well for this long; … */
const holdMs = 10_000;
/** … three times as long for each time that it has been stood in for within … */
const flappingMs = 15 * 60_000;
/** … but not longer than this. */
const longestHoldMs = 5 * 60_000;
/** After a start of this server agents get this long to find it again: they try every fifteen seconds, and wait ten for an answer. */
export const returnMs = 45_000;

/** What is known of an agent at a moment. Times in ms on a clock that nobody sets. */
export interface AgentNow {
  readonly id: number;
  readonly standbyId: number | null;
  /** It has spoken since this server started. */
  readonly heard: boolean;
  /** Since its last word, or since it has been waited for. */
  readonly silentMs: number;
  /** How long it has gone on speaking without falling silent for {@link takeOverMs}. */
  readonly wellMs: number;
  /** Who stands in for it. */
  readonly standInId: number | null;
  /** How often it has been stood in for within {@link flappingMs}. */
  readonly standIns: number;
}

/** Since when stand-ins count for how long an agent has to be well. */
export function flappingSince(now: number): number {
  return now - flappingMs;
}

/**
 * What changes in who stands in for whom; agents that are not named stay as they are. An agent's own devices go to its standby and
 * not further, so that chains and circles of standbys do no harm.
 */
export function decideStandIns(agents: readonly AgentNow[]): Map<number, number | null> {
  const byId = new Map(agents.map((agent) => [agent.id, agent]));
  const changes = new Map<number, number | null>();
  for (const agent of agents) {
    const next = nextStandIn(agent, byId);
    if (next !== agent.standInId) changes.set(agent.id, next);
  }
  return changes;
}

function nextStandIn(agent: AgentNow, byId: ReadonlyMap<number, AgentNow>): number | null {
  const current = agent.standInId === null ? undefined : byId.get(agent.standInId);
  const standby = agent.standbyId === agent.id ? undefined : byId.get(agent.standbyId ?? 0);
  const ready = standby !== undefined && isReady(standby) ? standby.id : null;
  if (agent.standInId === null) return isSilent(agent) ? ready : null;
  if (!isSilent(agent)) {
    // Whoever stands in has gone itself, or is not wanted any more: the agent is there, even if not for long.
    const wanted = current !== undefined && current.id === standby?.id && !isSilent(current);
    return wanted && agent.wellMs < holdOf(agent) ? agent.standInId : null;
  }
  if (current === undefined) return ready;
  // Another standby has been named. (One that has fallen silent itself keeps what it holds: it may have read all the while.)
  return current.id === standby?.id ? current.id : ready;
}

function isSilent(agent: AgentNow): boolean {
  return agent.silentMs >= (agent.heard ? takeOverMs : returnMs);
}

function isReady(agent: AgentNow): boolean {
  return agent.heard && agent.silentMs <= standbySpokeMs;
}

function holdOf({ standIns }: AgentNow): number {
  return Math.min(longestHoldMs, holdMs * 3 ** Math.max(0, standIns - 1));
}
