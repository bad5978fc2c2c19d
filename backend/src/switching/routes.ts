import {
  DeviceSwitching,
  OutletLock,
  SwitchAnswer,
  SwitchCredentials,
  SwitchImpact,
  SwitchImpactQuery,
  Switching,
  SwitchOrder,
} from '@rackhaus/config/contract';
import type { Request } from 'express';
import { auditBy } from '../audit/audit.ts';
import { type Caller, defineRoute, type Route } from '../http/route.ts';
import { WithId } from '../http/with-id.ts';
import { AppError } from '../problem.ts';
import type { SwitchingCredentials } from './credentials.ts';
import type { SwitchJobs } from './jobs.ts';
import { orderedBy } from './order-rules.ts';
import type { OutletSwitching } from './service.ts';

/** Outlets that are switched. */
export function switchingRoutes(deps: {
  switching: OutletSwitching;
  credentials: SwitchingCredentials;
  jobs: SwitchJobs;
  /** @throws AppError `forbidden` with the reason `confirm` when this person has not shown for a while that it is they */
  mustBeFresh: (request: Request) => Promise<unknown>;
  heard: (agentId: number) => void;
  refused: (agentId: number, count: number) => void;
}): Route[] {
  const { switching, credentials, jobs } = deps;
  return [
    defineRoute({
      method: 'get',
      path: '/api/devices/:id/switching',
      summary: 'Outlets of a device, whether they can be switched and why not, and what was switched last.',
      params: WithId,
      reply: DeviceSwitching,
      handle: ({ params, caller }) => switching.of(params.id, caller),
    }),
    defineRoute({
      method: 'get',
      path: '/api/devices/:id/switching/impact',
      summary: 'What goes off with an outlet, by the documentation and what is off already.',
      params: WithId,
      query: SwitchImpactQuery,
      reply: SwitchImpact,
      handle: ({ params, query, caller }) => switching.impact(params.id, query.outlet, caller),
    }),
    defineRoute({
      method: 'post',
      path: '/api/devices/:id/switching',
      summary:
        'Switches an outlet, once: answers with what came of it, after three quarters of a minute at most. Repeating an id does nothing.',
      params: WithId,
      body: SwitchOrder,
      reply: Switching,
      handle: async ({ params, body, caller, request }) => {
        // A program has shown who it is for by a token that was made for this.
        if (caller.kind === 'person' && caller.token === undefined) await deps.mustBeFresh(request);
        return switching.order(params.id, body, caller, orderedBy(caller, request.ip ?? null));
      },
    }),
    defineRoute({
      method: 'put',
      path: '/api/devices/:id/switching/credentials',
      summary: 'Sets the credentials with which outlets of a device are switched, or takes them away.',
      params: WithId,
      body: SwitchCredentials,
      handle: async ({ params, body, caller, request }) => {
        await deps.mustBeFresh(request);
        await credentials.set(params.id, body.credentials, writer(caller, request));
        return undefined;
      },
    }),
    defineRoute({
      method: 'put',
      path: '/api/devices/:id/switching/lock',
      summary: 'Locks an outlet against switching, or unlocks it.',
      params: WithId,
      body: OutletLock,
      handle: async ({ params, body, caller, request }) => {
        await switching.lock(params.id, body, caller, writer(caller, request));
        return undefined;
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/agent/switches',
      summary: 'Takes in what came of a switching that came with the assignment.',
      body: SwitchAnswer,
      handle: ({ body, caller }) => {
        if (caller.kind !== 'agent') throw new AppError('forbidden', 'Only agents may do this.');
        deps.heard(caller.agentId);
        if (!jobs.answer(caller.agentId, body)) deps.refused(caller.agentId, 1);
        return undefined;
      },
    }),
  ];
}

function writer(caller: Caller, request: Request) {
  return { by: auditBy(caller), address: request.ip ?? null };
}
