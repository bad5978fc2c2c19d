import {
  AgentList,
  CreatedAgent,
  CreatedKioskLink,
  KioskLinkList,
  NewAgent,
  NewKioskLink,
  NewUser,
  UserChange,
  UserList,
} from '@rackhaus/config/contract';
import { z } from 'zod';
import { defineRoute, type Route } from '../http/route.ts';
import { WithId } from '../http/with-id.ts';
import type { Agents } from './agents.ts';
import type { KioskLinks } from './kiosk-links.ts';
import type { Users } from './users.ts';

/** What monitoring knows of an agent. */
export type AgentFacts = (agentId: number) => { devices: number; lastSeen: number | null };

/** People, kiosk links and agents: for administrators only. */
export function administrationRoutes(deps: {
  users: Users;
  kioskLinks: KioskLinks;
  agents: Agents;
  agentFacts: AgentFacts;
  publicUrl: string | null;
}): Route[] {
  const { users, kioskLinks, agents } = deps;
  const access = 'administrator';
  return [
    defineRoute({
      method: 'get',
      path: '/api/users',
      access,
      summary: 'Everybody who has an account.',
      reply: UserList,
      handle: () => users.list(),
    }),
    defineRoute({
      method: 'post',
      path: '/api/users',
      access,
      summary: 'Makes an account.',
      body: NewUser,
      reply: z.strictObject({ id: z.int() }),
      handle: async ({ body }) => ({ id: await users.create(body) }),
    }),
    defineRoute({
      method: 'patch',
      path: '/api/users/:id',
      access,
      summary: 'Changes role or password, disables or enables an account, and signs that person out.',
      params: WithId,
      body: UserChange,
      handle: async ({ params, body }) => {
        await users.change(params.id, body);
        return undefined;
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/kiosk-links',
      access,
      summary: 'All kiosk links, without their secrets.',
      reply: KioskLinkList,
      handle: () => kioskLinks.list(),
    }),
    defineRoute({
      method: 'post',
      path: '/api/kiosk-links',
      access,
      summary: 'Makes a kiosk link. Its address is shown this once.',
      body: NewKioskLink,
      reply: CreatedKioskLink,
      handle: async ({ body, request }) => {
        const { id, token } = await kioskLinks.create(body);
        const origin = deps.publicUrl ?? `${request.protocol}://${request.get('Host')}`;
        // What follows "#" stays in the browser: the secret appears in no log of a proxy or server.
        return { id, url: `${origin}/kiosk#${token}` };
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/api/kiosk-links/:id',
      access,
      summary: 'Revokes a kiosk link and ends it on every screen at once.',
      params: WithId,
      handle: async ({ params }) => {
        await kioskLinks.revoke(params.id);
        return undefined;
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/agents',
      access,
      summary: 'All agents, without their tokens.',
      reply: AgentList,
      handle: async () => ({
        agents: (await agents.list()).map((agent) => ({ ...agent, ...deps.agentFacts(agent.id) })),
      }),
    }),
    defineRoute({
      method: 'post',
      path: '/api/agents',
      access,
      summary: 'Makes an agent. Its token is shown this once.',
      body: NewAgent,
      reply: CreatedAgent,
      handle: ({ body }) => agents.create(body.name),
    }),
    defineRoute({
      method: 'delete',
      path: '/api/agents/:id',
      access,
      summary: 'Revokes an agent: its token is refused from now on.',
      params: WithId,
      handle: async ({ params }) => {
        await agents.revoke(params.id);
        return undefined;
      },
    }),
  ];
}
