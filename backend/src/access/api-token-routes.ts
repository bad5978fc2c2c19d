import { ApiTokenList, CreatedApiToken, NewApiToken } from '@rackhaus/config/contract';
import type { Audit } from '../audit/audit.ts';
import { notesAbout } from '../audit/notes-about.ts';
import { type Caller, defineRoute, type Route } from '../http/route.ts';
import { WithId } from '../http/with-id.ts';
import { AppError } from '../problem.ts';
import type { ApiTokens } from './api-tokens.ts';
import type { OwnSessions } from './own-account/own-session.ts';

/** Tokens of programs: one's own, and all of them for administrators. */
export function apiTokenRoutes(deps: { tokens: ApiTokens; audit: Audit; own: OwnSessions }): Route[] {
  const { tokens, audit } = deps;
  const note = notesAbout(audit, 'token');
  return [
    defineRoute({
      method: 'get',
      path: '/api/api-tokens',
      summary: "One's own tokens for programs, without what they are.",
      reply: ApiTokenList,
      handle: async ({ caller }) => ({ tokens: await tokens.list(person(caller).userId) }),
    }),
    defineRoute({
      method: 'post',
      path: '/api/api-tokens',
      summary: 'Makes a token for a program, which calls with it as a bearer token. It is shown this once.',
      body: NewApiToken,
      reply: CreatedApiToken,
      handle: async ({ body, caller, request }) => {
        // What a program can switch off, only its owner hands over.
        if (body.maySwitch) await deps.own.fresh(request);
        const made = await tokens.create(person(caller), body);
        await note(
          'token.made',
          { id: made.id, name: body.name },
          { caller, request },
          { role: body.role, readOnly: body.readOnly, maySwitch: body.maySwitch, endsAt: body.endsAt },
        );
        return made;
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/api/api-tokens/:id',
      summary: "Ends one of one's own tokens at once; an administrator anybody's.",
      params: WithId,
      handle: async ({ params, caller, request }) => {
        const { userId, role } = person(caller);
        const ended = await tokens.end(params.id, role === 'administrator' ? null : userId);
        await note('token.revoked', ended, { caller, request });
        return undefined;
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/api-tokens/all',
      summary: "Everybody's tokens for programs, without what they are.",
      reply: ApiTokenList,
      handle: async () => ({ tokens: await tokens.list(null) }),
    }),
  ];
}

function person(caller: Caller): Extract<Caller, { kind: 'person' }> & { userId: number } {
  if (caller.kind !== 'person' || caller.userId === null)
    throw new AppError('forbidden', 'Only people have tokens.');
  return { ...caller, userId: caller.userId };
}
