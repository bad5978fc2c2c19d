import {
  Account,
  AuthenticatorCode,
  Confirmation,
  NewAuthenticator,
  NewPasskey,
  PasskeyChange,
  PasskeyOptions,
  PasswordChange,
  RecoveryCodes,
} from '@rackhaus/config/contract';
import { z } from 'zod';
import type { Audit } from '../../audit/audit.ts';
import { defineRoute, type Route } from '../../http/route.ts';
import { WithId } from '../../http/with-id.ts';
import { qrCode } from '../../labels/qr.ts';
import { AppError } from '../../problem.ts';
import type { AttemptLimit } from '../attempt-limit.ts';
import type { SignInByPassword } from '../federation/password.ts';
import { checkNewPassword } from '../password-rules.ts';
import type { SecondFactorRule } from '../second-factor/policy.ts';
import type { SecondFactors } from '../second-factor/second-factors.ts';
import { siteOf } from '../second-factor/site.ts';
import type { Sessions } from '../sessions.ts';
import type { Users } from '../users.ts';
import type { OwnSession, OwnSessions } from './own-session.ts';

/** A reply cannot be changed after it was made. */
export function drawn(of: { secret: string; uri: string }): z.input<typeof NewAuthenticator> {
  const { modules, runs } = qrCode(of.uri);
  return { ...of, qr: { modules, runs: runs.map(([x, y, length]) => [x, y, length]) } };
}

/** What people do with their own account. */
export function ownAccountRoutes(deps: {
  own: OwnSessions;
  users: Users;
  passwords: SignInByPassword;
  sessions: Sessions;
  factors: SecondFactors;
  rule: SecondFactorRule;
  attempts: AttemptLimit;
  audit: Pick<Audit, 'note'>;
  publicUrl: string | null;
}): Route[] {
  const { own, users, passwords, sessions, factors, rule, attempts, publicUrl } = deps;

  function note(
    who: OwnSession,
    address: string | undefined,
    action: 'account.password' | 'account.factor' | 'session.ended' | 'second-factor',
    outcome: 'done' | 'refused',
    detail: Record<string, string | number> = {},
  ): Promise<void> {
    const { id, name } = who;
    return deps.audit.note({
      action,
      outcome,
      by: { kind: 'person', id, name },
      address: address ?? null,
      subject: { kind: 'user', id, name },
      detail,
    });
  }

  async function isRight(
    who: OwnSession,
    answer: z.output<typeof Confirmation>,
    site: ReturnType<typeof siteOf>,
  ): Promise<boolean> {
    if ('password' in answer) {
      if (who.source === 'oidc')
        throw new AppError(
          'conflict',
          'This account has no password here. Please sign out and sign in again.',
          undefined,
          { reason: 'sign-in-again' },
        );
      return passwords.isPasswordOf(who.id, answer.password);
    }
    if ('code' in answer) return factors.authenticators.use(who.id, answer.code);
    await factors.passkeys.use('confirm', who.id, answer.passkey, site);
    return true;
  }

  return [
    defineRoute({
      method: 'get',
      path: '/api/account',
      summary: 'One’s own account: second factors and sessions.',
      reply: Account,
      handle: async ({ request, response }) => {
        response.set('Cache-Control', 'no-store');
        const who = await own.of(request);
        const { id, name, role, source, hasPassword } = who;
        const [totpSince, passkeys, recoveryCodesLeft, need, list] = await Promise.all([
          factors.authenticators.since(id),
          factors.passkeys.list(id),
          factors.recoveryCodes.left(id),
          rule.need(role),
          sessions.list(id),
        ]);
        return {
          ...{ id, name, role, source, hasPassword, totpSince, passkeys, recoveryCodesLeft },
          secondFactorNeeded: need.needed,
          sessions: list.map((session) => ({ ...session, own: session.id === who.session.id })),
        };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/account/confirm/passkey',
      summary: 'Options for the browser to confirm with a passkey.',
      reply: PasskeyOptions,
      handle: async ({ request }) => {
        const { id } = await own.of(request);
        return factors.passkeys.optionsToUse('confirm', id, siteOf(request, publicUrl));
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/account/confirm',
      summary: 'Shows again that it is this person, for what is sensitive. The session gets a new id.',
      body: Confirmation,
      handle: async ({ body, request, response }) => {
        const who = await own.of(request);
        const attempt = attempts.begin({
          what: 'confirmation',
          account: who.name,
          address: request.ip ?? '',
        });
        const right = await isRight(who, body, siteOf(request, publicUrl)).catch(async (error: unknown) => {
          await note(who, request.ip, 'second-factor', 'refused', { for: 'confirmation' });
          throw error;
        });
        if (!right) {
          await note(who, request.ip, 'second-factor', 'refused', { for: 'confirmation' });
          const path = 'password' in body ? 'password' : 'code';
          throw new AppError('invalid', `The ${path} is wrong.`, [{ path, message: 'is wrong' }], {
            reason: `${path}-wrong`,
          });
        }
        attempt.succeeded();
        const header = await sessions.confirm(who.session);
        if (header === null) throw new AppError('unauthenticated', 'Please sign in.');
        response.append('Set-Cookie', header);
        return undefined;
      },
    }),
    defineRoute({
      method: 'put',
      path: '/api/account/password',
      summary: 'Sets one’s own password and ends all other sessions of this person.',
      body: PasswordChange,
      handle: async ({ body, request, response }) => {
        const who = await own.of(request);
        if (!who.hasPassword)
          throw new AppError('conflict', 'This account has no password here but signs in elsewhere.');
        checkNewPassword(body.password, who.name);
        const attempt = attempts.begin({
          what: 'confirmation',
          account: who.name,
          address: request.ip ?? '',
        });
        if (!(await users.isPasswordOf(who.id, body.current))) {
          await note(who, request.ip, 'account.password', 'refused');
          throw new AppError(
            'invalid',
            'The current password is wrong.',
            [{ path: 'current', message: 'is wrong' }],
            {
              reason: 'password-wrong',
            },
          );
        }
        attempt.succeeded();
        await users.setPassword(who.id, body.password, who.session.id);
        const header = await sessions.confirm(who.session);
        if (header !== null) response.append('Set-Cookie', header);
        await note(who, request.ip, 'account.password', 'done');
        return undefined;
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/account/totp',
      summary: 'Begins to set up an app for one-time codes. Its secret is shown this once.',
      reply: NewAuthenticator,
      handle: async ({ request }) => drawn(await factors.authenticators.begin(await own.fresh(request))),
    }),
    defineRoute({
      method: 'put',
      path: '/api/account/totp',
      summary: 'Takes the app for one-time codes into use, with a code of it.',
      body: AuthenticatorCode,
      reply: RecoveryCodes,
      handle: async ({ body, request, response }) => {
        const who = await own.fresh(request);
        await confirmCode(who.name, request.ip, () => factors.authenticators.confirm(who.id, body.code));
        await note(who, request.ip, 'account.factor', 'done', { added: 'totp' });
        await renew(who, response);
        return { codes: await factors.firstRecoveryCodes(who.id) };
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/api/account/totp',
      summary: 'Removes the app for one-time codes.',
      handle: async ({ request }) => {
        const who = await own.fresh(request);
        await mayLose(who, 'totp');
        await factors.authenticators.remove(who.id);
        await factors.tidy(who.id);
        await note(who, request.ip, 'account.factor', 'done', { removed: 'totp' });
        return undefined;
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/account/passkeys/options',
      summary: 'Options for the browser to make a passkey.',
      reply: PasskeyOptions,
      handle: async ({ request }) =>
        factors.passkeys.optionsToMake(await own.fresh(request), siteOf(request, publicUrl)),
    }),
    defineRoute({
      method: 'post',
      path: '/api/account/passkeys',
      summary: 'Adds a passkey that the browser has made.',
      body: NewPasskey,
      reply: RecoveryCodes,
      handle: async ({ body, request, response }) => {
        const who = await own.fresh(request);
        await factors.passkeys.add(who.id, body.name, body.passkey, siteOf(request, publicUrl));
        await note(who, request.ip, 'account.factor', 'done', { added: 'passkey' });
        await renew(who, response);
        return { codes: await factors.firstRecoveryCodes(who.id) };
      },
    }),
    defineRoute({
      method: 'patch',
      path: '/api/account/passkeys/:id',
      summary: 'Names a passkey.',
      params: WithId,
      body: PasskeyChange,
      handle: async ({ params, body, request }) => {
        await factors.passkeys.rename((await own.of(request)).id, params.id, body.name);
        return undefined;
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/api/account/passkeys/:id',
      summary: 'Removes a passkey.',
      params: WithId,
      handle: async ({ params, request }) => {
        const who = await own.fresh(request);
        await mayLose(who, 'passkey');
        await factors.passkeys.remove(who.id, params.id);
        await factors.tidy(who.id);
        await note(who, request.ip, 'account.factor', 'done', { removed: 'passkey' });
        return undefined;
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/account/recovery-codes',
      summary: 'Makes new recovery codes, shown this once; those before are worth nothing any more.',
      reply: RecoveryCodes,
      handle: async ({ request }) => {
        const who = await own.fresh(request);
        if ((await factors.of(who.id)).length === 0)
          throw new AppError('conflict', 'Recovery codes stand for a second factor, and there is none yet.');
        const codes = await factors.recoveryCodes.renew(who.id);
        await note(who, request.ip, 'account.factor', 'done', { added: 'recovery-codes' });
        return { codes };
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/api/account/sessions',
      summary: 'Ends all sessions of this person but the one that asks.',
      reply: z.strictObject({ ended: z.int() }),
      handle: async ({ request }) => {
        const who = await own.of(request);
        const ended = await sessions.endAll(who.id, who.session.id);
        await note(who, request.ip, 'session.ended', 'done', { sessions: ended });
        return { ended };
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/api/account/sessions/:id',
      summary: 'Ends one of one’s own sessions.',
      params: WithId,
      handle: async ({ params, request }) => {
        const who = await own.of(request);
        await sessions.endOne(who.id, params.id);
        await note(who, request.ip, 'session.ended', 'done', { sessions: 1 });
        return undefined;
      },
    }),
  ];

  /** A session that was there before its person had more to show gets a new id. */
  async function renew(who: OwnSession, response: { append(name: string, value: string): unknown }) {
    const header = await sessions.confirm(who.session);
    if (header !== null) response.append('Set-Cookie', header);
  }

  async function confirmCode(account: string, address: string | undefined, work: () => Promise<void>) {
    const attempt = attempts.begin({ what: 'confirmation', account, address: address ?? '' });
    await work();
    attempt.succeeded();
  }

  /** @throws AppError `conflict` when it is the last one of somebody who has to have one */
  async function mayLose(who: OwnSession, what: 'totp' | 'passkey'): Promise<void> {
    const need = await rule.need(who.role);
    if (!need.needed || need.dueAt !== null || who.source !== 'local') return;
    const [totp, passkeys] = await Promise.all([
      factors.authenticators.since(who.id),
      factors.passkeys.list(who.id),
    ]);
    const others = what === 'totp' ? passkeys.length : passkeys.length - 1 + (totp === null ? 0 : 1);
    if (others === 0)
      throw new AppError(
        'conflict',
        'This account has to have a second factor, and this is its last: please set up another one first.',
        undefined,
        { reason: 'last-factor' },
      );
  }
}
