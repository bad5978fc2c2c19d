import {
  AccountLinkToken,
  AccountLinkUse,
  AccountLinkView,
  AuthenticatorCode,
  KioskSignedIn,
  KioskSignIn,
  NewAuthenticator,
  NewPasskey,
  PasskeyOptions,
  PasskeySignIn,
  SecondFactorAnswer,
  SessionReply,
  SetUpReply,
  Setup,
  SignIn,
} from '@rackhaus/config/contract';
import type { Audit } from '../audit/audit.ts';
import { defineRoute, type Route } from '../http/route.ts';
import { AppError } from '../problem.ts';
import type { AttemptLimit } from './attempt-limit.ts';
import type { SignInByPassword } from './federation/password.ts';
import type { FirstSetup } from './first-setup.ts';
import type { KioskLinks } from './kiosk-links.ts';
import { drawn } from './own-account/routes.ts';
import { checkNewPassword } from './password-rules.ts';
import type { AccountLinks } from './people/account-links.ts';
import type { SecondFactors } from './second-factor/second-factors.ts';
import { siteOf } from './second-factor/site.ts';
import type { Sessions } from './sessions.ts';
import type { SignIns } from './sign-ins.ts';
import { nameKey } from './tokens.ts';
import type { Users } from './users.ts';

/** Signing in and out in one or two steps, the first administrator, links to set a password, kiosk screens. */
export function sessionRoutes(deps: {
  users: Users;
  sessions: Sessions;
  kioskLinks: KioskLinks;
  firstSetup: FirstSetup;
  attempts: AttemptLimit;
  signIns: SignIns;
  /** Whose name and password these are. */
  passwords: SignInByPassword;
  factors: SecondFactors;
  accountLinks: AccountLinks;
  audit: Pick<Audit, 'note'>;
  publicUrl: string | null;
}): Route[] {
  const { users, sessions, kioskLinks, firstSetup, attempts, signIns, factors, accountLinks } = deps;
  const { audit, publicUrl } = deps;

  return [
    defineRoute({
      method: 'get',
      path: '/api/session',
      summary: 'Who is signed in.',
      reply: SessionReply,
      handle: ({ caller, request, response }) => {
        response.set('Cache-Control', 'no-store');
        return signIns.stateOf(caller, request);
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/session',
      summary: 'Signs in with name and password; the reply may ask for a second factor.',
      body: SignIn,
      reply: SessionReply,
      handle: async ({ body, request, response }) => {
        const attempt = attempts.begin({ account: nameKey(body.user), address: request.ip ?? '' });
        const who = await deps.passwords.authenticate(body.user, body.password, request.ip ?? null);
        if (who === null) {
          await signIns.noteRefusal('password', request, await users.named(body.user));
          throw new AppError('unauthenticated', 'Name or password is wrong, or the account is disabled.');
        }
        attempt.succeeded();
        return signIns.complete({ ...who, strong: false }, request, response);
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/api/session',
      summary: 'Signs out.',
      handle: async ({ caller, request, response }) => {
        await signIns.signOut(caller, request, response);
        return undefined;
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/session/passkey/options',
      summary: 'Options for the browser to sign in with a passkey alone.',
      reply: PasskeyOptions,
      handle: ({ request }) => factors.passkeys.optionsToUse('sign-in', null, siteOf(request, publicUrl)),
    }),
    defineRoute({
      method: 'post',
      path: '/api/session/passkey',
      summary: 'Signs in with a passkey alone, whose device has checked who holds it.',
      body: PasskeySignIn,
      reply: SessionReply,
      handle: async ({ body, request, response }) => {
        const attempt = attempts.begin({
          what: 'passkey',
          account: body.passkey.id.slice(0, 100),
          address: request.ip ?? '',
        });
        const site = siteOf(request, publicUrl);
        const used = await factors.passkeys
          .use('sign-in', null, body.passkey, site)
          .catch(async (error: unknown) => {
            await signIns.noteRefusal('passkey', request);
            throw error;
          });
        attempt.succeeded();
        return signIns.complete(
          { userId: used.userId, method: 'passkey', strong: used.verified },
          request,
          response,
        );
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/session/second-factor/options',
      summary: 'Options for the browser to take the second step with a passkey.',
      reply: PasskeyOptions,
      handle: async ({ request }) => {
        const { person } = await signIns.pendingOf(request, 'second-factor');
        return factors.passkeys.optionsToUse('second-factor', person.id, siteOf(request, publicUrl));
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/session/second-factor',
      summary: 'Takes the second step: a one-time code, a passkey, or a recovery code.',
      body: SecondFactorAnswer,
      reply: SessionReply,
      handle: ({ body, request, response }) =>
        signIns.secondStep(body, siteOf(request, publicUrl), request, response),
    }),
    defineRoute({
      method: 'post',
      path: '/api/session/set-up/totp',
      summary: 'Begins to set up an app for one-time codes before the first session.',
      reply: NewAuthenticator,
      handle: async ({ request }) => {
        const { person } = await signIns.pendingOf(request, 'set-up-second-factor');
        return drawn(await factors.authenticators.begin(person));
      },
    }),
    defineRoute({
      method: 'put',
      path: '/api/session/set-up/totp',
      summary: 'Takes the app for one-time codes into use, and signs in.',
      body: AuthenticatorCode,
      reply: SetUpReply,
      handle: async ({ body, request, response }) => {
        const { person } = await signIns.pendingOf(request, 'set-up-second-factor');
        const attempt = attempts.begin({
          what: 'second-factor',
          account: person.name,
          address: request.ip ?? '',
        });
        await factors.authenticators.confirm(person.id, body.code);
        attempt.succeeded();
        await noteFactor(person, request.ip, 'totp');
        const codes = await factors.firstRecoveryCodes(person.id);
        return { codes, session: await signIns.afterSetUp(request, response) };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/session/set-up/passkey/options',
      summary: 'Options for the browser to make a passkey before the first session.',
      reply: PasskeyOptions,
      handle: async ({ request }) => {
        const { person } = await signIns.pendingOf(request, 'set-up-second-factor');
        return factors.passkeys.optionsToMake(person, siteOf(request, publicUrl));
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/session/set-up/passkey',
      summary: 'Adds a passkey that the browser has made, and signs in.',
      body: NewPasskey,
      reply: SetUpReply,
      handle: async ({ body, request, response }) => {
        const { person } = await signIns.pendingOf(request, 'set-up-second-factor');
        await factors.passkeys.add(person.id, body.name, body.passkey, siteOf(request, publicUrl));
        await noteFactor(person, request.ip, 'passkey');
        const codes = await factors.firstRecoveryCodes(person.id);
        return { codes, session: await signIns.afterSetUp(request, response) };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/account-links/look',
      summary: 'Whose an invitation or a link to set a password is.',
      body: AccountLinkToken,
      reply: AccountLinkView,
      handle: async ({ body, request }) => {
        const attempt = attempts.begin({ what: 'link', account: 'any', address: request.ip ?? '' });
        const { kind, name, expiresAt } = await accountLinks.look(body.token);
        attempt.succeeded();
        return { kind, name, expiresAt };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/account-links/use',
      summary: 'Sets a password with such a link, once, and signs in.',
      body: AccountLinkUse,
      reply: SessionReply,
      handle: async ({ body, request, response }) => {
        const attempt = attempts.begin({ what: 'link', account: 'any', address: request.ip ?? '' });
        // Looked at first: a password that is refused does not use the link up.
        const { userId, name } = await accountLinks.look(body.token);
        attempt.succeeded();
        checkNewPassword(body.password, name);
        const { kind } = await accountLinks.use(body.token);
        await users.setPassword(userId, body.password, null);
        await audit.note({
          action: 'account.password',
          outcome: 'done',
          by: { kind: 'person', id: userId, name },
          address: request.ip ?? null,
          subject: { kind: 'user', id: userId, name },
          detail: { by: kind },
        });
        return signIns.complete({ userId, method: 'invitation', strong: false }, request, response);
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/setup',
      summary: 'Makes the first administrator with the code from the server’s console, and signs in.',
      body: Setup,
      reply: SessionReply,
      handle: async ({ body, request, response }) => {
        // One key for all: however many addresses somebody has, the code is guessed at one pace.
        const attempt = attempts.begin({
          what: 'setup',
          account: 'first set-up',
          address: request.ip ?? '',
        });
        checkNewPassword(body.password, body.user);
        const userId = await firstSetup.complete(body);
        attempt.succeeded();
        await audit.note({
          action: 'account.made',
          outcome: 'done',
          by: { kind: 'person', id: userId, name: body.user },
          address: request.ip ?? null,
          subject: { kind: 'user', id: userId, name: body.user },
          detail: { role: 'administrator', by: 'setup' },
        });
        return signIns.complete({ userId, method: 'setup', strong: false }, request, response);
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/kiosk-session',
      summary: 'Opens a kiosk link: the screen may read until the link is revoked.',
      body: KioskSignIn,
      reply: KioskSignedIn,
      handle: async ({ body, request, response }) => {
        const link = await kioskLinks.use(body.token);
        if (link === null) throw new AppError('unauthenticated', 'This link is not valid any more.');
        response.append('Set-Cookie', await sessions.open({ kioskLinkId: link.id }, request.headers.cookie));
        await audit.note({
          action: 'kiosk.opened',
          outcome: 'done',
          by: { kind: 'kiosk', id: link.id, name: link.name },
          address: request.ip ?? null,
          subject: { kind: 'kiosk', id: link.id, name: link.name },
        });
        return { path: link.path };
      },
    }),
  ];

  function noteFactor(person: { id: number; name: string }, address: string | undefined, added: string) {
    return audit.note({
      action: 'account.factor',
      outcome: 'done',
      by: { kind: 'person', id: person.id, name: person.name },
      address: address ?? null,
      subject: { kind: 'user', id: person.id, name: person.name },
      detail: { added },
    });
  }
}
