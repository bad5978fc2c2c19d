import type { OutletState, SnmpCredentials, SwitchAnswer, SwitchJob } from '@rackhaus/config/contract';
import type { ProfileSet } from '@rackhaus/config/profiles';
import { pause } from '../delivery/back-off.ts';
import { differsFrom } from '../poll/outlet-identity.ts';
import { compilePlan } from '../poll/plan.ts';
import { SnmpError, type SnmpRefusal } from '../snmp/error.ts';
import { encodeOid } from '../snmp/oid.ts';
import { SnmpSession } from '../snmp/session.ts';
import { type FoundOutlet, findOutlet } from './outlets.ts';

/** How long the first answer is waited for; sent twice. */
const firstMs = 1500;
/** A relay, and the card that tells of it, may take this long. */
const settleMs = 6000;
const lookEveryMs = 400;
const uptime = encodeOid('1.3.6.1.2.1.1.3.0');

/** error-status (RFC 3416 section 3): what the device does not let be written, and what it does not take as a value. */
const notWritable = new Set([2, 4, 6, 11, 16, 17]);
const wrongValue = new Set([3, 7, 8, 9, 10, 12, 18]);
/** undoFailed: it began, and could not take it back. */
const undoFailed = 15;

/** Everything of an answer but whose it is. */
export type SwitchResult = Omit<SwitchAnswer, 'id'>;

export interface SwitchingContext {
  readonly profiles: ProfileSet;
  readonly port: number;
  /** Those that the device is polled with: by them it is told apart whether it is silent or does not take the others. */
  readonly reading: SnmpCredentials;
  /** Whether the job is worth nothing any more; asked right before anything is written. */
  readonly expired: () => boolean;
  /** Keeps, on disk, that this job has been done: only once this has returned is anything written. */
  readonly keep: () => void;
}

/**
 * Switches one outlet, at most once: reads with the writing credentials what is where, makes sure that it is the outlet that was chosen, writes
 * the one value that the profile names, and reads what the outlet says then. Never rejects for what a device does.
 */
export async function switchOutlet(
  job: SwitchJob,
  { profiles, port, reading, expired, keep }: SwitchingContext,
  signal: AbortSignal,
): Promise<SwitchResult> {
  const plan = compilePlan(profiles, job.profile);
  if (plan === undefined) return notSent('other-profile');
  const session = new SnmpSession({ host: job.address, port, credentials: job.credentials, firstMs });
  const abort = () => session.cancel();
  signal.addEventListener('abort', abort, { once: true });
  try {
    let outlet: FoundOutlet;
    try {
      await session.get([uptime], 2);
      const looked = await findOutlet(session, plan, job.outlet, performance.now() + 6000);
      if (typeof looked === 'string') return notSent(looked);
      if ('problem' in looked) return notSent('failed', looked.problem);
      outlet = looked;
      const other = job.seen && (differsFrom(job.seen, outlet.identity) ?? (await outlet.changedSince()));
      if (other !== null) return notSent('other-outlet', other, outlet.state);
    } catch (error) {
      if (!(error instanceof SnmpError)) throw error;
      return await whyUnread(error, { host: job.address, port, credentials: reading });
    }
    const write = outlet.write(job.command);
    if (write === undefined) return notSent('not-switchable');
    // What cannot be read cannot be read again after it.
    if (outlet.state === null) return notSent('not-switchable', 'the outlet says neither on nor off');
    if (signal.aborted) return notSent('failed', 'the agent is stopping');
    keep();
    // Last: between this and the datagram lies nothing that could wait.
    if (expired()) return notSent('expired');
    return await written(session, job, outlet, write, signal);
  } finally {
    signal.removeEventListener('abort', abort);
    session.close();
  }
}

async function written(
  session: SnmpSession,
  { command }: SwitchJob,
  outlet: FoundOutlet,
  write: NonNullable<ReturnType<FoundOutlet['write']>>,
  signal: AbortSignal,
): Promise<SwitchResult> {
  const before = outlet.state;
  const wished = command === 'cycle' ? null : command;
  try {
    const status = await session.setInteger(write.oid, write.value);
    if (status !== 0) {
      const after = await readOnce(outlet);
      const detail = `the device answers with error ${status}`;
      if (status === undoFailed) return { outcome: 'unknown', reason: 'device-error', before, after, detail };
      const reason = notWritable.has(status)
        ? 'not-writable'
        : wrongValue.has(status)
          ? 'wrong-value'
          : 'device-error';
      return { outcome: 'refused', reason, before, after, detail };
    }
  } catch (error) {
    if (!(error instanceof SnmpError)) throw error;
    const { message } = error;
    // By SNMPv3 it says so itself, without having looked at what was to be written.
    if (error.code === 'refused') return notSent(refusalReason(error.refusal), message, before);
    if (error.code === 'network') return notSent('failed', message, before);
    const after = await readOnce(outlet);
    // It has gone over to what was wished: somebody has done it, and it was us.
    if (wished !== null && after === wished && before !== wished)
      return {
        outcome: 'done',
        reason: null,
        before,
        after,
        detail: 'the device did not answer the command itself',
      };
    return { outcome: 'unknown', reason: 'no-answer', before, after, detail: message.slice(0, 500) };
  }
  const after = await settled(outlet, wished, signal);
  const done = wished === null || after === wished;
  return { outcome: done ? 'done' : 'accepted', reason: null, before, after, detail: null };
}

/** What the outlet says as soon as it is what was wished, at the latest after a while; null: it cannot be read. */
async function settled(
  outlet: FoundOutlet,
  wished: OutletState | null,
  signal: AbortSignal,
): Promise<OutletState | null> {
  const until = performance.now() + settleMs;
  for (;;) {
    const state = await readOnce(outlet);
    if (state === wished || wished === null || performance.now() >= until || signal.aborted) return state;
    await pause(lookEveryMs, signal);
  }
}

async function readOnce(outlet: FoundOutlet): Promise<OutletState | null> {
  try {
    return await outlet.readAgain();
  } catch (error) {
    if (error instanceof SnmpError) return null;
    throw error;
  }
}

/** Before anything was written. A device does not answer a wrong community at all: whether it is there, the other credentials tell. */
async function whyUnread(
  error: SnmpError,
  reading: { host: string; port: number; credentials: SnmpCredentials },
): Promise<SwitchResult> {
  if (error.code === 'refused') return notSent(refusalReason(error.refusal), error.message);
  if (error.code !== 'timeout') return notSent('failed', error.message);
  const session = new SnmpSession({ ...reading, firstMs });
  try {
    await session.get([uptime], 1);
    return notSent('wrong-credentials');
  } catch (other) {
    if (other instanceof SnmpError) return notSent('silent', error.message);
    throw other;
  } finally {
    session.close();
  }
}

function refusalReason(refusal: SnmpRefusal | null): 'no-access' | 'wrong-credentials' | 'failed' {
  if (refusal === 'access') return 'no-access';
  return refusal === null ? 'failed' : 'wrong-credentials';
}

/** Nothing was written. */
export function notSent(
  reason: NonNullable<SwitchResult['reason']>,
  detail: string | null = null,
  before: OutletState | null = null,
): SwitchResult {
  return { outcome: 'not-sent', reason, before, after: null, detail: detail?.slice(0, 500) ?? null };
}
