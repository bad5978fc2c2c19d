import { AgentEnrolment, EnrolledAgent, NextAgentKey } from '@rackhaus/config/contract';
import type { Database } from '../database/tables.ts';
import { defineRoute, type Route } from '../http/route.ts';
import { AppError } from '../problem.ts';
import type { AgentKeys } from './agent-keys.ts';
import type { Agents } from './agents.ts';
import type { AttemptLimit } from './attempt-limit.ts';
import type { Enrolment } from './enrolment.ts';

/** What agents call about their keys. */
export function enrolmentRoutes(deps: {
  db: Database;
  agents: Agents;
  keys: AgentKeys;
  enrolment: Enrolment;
  attempts: AttemptLimit;
}): Route[] {
  const { db, agents, keys, enrolment, attempts } = deps;
  return [
    defineRoute({
      method: 'post',
      path: '/api/agent/enrol',
      summary:
        'Takes an agent in by the token that was shown once, with the key that it has made for itself.',
      body: AgentEnrolment,
      reply: EnrolledAgent,
      handle: async ({ body, request }) => {
        const address = request.ip ?? '';
        const attempt = attempts.begin({ account: address, address });
        const agent = await enrolment.redeem(body, request.ip ?? null);
        attempt.succeeded();
        // What it is to poll can be told from its first question on.
        agents.changed();
        return { agent };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/agent/key',
      summary: 'Says which key the calling agent will use next. The present one holds until that was used.',
      body: NextAgentKey,
      handle: async ({ body, caller }) => {
        if (caller.kind !== 'agent') throw new AppError('forbidden', 'Only agents may do this.');
        await db.transaction().execute((tx) => keys.announce(tx, caller.agentId, body.key));
        return undefined;
      },
    }),
  ];
}
