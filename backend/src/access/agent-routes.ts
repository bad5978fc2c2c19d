import {
  AgentChange,
  AgentEnrolmentToken,
  AgentList,
  CreatedAgent,
  NewAgent,
  RevokedAgents,
} from '@rackhaus/config/contract';
import type { Audit } from '../audit/audit.ts';
import { notesAbout } from '../audit/notes-about.ts';
import { defineRoute, type Route } from '../http/route.ts';
import { WithId } from '../http/with-id.ts';
import type { AgentKeys } from './agent-keys.ts';
import type { Agents } from './agents.ts';

/** What monitoring knows of an agent. */
export type AgentFacts = (agentId: number) => { devices: number; byHand: number; lastSeen: number | null };

/** Agents, how they join, their keys: for administrators only. */
export function agentAdministrationRoutes(deps: {
  agents: Agents;
  keys: AgentKeys;
  agentFacts: AgentFacts;
  audit: Audit;
  /** Of this server's certificate, where agents have to be told it. */
  fingerprint: () => string | null;
}): Route[] {
  const { agents, keys, audit } = deps;
  const note = notesAbout(audit, 'agent');
  return [
    defineRoute({
      method: 'get',
      path: '/api/agents',
      summary: 'All agents, without their keys.',
      reply: AgentList,
      handle: async () => {
        const facts = await keys.facts();
        return {
          agents: (await agents.list()).map((agent) => ({
            ...agent,
            siteIds: [...agent.siteIds],
            ...deps.agentFacts(agent.id),
            key: facts.get(agent.id),
          })),
        };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/agents',
      summary: 'Makes an agent. The token by which it joins is shown this once and holds for a day.',
      body: NewAgent,
      reply: CreatedAgent,
      handle: async ({ body, caller, request }) => {
        const made = await agents.create(body.name);
        await note('agent.made', { id: made.id, name: body.name }, { caller, request });
        return { ...made, fingerprint: deps.fingerprint() };
      },
    }),
    defineRoute({
      method: 'patch',
      path: '/api/agents/:id',
      summary: 'Says which sites an agent polls, and who takes its devices over while it is silent.',
      params: WithId,
      body: AgentChange,
      handle: async ({ params, body, caller, request }) => {
        await agents.change(params.id, body);
        await note('agent.changed', await agents.get(params.id), { caller, request });
        return undefined;
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/api/agents/:id',
      summary: 'Revokes an agent: its key is refused from now on. It can be brought back for a day.',
      params: WithId,
      handle: async ({ params, caller, request }) => {
        await note('agent.revoked', await agents.revoke(params.id), { caller, request });
        return undefined;
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/agents/revoked',
      summary: 'Agents that were revoked within the last day and can come back.',
      reply: RevokedAgents,
      handle: async () => ({ agents: await agents.revoked() }),
    }),
    defineRoute({
      method: 'post',
      path: '/api/agents/:id/restore',
      summary: 'Brings a revoked agent back with its key, and with what nobody else has taken since.',
      params: WithId,
      handle: async ({ params, caller, request }) => {
        await note('agent.changed', await agents.restore(params.id), { caller, request }, { restored: true });
        return undefined;
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/agents/:id/enrolment',
      summary: 'Makes a new token by which an agent joins again; its key holds until the new one is used.',
      params: WithId,
      reply: AgentEnrolmentToken,
      handle: async ({ params, caller, request }) => {
        const { name, ...made } = await agents.reconnect(params.id);
        await note('agent.changed', { id: made.id, name }, { caller, request }, { reconnect: true });
        return { ...made, fingerprint: deps.fingerprint() };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/agents/:id/renew-key',
      summary: 'Has an agent take a new key the next time it asks.',
      params: WithId,
      handle: async ({ params, caller, request }) => {
        await note('agent.changed', await agents.renewKey(params.id), { caller, request }, { renew: true });
        return undefined;
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/agents/:id/misuse-seen',
      summary: 'Says that somebody has looked at the use of a replaced key.',
      params: WithId,
      handle: async ({ params, caller, request }) => {
        const agent = await agents.get(params.id);
        await keys.misuseSeen(params.id);
        await note('agent.changed', agent, { caller, request }, { seen: true });
        return undefined;
      },
    }),
  ];
}
