import {
  type CheckAnswer,
  type CheckJob,
  type CheckTask,
  type CheckTry,
  type CheckTryReply,
  checkSettings,
} from '@rackhaus/config/contract';
import { notPolled } from '../access/polled-networks.ts';
import type { Database } from '../database/tables.ts';
import { AppError } from '../problem.ts';
import type { Checks } from './checks.ts';
import { hostOf, targetOf } from './target.ts';

/** How agents are had to do a check. */
export interface CheckingAgents {
  /** Which agent polls the device; null: none. */
  readonly agentOf: (deviceId: number) => number | null;
  readonly list: () => Promise<readonly { readonly id: number; readonly name: string }[]>;
  readonly ask: (agentId: number, question: Omit<CheckJob, 'id'>) => Promise<CheckAnswer | null>;
  /** Whether something may be asked at that address. */
  readonly mayAsk: (address: string) => boolean;
}

/** Has the agent of a device, else the oldest one, do a check for somebody who waits. @throws AppError invalid, not-found, too-many */
export async function tryCheck(
  parts: { readonly db: Database; readonly checks: Checks; readonly agents: CheckingAgents },
  wanted: CheckTry,
): Promise<CheckTryReply> {
  const { db, agents } = parts;
  const task = await taskOf(parts, wanted);
  const monitoring = await db
    .selectFrom('device_monitoring')
    .select('address')
    .where('device_id', '=', wanted.deviceId)
    .executeTakeFirst();
  const address = monitoring?.address ?? null;
  const host = hostOf(task) ?? address;
  if (host !== null && !agents.mayAsk(host))
    throw notPolled(host, task.kind === 'http' ? 'settings.url' : 'settings.host');
  const all = [...(await agents.list())].sort((a, b) => a.id - b.id);
  const own = agents.agentOf(wanted.deviceId);
  const agent = own === null ? all[0] : all.find(({ id }) => id === own);
  const answer = agent === undefined ? null : await agents.ask(agent.id, { address, task });
  if (answer === null)
    return {
      outcome: 'no-agent',
      detail: null,
      ms: null,
      certificate: null,
      seen: [],
      agent: agent?.name ?? null,
    };
  const { id: _, ...said } = answer;
  return { ...said, agent: agent?.name ?? null };
}

async function taskOf(
  { db, checks }: { readonly db: Database; readonly checks: Checks },
  wanted: CheckTry,
): Promise<CheckTask> {
  const parsed = checkSettings[wanted.kind].safeParse(wanted.settings);
  if (!parsed.success) {
    const fields = parsed.error.issues.map(({ path, message }) => ({
      path: ['settings', ...path].map(String).join('.'),
      message,
    }));
    throw new AppError('invalid', 'These settings are not those of such a check.', fields, {
      reason: 'check-settings',
    });
  }
  const given = wanted.secret ?? null;
  let sealed = checks.seal(wanted.kind, given);
  if (wanted.secret === undefined && wanted.checkId !== null) {
    const kept = await db
      .selectFrom('checks')
      .selectAll()
      .where('id', '=', wanted.checkId)
      .executeTakeFirst();
    if (kept === undefined || kept.device_id !== wanted.deviceId || kept.kind !== wanted.kind)
      throw new AppError('not-found', `There is no check ${wanted.checkId} of this device.`, undefined, {
        reason: 'gone',
      });
    if (kept.sealed !== null && targetOf(JSON.parse(kept.settings)) !== targetOf(parsed.data))
      throw new AppError(
        'invalid',
        'The check would sign in elsewhere: please give user and password again, or take them away.',
        [{ path: 'secret', message: 'must be given again' }],
        { reason: 'secret-needed' },
      );
    sealed = kept.sealed;
  }
  return checks.taskOf({ kind: wanted.kind, settings: JSON.stringify(parsed.data), sealed });
}
