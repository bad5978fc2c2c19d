import { KioskSignedIn, KioskSignIn, SessionReply, Setup, SignIn } from '@rackhaus/config/contract';
import type { Response } from 'express';
import type { z } from 'zod';
import { type Caller, defineRoute, type Route } from '../http/route.ts';
import { AppError } from '../problem.ts';
import type { AttemptLimit } from './attempt-limit.ts';
import type { FirstSetup } from './first-setup.ts';
import type { KioskLinks } from './kiosk-links.ts';
import type { Sessions } from './sessions.ts';
import { nameKey } from './tokens.ts';
import type { Users } from './users.ts';

/** Signing in and out, the first administrator, kiosk screens. */
export function sessionRoutes(deps: {
  users: Users;
  sessions: Sessions;
  kioskLinks: KioskLinks;
  firstSetup: FirstSetup;
  attempts: AttemptLimit;
  /** Told to whoever is signed in: the simulator panel exists. */
  demo: boolean;
}): Route[] {
  const { users, sessions, kioskLinks, firstSetup, attempts, demo } = deps;

  async function stateOf(caller: Caller): Promise<z.input<typeof SessionReply>> {
    if (caller.kind === 'person')
      return { state: 'signed-in', userId: caller.userId, user: caller.name, role: caller.role, demo };
    return { state: (await users.none()) ? 'setup' : 'signed-out' };
  }

  /** Who it is now follows from the cookie that the reply sets, not from the one that the request had. */
  async function signIn(
    whose: { userId: number } | { kioskLinkId: number },
    oldCookies: string | undefined,
    response: Response,
  ): Promise<Caller> {
    const header = await sessions.open(whose, oldCookies);
    response.append('Set-Cookie', header);
    return sessions.fromCookie(header.split(';')[0]);
  }

  return [
    defineRoute({
      method: 'get',
      path: '/api/session',
      access: 'public',
      summary: 'Who is signed in.',
      reply: SessionReply,
      handle: ({ caller, response }) => {
        response.set('Cache-Control', 'no-store');
        return stateOf(caller);
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/session',
      access: 'public',
      summary: 'Signs in with name and password.',
      body: SignIn,
      reply: SessionReply,
      handle: async ({ body, request, response }) => {
        const attempt = attempts.begin({ account: nameKey(body.user), address: request.ip ?? '' });
        const userId = await users.authenticate(body.user, body.password);
        if (userId === null)
          throw new AppError('unauthenticated', 'Name or password is wrong, or the account is disabled.');
        attempt.succeeded();
        return stateOf(await signIn({ userId }, request.headers.cookie, response));
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/api/session',
      access: 'public',
      summary: 'Signs out.',
      handle: async ({ request, response }) => {
        response.append('Set-Cookie', await sessions.end(request.headers.cookie));
        return undefined;
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/setup',
      access: 'public',
      summary: 'Makes the first administrator with the code from the server’s console, and signs in.',
      body: Setup,
      reply: SessionReply,
      handle: async ({ body, request, response }) => {
        // One key for all: however many addresses somebody has, the code is guessed at one pace.
        const attempt = attempts.begin({ account: 'first set-up', address: request.ip ?? '' });
        const userId = await firstSetup.complete(body);
        attempt.succeeded();
        return stateOf(await signIn({ userId }, request.headers.cookie, response));
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/kiosk-session',
      access: 'public',
      summary: 'Opens a kiosk link: the screen may read until the link is revoked.',
      body: KioskSignIn,
      reply: KioskSignedIn,
      handle: async ({ body, request, response }) => {
        const link = await kioskLinks.use(body.token);
        if (link === null) throw new AppError('unauthenticated', 'This link is not valid any more.');
        await signIn({ kioskLinkId: link.id }, request.headers.cookie, response);
        return { path: link.path };
      },
    }),
  ];
}
