import type { Request } from 'express';
import type { Database } from '../database/tables.ts';
import type { Gate, Permission } from '../http/permission.ts';
import type { Caller } from '../http/route.ts';
import { AppError } from '../problem.ts';
import type { Agents } from './agents.ts';
import type { ApiTokens, TokenCaller } from './api-tokens.ts';
import type { CallRate } from './call-rate.ts';
import { refuseOtherRoom } from './kiosk-room.ts';
import { permissions } from './permissions.ts';
import { mayActAs } from './role-order.ts';
import { addressed, refuseOtherPlace } from './scope/addressed.ts';
import { reachOf } from './scope.ts';
import type { Sessions } from './sessions.ts';

export { mayActAs } from './role-order.ts';

/** Decides who may call what: people by session, role and sites, agents by key. What is not declared public needs one. */
export function createGate(options: {
  sessions: Sessions;
  agents: Agents;
  apiTokens: ApiTokens;
  /** Of programs with a token. */
  callRate: CallRate;
  db: Database;
}): Gate {
  /** Who calls with a token of a person. It is not a cookie, so no page of others can send it. */
  async function tokenCaller(token: string, request: Request): Promise<TokenCaller> {
    const known = await options.apiTokens.authenticate(token, request.ip ?? null);
    if (known === null)
      throw new AppError('unauthenticated', 'This token is not valid, or no longer: make a new one.');
    options.callRate.count(known.caller.token?.id ?? 0);
    return known;
  }

  return {
    permissionOf(key) {
      const permission = permissions.get(key);
      if (permission === undefined) throw new Error(`The table of permissions does not name "${key}".`);
      return permission;
    },

    async admit(permission, request, known) {
      const { least } = permission;
      if (least === 'agent') {
        const token = bearerOf(request);
        const agent =
          token === undefined ? null : await options.agents.authenticate(token, request.ip ?? null);
        if (agent === null) throw new AppError('unauthenticated', 'The agent token is missing or not valid.');
        return { kind: 'agent', agentId: agent.id, name: agent.name };
      }
      // What is public is not made less so by a token.
      const token = least === 'public' ? undefined : bearerOf(request, /^rht_/);
      if (token !== undefined) {
        const { caller, readOnly } = await tokenCaller(token, request);
        known?.(caller);
        mayWithToken(permission, readOnly, request.method);
        allow(permission, caller);
        return caller;
      }
      const caller = await options.sessions.fromCookie(request.headers.cookie);
      known?.(caller);
      allow(permission, caller);
      return caller;
    },

    allow,

    async within(caller, permission, address) {
      if (caller.kind === 'person' && caller.room !== undefined)
        await refuseOtherRoom(options.db, caller.room, permission, address);
      const reach = reachOf(caller);
      const { sites } = permission;
      if (reach === null || typeof sites !== 'object') return;
      for (const [name, place] of Object.entries(sites))
        for (const value of [address[name]].flat())
          if (value !== undefined && value !== null) {
            const named = addressed(place, value, address);
            await refuseOtherPlace(options.db, reach, named.place, named.id);
          }
    },
  };
}

/** What can be said of a caller without looking at what is addressed. */
function allow({ least, sites, room, switching }: Permission, caller: Caller): void {
  if (least === 'public') return;
  if (caller.kind !== 'person' || least === 'agent') throw new AppError('unauthenticated', 'Please sign in.');
  if (!mayActAs(caller.role, least))
    throw new AppError('forbidden', `This needs the role ${least}; yours is ${caller.role}.`);
  if (caller.room !== undefined && room === undefined)
    throw new AppError('forbidden', 'This kiosk link shows one room and nothing else.', undefined, {
      reason: 'one-room',
    });
  if (switching === true && caller.maySwitch !== true)
    throw new AppError('forbidden', 'This account may not switch outlets.', undefined, {
      reason: 'no-switching-right',
    });
  if (caller.sites !== null && sites === undefined)
    throw new AppError('forbidden', 'This is for accounts that are not limited to sites.', undefined, {
      reason: 'every-site',
    });
}

/** What needs an administrator, programs may only do where that is said. @throws AppError forbidden */
function mayWithToken(permission: Permission, readOnly: boolean, method: string): void {
  if (!(permission.tokens ?? permission.least !== 'administrator'))
    throw new AppError('forbidden', 'This cannot be done with a token; sign in for it.', undefined, {
      reason: 'no-token',
    });
  if (readOnly && method !== 'GET')
    throw new AppError('forbidden', 'This token is for reading only.', undefined, { reason: 'read-only' });
}

/** The bearer token of a call, where it has one of this form. */
function bearerOf(request: Request, form = /^/): string | undefined {
  const token = /^Bearer (\S{1,200})$/i.exec(request.headers.authorization ?? '')?.[1];
  return token !== undefined && form.test(token) ? token : undefined;
}
