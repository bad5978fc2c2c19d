import {
  NewSignInSource,
  SignInCheck,
  SignInCheckReply,
  SignInLeave,
  SignInReturn,
  SignInReturned,
  SignInSourceChange,
  SignInSourceList,
  SignInStart,
  SignInStarted,
  SignInWays,
} from '@rackhaus/config/contract';
import type { Request } from 'express';
import { z } from 'zod';
import { type Audit, auditBy } from '../../audit/audit.ts';
import { defineRoute, type Route } from '../../http/route.ts';
import { WithId } from '../../http/with-id.ts';
import type { Outgoing } from '../../outgoing/outgoing.ts';
import { AppError } from '../../problem.ts';
import type { FederatedAccounts } from './accounts.ts';
import { checkSettings } from './check.ts';
import { LdapConnection } from './ldap-connection.ts';
import { type OidcSignIn, returnPath } from './oidc.ts';
import { mayBePlain } from './oidc-client.ts';
import type { Recheck } from './recheck.ts';
import type { Sources } from './sources.ts';

/** Certificates make settings longer than other bodies. */
const bodyLimit = 600_000;

/** Sources of accounts: what administrators set, and what the sign-in page needs. */
export function federationRoutes(deps: {
  sources: Sources;
  accounts: FederatedAccounts;
  oidc: OidcSignIn;
  recheck: Recheck;
  outgoing: Outgoing;
  audit: Audit;
  publicUrl: string | null;
  now: () => number;
}): Route[] {
  const { sources, accounts, oidc, outgoing, audit } = deps;
  const originOf = (request: Request) => deps.publicUrl ?? `${request.protocol}://${request.get('Host')}`;

  return [
    defineRoute({
      method: 'get',
      path: '/api/sign-in-sources',
      summary: 'Other servers that say who somebody is, without their secrets.',
      reply: SignInSourceList,
      handle: async ({ request }) => ({
        sources: await sources.list(),
        redirectUri: new URL(returnPath, originOf(request)).href,
      }),
    }),
    defineRoute({
      method: 'post',
      path: '/api/sign-in-sources',
      summary: 'Adds another server that says who somebody is.',
      body: NewSignInSource,
      bodyLimit,
      reply: z.strictObject({ id: z.int() }),
      handle: async ({ body, caller, request }) => {
        await mustBeUsable(body.settings, outgoing);
        const id = await sources.create(body);
        await audit.note({
          action: 'source.changed',
          outcome: 'done',
          by: auditBy(caller),
          address: request.ip ?? null,
          subject: { kind: 'sign-in-source', id, name: body.name },
          detail: { change: 'made', kind: body.settings.kind, enabled: body.enabled },
        });
        return { id };
      },
    }),
    defineRoute({
      method: 'patch',
      path: '/api/sign-in-sources/:id',
      summary: 'Changes a source. When it is switched off, what its accounts have open ends.',
      params: WithId,
      body: SignInSourceChange,
      bodyLimit,
      handle: async ({ params, body, caller, request }) => {
        if (body.settings !== undefined) await mustBeUsable(body.settings, outgoing);
        const before = await sources.get(params.id);
        await sources.change(params.id, body);
        const after = await sources.get(params.id);
        if (before.enabled && !after.enabled) await accounts.endAll(after);
        await audit.note({
          action: 'source.changed',
          outcome: 'done',
          by: auditBy(caller),
          address: request.ip ?? null,
          subject: { kind: 'sign-in-source', id: params.id, name: after.name },
          detail: { change: Object.keys(body).sort().join(' '), enabled: after.enabled },
        });
        return undefined;
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/api/sign-in-sources/:id',
      summary: 'Deletes a source that is switched off. Its accounts stay, disabled.',
      params: WithId,
      handle: async ({ params, caller, request }) => {
        const source = await sources.get(params.id);
        if (source.enabled)
          throw new AppError('conflict', 'Please switch the source off first.', undefined, {
            reason: 'in-use',
          });
        await accounts.remove(source);
        await audit.note({
          action: 'source.changed',
          outcome: 'done',
          by: auditBy(caller),
          address: request.ip ?? null,
          subject: { kind: 'sign-in-source', id: source.id, name: source.name },
          detail: { change: 'deleted' },
        });
        return undefined;
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/sign-in-sources/check',
      summary: 'Tries settings before they are saved, and says how far that went.',
      body: SignInCheck,
      bodyLimit,
      reply: SignInCheckReply,
      handle: async ({ body, caller, request }) => {
        mustHaveReadableFilter(body.settings);
        const secret = await sources.secretFor(body.settings, body.secret, body.id);
        const steps = await checkSettings(body, { secret, outgoing, now: deps.now() });
        const failed = steps.find(({ outcome }) => outcome === 'failed');
        await audit.note({
          action: 'source.tested',
          outcome: failed === undefined ? 'done' : 'failed',
          by: auditBy(caller),
          address: request.ip ?? null,
          subject: { kind: 'sign-in-source', id: body.id ?? null, name: serverOf(body.settings) },
          ...(failed === undefined ? {} : { detail: { step: failed.step, reason: failed.reason ?? '' } }),
        });
        return { steps };
      },
    }),

    defineRoute({
      method: 'post',
      path: '/api/sign-in-sources/recheck',
      summary:
        'Asks directories now, not at the next quarter of an hour, whether who is signed in may stay so.',
      handle: async () => {
        await deps.recheck.run();
        return undefined;
      },
    }),

    // For everybody
    defineRoute({
      method: 'get',
      path: '/api/sign-in-ways',
      summary: 'By which other servers one can sign in here, by name only.',
      reply: SignInWays,
      handle: async () => ({
        ways: (await sources.enabled('oidc')).map(({ id, name }) => ({ id, name })),
      }),
    }),
    defineRoute({
      method: 'post',
      path: '/api/sign-in-ways/:id/start',
      summary: 'Begins to sign in at another server: where the browser has to go.',
      params: WithId,
      body: SignInStart,
      reply: SignInStarted,
      handle: ({ params, body, request, response }) =>
        oidc.start({ id: params.id, next: body.next, origin: originOf(request) }, response),
    }),
    defineRoute({
      method: 'post',
      path: '/api/sign-in-ways/return',
      summary: 'Signs in with what another server sent the browser back with.',
      body: SignInReturn,
      reply: SignInReturned,
      handle: ({ body, request, response }) => oidc.finish(body.query, request, response),
    }),
    defineRoute({
      method: 'post',
      path: '/api/sign-in-ways/leave',
      summary: 'After signing out: where the browser is signed out at the other server too.',
      reply: SignInLeave,
      handle: async ({ request, response }) => ({
        url: await oidc.leave(originOf(request), request, response),
      }),
    }),
  ];
}

type Settings = NewSignInSource['settings'];

/** Says at once what would fail at the first sign-in. @throws AppError */
async function mustBeUsable(settings: Settings, outgoing: Outgoing): Promise<void> {
  mustHaveReadableFilter(settings);
  if (settings.kind === 'oidc') {
    const issuer = new URL(settings.issuer);
    if (issuer.protocol !== 'https:' && !mayBePlain(issuer))
      throw fieldError('settings.issuer', 'must begin with https://');
    await outgoing.check(issuer, 'settings.issuer', 'server');
    return;
  }
  for (const server of settings.servers)
    await outgoing.checkServer(new URL(server).hostname, 'settings.servers');
}

function mustHaveReadableFilter(settings: Settings): void {
  if (settings.kind !== 'ldap') return;
  try {
    LdapConnection.checkFilter(settings.filter.replaceAll('{name}', 'name'));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw fieldError('settings.filter', `cannot be read: ${why}`);
  }
}

function serverOf(settings: Settings): string {
  return settings.kind === 'oidc' ? settings.issuer : settings.servers.join(' ');
}

function fieldError(path: string, message: string): AppError {
  return new AppError('invalid', `${path}: ${message}`, [{ path, message }]);
}
