import {
  IncidentDetail,
  IncidentList,
  IncidentNote,
  IncidentQuery,
  IncidentResolve,
  IncidentSnooze,
} from '@rackhaus/config/contract';
import { z } from 'zod';
import { reachOf } from '../access/scope.ts';
import type { Database } from '../database/tables.ts';
import { type Caller, defineRoute, type Route } from '../http/route.ts';
import * as acts from './acts.ts';
import type { IncidentDetails } from './detail.ts';
import type { Engine } from './engine.ts';
import { listIncidents } from './list.ts';
import type { Actor } from './parts.ts';
import { detailWithin } from './within.ts';

const Id = z.strictObject({
  id: z
    .string()
    .regex(/^\d{1,15}$/, 'must be a whole number')
    .transform(Number),
});

/** What is wrong, its story, and what people do with it. */
export function incidentRoutes(deps: { db: Database; engine: Engine; details: IncidentDetails }): Route[] {
  const { db, engine, details } = deps;
  return [
    defineRoute({
      method: 'get',
      path: '/api/incidents',
      summary: 'Incidents, newest first, a page at a time.',
      query: IncidentQuery,
      reply: IncidentList,
      handle: ({ query, caller }) => listIncidents(db, query, reachOf(caller)),
    }),
    defineRoute({
      method: 'get',
      path: '/api/incidents/:id',
      summary: 'One incident: its story, what it affects, what was changed nearby, and who was told.',
      params: Id,
      reply: IncidentDetail,
      handle: async ({ params, caller }) => detailWithin(db, reachOf(caller), await details.of(params.id)),
    }),
    defineRoute({
      method: 'post',
      path: '/api/incidents/:id/acknowledge',
      summary: 'Takes an incident: nobody else is told of it any more.',
      params: Id,
      handle: async ({ params, caller }) => {
        await engine.act(params.id, acts.acknowledge(actorOf(caller)));
        return undefined;
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/incidents/:id/unacknowledge',
      summary: 'Gives an incident back: whoever is on call is told again.',
      params: Id,
      handle: async ({ params, caller }) => {
        await engine.act(params.id, acts.unacknowledge(actorOf(caller)));
        return undefined;
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/incidents/:id/snooze',
      summary: 'Puts an incident off until a time, or wakes it.',
      params: Id,
      body: IncidentSnooze,
      handle: async ({ params, body, caller }) => {
        await engine.act(params.id, acts.snooze(actorOf(caller), body.until));
        return undefined;
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/incidents/:id/note',
      summary: 'Writes a note into the story of an incident, also of one that is over.',
      params: Id,
      body: IncidentNote,
      handle: async ({ params, body, caller }) => {
        await engine.act(params.id, acts.note(actorOf(caller), body.text));
        return undefined;
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/incidents/:id/resolve',
      summary: 'Ends an incident by hand; it opens again when the fault is still seen.',
      params: Id,
      body: IncidentResolve,
      handle: async ({ params, body, caller }) => {
        await engine.act(params.id, acts.resolveByHand(actorOf(caller), body.text));
        return undefined;
      },
    }),
  ];
}

function actorOf(caller: Caller): Actor {
  return caller.kind === 'person'
    ? { userId: caller.userId, name: caller.name, via: 'Web' }
    : { userId: null, name: caller.kind, via: 'Web' };
}
