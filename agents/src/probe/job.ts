import type { Identity, ProbeAnswer, ProbeJob, SnmpCredentials } from '@rackhaus/config/contract';
import type { ProfileSet } from '@rackhaus/config/profiles';
import { PingUnavailableError } from '../ping/echo.ts';
import { readIdentity, type SystemGroup } from '../poll/identity.ts';
import { findProfile } from '../poll/match.ts';
import { Presence } from '../poll/presence.ts';
import { getAll } from '../poll/scalars.ts';
import { toText } from '../snmp/decode.ts';
import { SnmpError, type SnmpRefusal } from '../snmp/error.ts';
import { encodeOid } from '../snmp/oid.ts';
import { ReplySize } from '../snmp/reply-size.ts';
import { SnmpSession } from '../snmp/session.ts';

/** Somebody looks at a form and waits. */
const mostMs = 3000;
const tries = { timeoutMs: 900, tries: 2 };

const system = ['1.3.6.1.2.1.1.1.0', '1.3.6.1.2.1.1.2.0', '1.3.6.1.2.1.1.5.0', '1.3.6.1.2.1.1.6.0'].map(
  encodeOid,
);

const outcomes: Readonly<Record<SnmpRefusal, ProbeAnswer['outcome']>> = {
  user: 'wrong-user',
  key: 'wrong-key',
  privacy: 'wrong-privacy',
  level: 'wrong-level',
  access: 'no-access',
};

type Echo = (host: string, signal: AbortSignal) => Promise<{ readonly rttMs: number | null }>;

/** Asks a device whether it answers to these credentials, and what it is. At most 3 s; what goes wrong is an answer too. */
export async function runProbeJob(
  job: ProbeJob,
  parts: { readonly profiles: ProfileSet; readonly echo: Echo },
  stopped: AbortSignal,
): Promise<ProbeAnswer> {
  const signal = AbortSignal.any([stopped, AbortSignal.timeout(mostMs)]);
  const answered = new AbortController();
  const beside = AbortSignal.any([signal, answered.signal]);
  const pinged = pings(job.address, parts.echo, beside);
  const openly = withoutPrivacy(job, beside);
  const nothing = { id: job.id, ms: null, pings: null, identity: null };
  try {
    const found = await withSession(job, job.credentials, signal, async (session) => {
      await session.request('get', system.slice(0, 1), tries);
      const startedAt = performance.now();
      const group = await systemGroup(session);
      const ms = performance.now() - startedAt;
      return { ms, identity: await identityOf(session, parts.profiles, group) };
    });
    return { ...nothing, ...found, outcome: 'answers', detail: null };
  } catch (error) {
    if (!(error instanceof SnmpError)) throw error;
    const outcome = outcomeOf(error);
    const also = outcome === 'silent' ? await openly : null;
    return { ...nothing, outcome: also ?? outcome, pings: await pinged, detail: error.message };
  } finally {
    // Who has answered need not be asked in other ways any more.
    answered.abort();
    await Promise.all([pinged, openly]);
  }
}

/**
 * Many devices keep silent when they cannot decrypt. One that answers the same user without privacy, be it with a refusal, has
 * found everything else right. null: nothing can be said.
 */
async function withoutPrivacy(job: ProbeJob, signal: AbortSignal): Promise<ProbeAnswer['outcome'] | null> {
  const { credentials } = job;
  if (credentials.version !== '3' || credentials.priv === undefined) return null;
  const { priv: _, ...open } = credentials;
  try {
    await withSession(job, open, signal, (session) => session.get(system.slice(0, 1)));
    return 'wrong-privacy';
  } catch (error) {
    if (!(error instanceof SnmpError)) throw error;
    const outcome = outcomeOf(error);
    if (outcome === 'no-access' || outcome === 'wrong-level') return 'wrong-privacy';
    return outcome === 'wrong-user' || outcome === 'wrong-key' ? outcome : null;
  }
}

async function withSession<T>(
  job: ProbeJob,
  credentials: SnmpCredentials,
  signal: AbortSignal,
  work: (session: SnmpSession) => Promise<T>,
): Promise<T> {
  const session = new SnmpSession({ host: job.address, port: job.port, credentials });
  const cancel = () => session.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    return await work(session);
  } finally {
    signal.removeEventListener('abort', cancel);
    session.close();
  }
}

/** What a failed question says of the credentials. */
export function outcomeOf({ code, refusal, message }: SnmpError): ProbeAnswer['outcome'] {
  if (refusal !== null) return outcomes[refusal];
  if (code === 'refused') return 'refused';
  if (code === 'network') return message.includes('has no address') ? 'unknown-host' : 'unreachable';
  // Out of time, or ended because the person has waited long enough.
  return 'silent';
}

async function systemGroup(session: SnmpSession): Promise<SystemGroup> {
  const [description, objectId, name, location] = await getAll(session, system);
  return {
    description: toText(description),
    objectId: typeof objectId === 'string' ? objectId : null,
    name: toText(name),
    location: toText(location),
  };
}

/** What the device is as far as the time allows; its name and description are known by now. */
async function identityOf(session: SnmpSession, profiles: ProfileSet, group: SystemGroup): Promise<Identity> {
  const known = { os: null, vendor: null, model: null, serial: null, firmware: null };
  const { name, description, location } = group;
  const plain = { ...known, name, description, location };
  try {
    const profile = profiles.compose((await findProfile(session, profiles, group))?.id ?? 'generic');
    if (profile === undefined) return plain;
    return await readIdentity(
      session,
      new ReplySize(),
      profile,
      group,
      performance.now() + mostMs,
      new Presence(),
    );
  } catch (error) {
    if (error instanceof SnmpError) return plain;
    throw error;
  }
}

async function pings(host: string, echo: Echo, signal: AbortSignal): Promise<boolean | null> {
  try {
    return (await echo(host, signal)).rttMs !== null;
  } catch (error) {
    // Not allowed to ping, no such name, or no time left: says nothing about the device.
    if (error instanceof PingUnavailableError || error instanceof RangeError || signal.aborted) return null;
    throw error;
  }
}
