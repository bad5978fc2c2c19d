import { type Role, roles } from '@rackhaus/config/contract';
import type { Admit } from '../http/mount.ts';
import { AppError } from '../problem.ts';
import type { Agents } from './agents.ts';
import type { Sessions } from './sessions.ts';

/** Decides who may call what: people by session and role, agents by token. What is not declared public needs one. */
export function admitBy(options: { sessions: Sessions; agents: Agents }): Admit {
  return async (access, request) => {
    if (access === 'agent') {
      const token = /^Bearer (\S{1,200})$/i.exec(request.headers.authorization ?? '')?.[1];
      const agent = token === undefined ? null : await options.agents.authenticate(token);
      if (agent === null) throw new AppError('unauthenticated', 'The agent token is missing or not valid.');
      return { kind: 'agent', agentId: agent.id, name: agent.name };
    }
    const caller = await options.sessions.fromCookie(request.headers.cookie);
    if (access === 'public') return caller;
    if (caller.kind !== 'person') throw new AppError('unauthenticated', 'Please sign in.');
    if (!mayActAs(caller.role, access))
      throw new AppError('forbidden', `This needs the role ${access}; yours is ${caller.role}.`);
    return caller;
  };
}

/** Each role may do what those before it may. */
export function mayActAs(role: Role, needed: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(needed);
}
