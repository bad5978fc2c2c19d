import {
  CheckAnswer,
  CheckList,
  CheckPatch,
  CheckTry,
  CheckTryReply,
  CreateReply,
  NewCheck,
  recordInput,
  UpdateReply,
  WriteQuery,
} from '@rackhaus/config/contract';
import { onlyWithin } from '../access/scope.ts';
import type { SecretBox } from '../access/secret-box.ts';
import type { Database } from '../database/tables.ts';
import { type Changes, causeOf } from '../history/changes.ts';
import { type Caller, defineRoute, type Route } from '../http/route.ts';
import { WithId } from '../http/with-id.ts';
import { ifMatch, seenVersion } from '../inventory/api/routes.ts';
import { toRow } from '../inventory/records/columns.ts';
import { AppError } from '../problem.ts';
import { Checks } from './checks.ts';
import { type CheckedNow, checkList } from './list.ts';
import { type CheckingAgents, tryCheck } from './try.ts';

/** Checks with what they sign in with, how they stand, and trying one; without a secret they are records like others. */
export function checkRoutes(deps: {
  db: Database;
  secretBox: SecretBox;
  changes: Changes;
  now: CheckedNow;
  agents: CheckingAgents;
  /** Takes in what an agent says. */
  answered: (agentId: number, answer: CheckAnswer) => void;
}): Route[] {
  const { db, changes } = deps;
  const checks = new Checks(deps);
  const shown = async (list: Promise<CheckList>, caller: Caller): Promise<CheckList> => ({
    checks: await onlyWithin(db, caller, 'check', (await list).checks, ({ id }) => id),
  });
  return [
    defineRoute({
      method: 'get',
      path: '/api/devices/:id/checks',
      summary: 'The checks of a device and how they stand; never what they sign in with.',
      params: WithId,
      reply: CheckList,
      handle: ({ params, caller }) => shown(checkList(deps, { column: 'device_id', id: params.id }), caller),
    }),
    defineRoute({
      method: 'get',
      path: '/api/services/:id/checks',
      summary: 'The checks that belong to a service and how they stand.',
      params: WithId,
      reply: CheckList,
      handle: ({ params, caller }) => shown(checkList(deps, { column: 'service_id', id: params.id }), caller),
    }),
    defineRoute({
      method: 'post',
      path: '/api/checks',
      summary: 'Makes a check of a device. What it signs in with is kept encrypted and never answered.',
      query: WriteQuery,
      body: NewCheck,
      reply: CreateReply,
      handle: async ({ body, query, caller }) => {
        const { secret, ...values } = body;
        const row = toRow('check', recordInput('check').parse(values));
        const sealed = checks.seal(body.kind, secret);
        const { changeId, result } = await changes.run(causeOf(caller, query.reason), async (change) => {
          const [id = 0] = await change.insert('check', [{ ...row, sealed }]);
          return id;
        });
        return { changeId, id: result, version: changeId ?? 0 };
      },
    }),
    defineRoute({
      method: 'patch',
      path: '/api/checks/:id',
      summary: 'Changes a check or what it signs in with. With If-Match only when it still has that version.',
      params: WithId,
      query: WriteQuery,
      headers: ifMatch,
      body: CheckPatch,
      reply: UpdateReply,
      handle: async ({ params, body, query, caller, request }) => {
        const seen = seenVersion(request);
        const { secret, ...values } = body;
        const { changeId, result } = await changes.run(causeOf(caller, query.reason), async (change) => {
          const before = await change.get('check', params.id);
          const kind = checks.kindOf(before);
          const sealed = secret === undefined ? {} : { sealed: checks.seal(kind, secret) };
          await change.update('check', params.id, { ...toRow('check', values), ...sealed }, seen);
          return (await change.get('check', params.id)).version;
        });
        return { changeId, version: result };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/checks/try',
      summary:
        'Has an agent do a check now, whether it is kept or not. Takes 20 s at most while the agent is connected.',
      body: CheckTry,
      reply: CheckTryReply,
      handle: async ({ body, caller }) => {
        const [device] = await onlyWithin(db, caller, 'device', [body.deviceId], (id) => id);
        if (device === undefined)
          throw new AppError('not-found', `There is no device ${body.deviceId}.`, undefined, {
            reason: 'gone',
          });
        return tryCheck({ db, checks, agents: deps.agents }, body);
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/agent/checks',
      summary: 'Takes in what came of a check that came with the assignment.',
      body: CheckAnswer,
      handle: ({ body, caller }) => {
        if (caller.kind !== 'agent') throw new AppError('forbidden', 'Only agents may do this.');
        deps.answered(caller.agentId, body);
        return undefined;
      },
    }),
  ];
}
