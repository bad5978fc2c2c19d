import {
  CreateReply,
  CredentialList,
  CredentialPatch,
  CredentialTest,
  CredentialTestReply,
  NewCredential,
  UpdateReply,
  WriteQuery,
} from '@rackhaus/config/contract';
import { type Changes, causeOf } from '../../history/changes.ts';
import { defineRoute, type Route } from '../../http/route.ts';
import { WithId } from '../../http/with-id.ts';
import { ifMatch, seenVersion } from '../api/routes.ts';
import type { Credentials } from './credentials.ts';
import { type AskDevice, testCredentials } from './test-device.ts';

/** SNMP credentials: made and replaced here, deleted and assigned (`credential-rule`) like other records. */
export function credentialRoutes(deps: {
  credentials: Credentials;
  changes: Changes;
  ask: AskDevice;
}): Route[] {
  const { credentials, changes, ask } = deps;
  return [
    defineRoute({
      method: 'get',
      path: '/api/credentials',
      summary: 'All sets of SNMP credentials and how much they are used; never their secrets.',
      reply: CredentialList,
      handle: async () => ({ credentials: await credentials.list() }),
    }),
    defineRoute({
      method: 'post',
      path: '/api/credentials',
      summary: 'Makes a set of SNMP credentials. The secret is kept encrypted and never answered.',
      query: WriteQuery,
      body: NewCredential,
      reply: CreateReply,
      handle: async ({ body, query, caller }) => {
        const { changeId, result } = await changes.run(causeOf(caller, query.reason), (change) =>
          credentials.create(change, body.name, body.secret),
        );
        return { changeId, id: result, version: changeId ?? 0 };
      },
    }),
    defineRoute({
      method: 'patch',
      path: '/api/credentials/:id',
      summary:
        'Renames a set of SNMP credentials or replaces its secret. With If-Match only when it still has that version.',
      params: WithId,
      query: WriteQuery,
      headers: ifMatch,
      body: CredentialPatch,
      reply: UpdateReply,
      handle: async ({ params, body, query, caller, request }) => {
        const seen = seenVersion(request);
        const { changeId, result } = await changes.run(causeOf(caller, query.reason), async (change) => {
          await credentials.update(change, params.id, body, seen);
          return (await change.get('credential', params.id)).version;
        });
        return { changeId, version: result };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/credentials/test',
      summary:
        'Has an agent ask a device: does it answer to these credentials, and as what? Takes 3 s at most while the agent is connected.',
      body: CredentialTest,
      reply: CredentialTestReply,
      handle: ({ body }) => testCredentials(credentials, ask, body),
    }),
  ];
}
