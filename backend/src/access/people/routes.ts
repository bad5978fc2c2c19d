import {
  AccountSessions,
  HeldOff,
  HeldOffRelease,
  MadeAccountLink,
  NewAccountLink,
  NewInvitation,
  NewUser,
  SignInPolicy,
  SignInPolicyChange,
  SwitchingRight,
  UserChange,
  UserList,
} from '@rackhaus/config/contract';
import type { Request } from 'express';
import { z } from 'zod';
import type { Audit, AuditNote } from '../../audit/audit.ts';
import { defineRoute, type Route } from '../../http/route.ts';
import { WithId } from '../../http/with-id.ts';
import { AppError } from '../../problem.ts';
import type { AttemptLimit } from '../attempt-limit.ts';
import type { OwnSession, OwnSessions } from '../own-account/own-session.ts';
import { checkNewPassword } from '../password-rules.ts';
import { isNeeded, type SecondFactorRule } from '../second-factor/policy.ts';
import type { SecondFactors } from '../second-factor/second-factors.ts';
import { originOf } from '../second-factor/site.ts';
import type { Sessions } from '../sessions.ts';
import type { StandsIn, Users } from '../users.ts';
import type { AccountLinks } from './account-links.ts';
import type { LinkMail } from './link-mail.ts';

/** Other people's accounts: for administrators, who have to have signed in a short time ago for what is sensitive. */
export function peopleRoutes(deps: {
  own: OwnSessions;
  users: Users;
  sessions: Sessions;
  factors: SecondFactors;
  rule: SecondFactorRule;
  accountLinks: AccountLinks;
  mail: LinkMail;
  attempts: AttemptLimit;
  audit: Pick<Audit, 'note'>;
  publicUrl: string | null;
  standsIn: StandsIn;
}): Route[] {
  const { own, users, sessions, factors, rule, accountLinks, attempts, publicUrl } = deps;

  function note(
    who: OwnSession,
    request: Request,
    action: AuditNote['action'],
    subject: { id: number; name: string } | null,
    detail: Readonly<Record<string, string | number | boolean | null>> = {},
  ): Promise<void> {
    return deps.audit.note({
      action,
      outcome: 'done',
      by: { kind: 'person', id: who.id, name: who.name },
      address: request.ip ?? null,
      ...(subject === null ? {} : { subject: { kind: 'user', id: subject.id, name: subject.name } }),
      detail,
    });
  }

  async function makeLink(
    user: { id: number; name: string; hasPassword: boolean },
    address: string | null,
    who: OwnSession,
    request: Request,
  ): Promise<z.input<typeof MadeAccountLink>> {
    const { token, kind, expiresAt } = await accountLinks.make(user.id, user.hasPassword);
    // What follows "#" stays in the browser: the secret appears in no log of a proxy or server.
    const url = `${originOf(request, publicUrl)}/invitation#${token}`;
    const mail =
      address === null
        ? null
        : await deps.mail.send(address, { kind, url, expiresAt, name: user.name, by: who.name });
    await note(who, request, kind === 'invitation' ? 'account.invited' : 'account.reset', user, {
      mailed: mail,
    });
    return { id: user.id, kind, url, expiresAt, mail };
  }

  return [
    defineRoute({
      method: 'get',
      path: '/api/users',
      summary: 'Everybody who has an account.',
      reply: UserList,
      handle: async () => {
        const [{ users: list }, holders] = await Promise.all([users.list(), factors.holders()]);
        return {
          users: list.map(({ hasPassword: _, ...user }) => ({ ...user, secondFactor: holders.has(user.id) })),
        };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/users',
      summary: 'Makes an account with a password that is told to its owner; better is an invitation.',
      body: NewUser,
      reply: z.strictObject({ id: z.int() }),
      handle: async ({ body, request }) => {
        const who = await own.fresh(request);
        checkNewPassword(body.password, body.name);
        const id = await users.create(body);
        await note(who, request, 'account.made', { id, name: body.name }, { role: body.role });
        return { id };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/users/invitations',
      summary: 'Makes an account and a link with which its owner sets a password, valid for 7 days, once.',
      body: NewInvitation,
      reply: MadeAccountLink,
      handle: async ({ body, request }) => {
        const who = await own.fresh(request);
        const { name, role, siteIds } = body;
        const id = await users.createWithoutPassword({ name, role, siteIds, source: 'local' });
        await note(who, request, 'account.made', { id, name }, { role });
        return makeLink({ id, name, hasPassword: false }, body.address ?? null, who, request);
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/users/:id/link',
      summary:
        'Makes a link with which somebody sets a (new) password: 24 hours, or 7 days for an invitation.',
      params: WithId,
      body: NewAccountLink,
      reply: MadeAccountLink,
      handle: async ({ params, body, request }) => {
        const who = await own.fresh(request);
        const user = (await users.list()).users.find(({ id }) => id === params.id);
        if (user === undefined) throw new AppError('not-found', `There is no user ${params.id}.`);
        if (user.disabled) throw new AppError('conflict', `${user.name} is disabled.`);
        if (user.source !== 'local')
          throw new AppError('conflict', `${user.name} has no password here but signs in elsewhere.`);
        return makeLink(user, body.address ?? null, who, request);
      },
    }),
    defineRoute({
      method: 'patch',
      path: '/api/users/:id',
      summary: 'Changes role, sites or password, disables or enables an account, and signs that person out.',
      params: WithId,
      body: UserChange,
      handle: async ({ params, body, request }) => {
        const who = await own.fresh(request);
        const name = await users.nameOf(params.id);
        if (body.password !== undefined) checkNewPassword(body.password, name);
        await users.change(params.id, body);
        const subject = { id: params.id, name };
        const { role, siteIds, disabled, password } = body;
        if (disabled !== undefined)
          await note(who, request, disabled ? 'account.disabled' : 'account.enabled', subject);
        if (password !== undefined)
          await note(who, request, 'account.password', subject, { by: 'administrator' });
        if (role !== undefined || siteIds !== undefined)
          await note(who, request, 'account.changed', subject, {
            ...(role === undefined ? {} : { role }),
            ...(siteIds === undefined ? {} : { sites: siteIds === null ? 'all' : siteIds.join(' ') }),
          });
        return undefined;
      },
    }),
    defineRoute({
      method: 'put',
      path: '/api/users/:id/switching',
      summary: 'Gives somebody the right to switch outlets, or takes it. No role has it by itself.',
      params: WithId,
      body: SwitchingRight,
      handle: async ({ params, body, request }) => {
        const who = await own.fresh(request);
        const name = await users.nameOf(params.id);
        await users.setMaySwitch(params.id, body.maySwitch);
        await note(who, request, 'account.changed', { id: params.id, name }, { maySwitch: body.maySwitch });
        return undefined;
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/api/users/:id',
      summary:
        'Removes a person for good, with sessions, factors, tokens and channels. Refused while plans or orders count on them.',
      params: WithId,
      handle: async ({ params, request }) => {
        const who = await own.fresh(request);
        if (params.id === who.id) throw new AppError('conflict', 'Nobody removes their own account.');
        const name = await users.nameOf(params.id);
        await users.remove(params.id, deps.standsIn);
        await note(who, request, 'account.deleted', { id: params.id, name });
        return undefined;
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/users/:id/sessions',
      summary: 'Where somebody is signed in.',
      params: WithId,
      reply: AccountSessions,
      handle: async ({ params, request }) => {
        const { session } = await own.of(request);
        const list = await sessions.list(params.id);
        return { sessions: list.map((each) => ({ ...each, own: each.id === session.id })) };
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/api/users/:id/sessions',
      summary: 'Signs somebody out everywhere.',
      params: WithId,
      handle: async ({ params, request }) => {
        const who = await own.of(request);
        const name = await users.nameOf(params.id);
        const ended = await sessions.endAll(params.id, params.id === who.id ? who.session.id : null);
        await note(who, request, 'session.ended', { id: params.id, name }, { sessions: ended });
        return undefined;
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/api/users/:id/sessions/:sessionId',
      summary: 'Ends one session of somebody.',
      params: z.strictObject({ id: WithId.shape.id, sessionId: WithId.shape.id }),
      handle: async ({ params, request }) => {
        const who = await own.of(request);
        const name = await users.nameOf(params.id);
        await sessions.endOne(params.id, params.sessionId);
        await note(who, request, 'session.ended', { id: params.id, name }, { sessions: 1 });
        return undefined;
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/api/users/:id/second-factor',
      summary: 'Removes the second factors of somebody who has lost them, and signs that person out.',
      params: WithId,
      handle: async ({ params, request }) => {
        const who = await own.fresh(request);
        const name = await users.nameOf(params.id);
        await factors.removeAll(params.id);
        await sessions.endAll(params.id, params.id === who.id ? who.session.id : null);
        await note(who, request, 'account.factor', { id: params.id, name }, { removed: 'all' });
        return undefined;
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/sign-in-policy',
      summary: 'Who has to have a second factor.',
      reply: SignInPolicy,
      handle: () => policy(),
    }),
    defineRoute({
      method: 'put',
      path: '/api/sign-in-policy',
      summary: 'Says who has to have a second factor, from the next sign-in on.',
      body: SignInPolicyChange,
      reply: SignInPolicy,
      handle: async ({ body, request }) => {
        const who = await own.fresh(request);
        await rule.set(body.secondFactor, who.name);
        await note(who, request, 'settings.changed', null, { secondFactor: body.secondFactor });
        return policy();
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/held-off',
      summary: 'Who has to wait after too many failures.',
      reply: HeldOff,
      handle: () => ({ held: attempts.held() }),
    }),
    defineRoute({
      method: 'post',
      path: '/api/held-off/release',
      summary: 'Lets somebody try again at once.',
      body: HeldOffRelease,
      handle: async ({ body, request }) => {
        const who = await own.of(request);
        if (!attempts.release(body.key))
          throw new AppError('not-found', 'Nobody is held off there any more.');
        await note(who, request, 'account.changed', null, { released: true });
        return undefined;
      },
    }),
  ];

  async function policy(): Promise<z.input<typeof SignInPolicy>> {
    const [{ policy: secondFactor, dueAt }, { users: list }, holders] = await Promise.all([
      rule.read(),
      users.list(),
      factors.holders(),
    ]);
    const missing = list.filter(
      ({ id, role, disabled }) => !disabled && isNeeded(secondFactor, role) && !holders.has(id),
    );
    return { secondFactor, dueAt, missing: missing.length };
  }
}
