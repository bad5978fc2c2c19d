import {
  AgentDevices,
  Assignment,
  agentHeaders,
  Observation,
  PolledNow,
  ProbeAnswer,
  Sightings,
} from '@rackhaus/config/contract';
import type { Request } from 'express';
import { z } from 'zod';
import { type Caller, defineRoute, type Route } from '../http/route.ts';
import { AppError } from '../problem.ts';
import type { AcceptedBatches, BatchKey } from './accepted-batches.ts';
import type { AgentWatch } from './agent-watch.ts';
import type { Assignments } from './assignment.ts';
import type { Ingest } from './ingest.ts';
import type { Observations } from './observations.ts';
import type { PollsNow } from './polls-now.ts';
import type { Probes } from './probes.ts';
import type { LatestSightings } from './sightings.ts';

/** How long an agent's question for its assignment stays open when nothing changes. */
const waitMs = 25_000;
/** Uncompressed; a little above what agents send at most. */
const bodyLimit = 2_100_000;
/** One device with full tables: 20,000 addresses, and 64 MAC addresses at each of its ports. */
const sightingsLimit = 8_000_000;

/** What agents call. */
export function agentRoutes(deps: {
  assignments: Assignments;
  ingest: Ingest;
  observations: Observations;
  accepted: AcceptedBatches;
  agents: AgentWatch;
  probes: Probes;
  pollsNow: PollsNow;
  sightings: LatestSightings;
}): Route[] {
  const { assignments, ingest, observations, accepted, agents, probes, pollsNow, sightings } = deps;
  return [
    defineRoute({
      method: 'get',
      path: '/api/agent/assignment',
      access: 'agent',
      summary:
        'What this agent has to poll, with credentials. Answers when it differs from `known`, else after 25 s.',
      query: z.strictObject({ known: z.string().max(100).optional() }),
      reply: Assignment,
      handle: async ({ query, caller, response }) => {
        const agentId = agentOf(caller);
        agents.seen(agentId);
        const gone = new AbortController();
        response.once('close', () => gone.abort());
        const assignment = await assignments.next(agentId, query.known, waitMs, gone.signal);
        // Credentials are in it: nobody on the way may keep it.
        response.set('Cache-Control', 'no-store');
        return assignment;
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/agent/readings',
      access: 'agent',
      summary:
        'Takes in a batch of readings as line protocol; a repeat is acknowledged and not stored again.',
      body: z.string(),
      bodyType: 'text',
      bodyLimit,
      handle: async ({ body, caller, request }) => {
        await ingest.take(batchOf(request, caller, 'readings'), body);
        return undefined;
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/agent/observations',
      access: 'agent',
      summary: 'Takes in what devices say of themselves; a repeat is acknowledged and not stored again.',
      body: z.array(Observation).max(10_000),
      bodyLimit,
      handle: async ({ body, caller, request }) => {
        const batch = batchOf(request, caller, 'observations');
        agents.seen(batch.agentId);
        if (accepted.has(batch)) return undefined;
        await observations.put(body.filter(({ deviceId }) => assignments.covers(batch.agentId, deviceId)));
        accepted.add(batch);
        return undefined;
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/agent/probes',
      access: 'agent',
      summary: 'Takes in what came of a probe that came with the assignment.',
      body: ProbeAnswer,
      handle: ({ body, caller }) => {
        const agentId = agentOf(caller);
        agents.seen(agentId);
        probes.answer(agentId, body);
        return undefined;
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/agent/sightings',
      access: 'agent',
      summary:
        'Takes in who devices have seen behind their ports; what is older than what is known changes nothing.',
      body: z.array(Sightings).max(1000),
      bodyLimit: sightingsLimit,
      handle: async ({ body, caller }) => {
        const agentId = agentOf(caller);
        agents.seen(agentId);
        await sightings.put(body.filter(({ deviceId }) => assignments.covers(agentId, deviceId)));
        return undefined;
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/agent/polled',
      access: 'agent',
      summary: 'Takes in that a device was read out of turn, after what was read.',
      body: PolledNow,
      handle: ({ body, caller }) => {
        const agentId = agentOf(caller);
        agents.seen(agentId);
        pollsNow.answer(agentId, body);
        return undefined;
      },
    }),
    defineRoute({
      method: 'put',
      path: '/api/agents/:id/devices',
      access: 'administrator',
      summary: 'Gives devices to an agent to poll, and takes all others from it.',
      params: z.strictObject({ id: z.coerce.number().int().positive() }),
      body: AgentDevices,
      bodyLimit: 2_000_000,
      handle: async ({ params, body }) => {
        await assignments.give(params.id, body.devices);
        return undefined;
      },
    }),
  ];
}

const BatchHeaders = z.object({
  outbox: z.string().regex(/^[\w-]{1,100}$/, `header ${agentHeaders.outbox} must name the outbox`),
  sequence: z
    .string()
    .regex(/^\d{1,15}$/, `header ${agentHeaders.sequence} must be a number`)
    .transform(Number),
});

function batchOf(request: Request, caller: Caller, content: 'readings' | 'observations'): BatchKey {
  const parsed = BatchHeaders.safeParse({
    outbox: request.get(agentHeaders.outbox) ?? '',
    sequence: request.get(agentHeaders.sequence) ?? '',
  });
  if (!parsed.success)
    throw new AppError('invalid', parsed.error.issues[0]?.message ?? 'A header is missing.');
  const { outbox, sequence } = parsed.data;
  return { agentId: agentOf(caller), outbox: `${outbox}/${content}`, sequence };
}

function agentOf(caller: Caller): number {
  if (caller.kind !== 'agent') throw new AppError('forbidden', 'Only agents may do this.');
  return caller.agentId;
}
