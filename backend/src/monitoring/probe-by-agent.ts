import type { ProbeAnswer, ProbeJob } from '@rackhaus/config/contract';
import { notPolled } from '../access/polled-networks.ts';
import { AppError } from '../problem.ts';
import type { Assignments } from './assignment.ts';
import type { Probes } from './probes.ts';

/** Has an agent ask a device. `answer` null: no agent is there, or it did not answer in time. */
export type AskDevice = (
  question: Omit<ProbeJob, 'id'>,
  by: { readonly agentId: number | null; readonly deviceId: number | null },
) => Promise<{ readonly answer: ProbeAnswer | null; readonly agent: string | null }>;

/**
 * Asks by the agent that is named, else by the one that polls the device, else by the oldest one.
 * @throws AppError not-found when the named agent does not exist; invalid when nothing may be asked at the address
 */
export function askByAgent(parts: {
  listAgents: () => Promise<readonly { id: number; name: string }[]>;
  assignments: Assignments;
  probes: Probes;
}): AskDevice {
  return async (question, by) => {
    if (!parts.assignments.mayAsk(question.address)) throw notPolled(question.address);
    const agents = [...(await parts.listAgents())].sort((a, b) => a.id - b.id);
    const wanted = by.agentId ?? (by.deviceId === null ? null : parts.assignments.agentOf(by.deviceId));
    const agent = wanted === null ? agents[0] : agents.find(({ id }) => id === wanted);
    if (agent === undefined) {
      if (by.agentId === null) return { answer: null, agent: null };
      throw new AppError('not-found', `There is no agent ${by.agentId}.`);
    }
    return { answer: await parts.probes.ask(agent.id, question), agent: agent.name };
  };
}
