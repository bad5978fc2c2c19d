import {
  AgentDevices,
  Assignment,
  agentHeaders,
  Observation,
  PolledNow,
  ProbeAnswer,
  ProfilesTaken,
  Sightings,
} from '@rackhaus/config/contract';
import type { Request } from 'express';
import { z } from 'zod';
import { type Caller, defineRoute, type Route } from '../http/route.ts';
import { AppError } from '../problem.ts';
import type { AcceptedBatches, BatchKey } from './accepted-batches.ts';
import type { AgentWatch } from './agent-watch.ts';
import type { Assignments } from './assignment.ts';
import type { Responsible } from './batch-reader.ts';
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
  /** Whether what that agent says of a device at that time is taken in. */
  responsible: Responsible;
  ingest: Ingest;
  observations: Observations;
  accepted: AcceptedBatches;
  agents: AgentWatch;
  probes: Probes;
  pollsNow: PollsNow;
  sightings: LatestSightings;
  /** @throws AppError when the agent has been revoked while its request was under way */
  mustBeThere: (agentId: number) => void;
  /** Whether the agent shall take a new key. */
  keyIsDue: (agentId: number) => Promise<boolean>;
  /** Which own profiles the agent says that it uses. */
  profilesTaken: (agentId: number, taken: ProfilesTaken) => void;
}): Route[] {
  const { assignments, responsible, ingest, observations, accepted, agents, probes, pollsNow, sightings } =
    deps;
  /** The agent that calls, which is still one after the body has come. */
  const agentOf = (caller: Caller): number => {
    const agentId = agentIdOf(caller);
    deps.mustBeThere(agentId);
    return agentId;
  };
  /** What of this the agent may say; what it never may is counted. */
  const ownOf = <T extends { readonly deviceId: number; readonly time: number }>(
    agentId: number,
    said: readonly T[],
  ): T[] => {
    const own: T[] = [];
    let intruding = 0;
    for (const one of said) {
      if (responsible.covers(agentId, one.deviceId, one.time)) own.push(one);
      else if (!responsible.everCovered(agentId, one.deviceId)) intruding++;
    }
    agents.refused(agentId, intruding);
    return own;
  };
  return [
    defineRoute({
      method: 'get',
      path: '/api/agent/assignment',
      summary:
        'What this agent has to poll, with credentials. Answers when it differs from `known`, else after 25 s.',
      query: z.strictObject({ known: z.string().max(100).optional() }),
      reply: Assignment,
      headers: {
        [agentHeaders.speaks]: 'What the agent understands besides.',
        [agentHeaders.profiles]: 'Which own profiles it uses: JSON, percent-encoded.',
      },
      handle: async ({ query, caller, request, response }) => {
        const agentId = agentOf(caller);
        agents.seen(agentId);
        const taken = request.get(agentHeaders.profiles);
        if (taken !== undefined) deps.profilesTaken(agentId, takenIn(taken));
        const gone = new AbortController();
        response.once('close', () => gone.abort());
        const speaks = Number(request.get(agentHeaders.speaks) ?? 1);
        const renewKey = speaks >= 2 && (await deps.keyIsDue(agentId));
        // Whoever is to take a new key does not wait for anything else.
        const given = await assignments
          .next(agentId, query.known, renewKey ? 0 : waitMs, gone.signal, speaks)
          .catch((error: unknown) => {
            // Revoked meanwhile: that is what it has to hear.
            deps.mustBeThere(agentId);
            throw error;
          });
        deps.mustBeThere(agentId);
        // Credentials are in it: nobody on the way may keep it.
        response.set('Cache-Control', 'no-store');
        return speaks >= 2 ? { ...given, ...(renewKey ? { renewKey } : {}) } : forOlder(given);
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/agent/readings',
      summary:
        'Takes in a batch of readings as line protocol; a repeat is acknowledged and not stored again.',
      body: z.instanceof(Uint8Array),
      bodyType: 'bytes',
      bodyLimit,
      beforeBody: (caller) => ingest.ready(agentOf(caller)),
      handle: async ({ body, caller, request }) => {
        await ingest.take(batchOf(request, agentOf(caller), 'readings'), body);
        return undefined;
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/agent/observations',
      summary: 'Takes in what devices say of themselves; a repeat is acknowledged and not stored again.',
      body: z.array(Observation).max(10_000),
      bodyLimit,
      handle: async ({ body, caller, request }) => {
        const batch = batchOf(request, agentOf(caller), 'observations');
        agents.seen(batch.agentId);
        if (accepted.has(batch)) return undefined;
        await observations.put(ownOf(batch.agentId, body));
        accepted.add(batch);
        return undefined;
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/agent/probes',
      summary: 'Takes in what came of a probe that came with the assignment.',
      body: ProbeAnswer,
      handle: ({ body, caller }) => {
        const agentId = agentOf(caller);
        agents.seen(agentId);
        if (!probes.answer(agentId, body)) agents.refused(agentId, 1);
        return undefined;
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/agent/sightings',
      summary:
        'Takes in who devices have seen behind their ports; what is older than what is known changes nothing.',
      body: z.array(Sightings).max(1000),
      bodyLimit: sightingsLimit,
      handle: async ({ body, caller }) => {
        const agentId = agentOf(caller);
        agents.seen(agentId);
        await sightings.put(ownOf(agentId, body));
        return undefined;
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/agent/polled',
      summary: 'Takes in that a device was read out of turn, after what was read.',
      body: PolledNow,
      handle: ({ body, caller }) => {
        const agentId = agentOf(caller);
        agents.seen(agentId);
        if (!pollsNow.answer(agentId, body)) agents.refused(agentId, 1);
        return undefined;
      },
    }),
    defineRoute({
      method: 'put',
      path: '/api/agents/:id/devices',
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

function batchOf(request: Request, agentId: number, content: 'readings' | 'observations'): BatchKey {
  const parsed = BatchHeaders.safeParse({
    outbox: request.get(agentHeaders.outbox) ?? '',
    sequence: request.get(agentHeaders.sequence) ?? '',
  });
  if (!parsed.success)
    throw new AppError('invalid', parsed.error.issues[0]?.message ?? 'A header is missing.');
  const { outbox, sequence } = parsed.data;
  return { agentId, outbox: `${outbox}/${content}`, sequence };
}

/** An older agent refuses fields that it does not know. */
function forOlder({ networks: _, ...given }: Assignment): Assignment {
  return given;
}

function agentIdOf(caller: Caller): number {
  if (caller.kind !== 'agent') throw new AppError('forbidden', 'Only agents may do this.');
  return caller.agentId;
}

/** @throws AppError invalid */
function takenIn(header: string): ProfilesTaken {
  try {
    return ProfilesTaken.parse(JSON.parse(decodeURIComponent(header)));
  } catch (error) {
    if (!(error instanceof URIError || error instanceof SyntaxError || error instanceof z.ZodError))
      throw error;
    const message = `must be which own profiles are used, as percent-encoded JSON, not "${header.slice(0, 100)}"`;
    throw new AppError('invalid', message, [{ path: agentHeaders.profiles, message }]);
  }
}
