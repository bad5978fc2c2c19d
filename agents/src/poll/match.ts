import { longestText, type Profile, type ProfileMatch, type ProfileSet } from '@rackhaus/config/profiles';
import { VarBinds } from '../snmp/message.ts';
import { encodeOid, isBelow } from '../snmp/oid.ts';
import type { SnmpSession } from '../snmp/session.ts';
import type { SystemGroup } from './identity.ts';

/** Which profile was chosen, by what, and which others would have been possible. */
export interface ProfileChoice {
  /** Undefined: none fits. */
  readonly profile: Profile | undefined;
  /** The entry under `match` that fitted, in words. */
  readonly by: string | null;
  /** Best first. */
  readonly others: readonly { readonly profile: string; readonly by: string; readonly why: string }[];
}

/** A device of no known sysObjectID is asked for at most so many objects before it is taken for an unknown one. */
const mostAsked = 100;

/**
 * The family that fits best: highest priority, then the longest sysObjectID, then a description that fits, then objects
 * that exist. Objects are asked for only where the rest fits.
 * @throws SnmpError when the device stops answering.
 */
export async function findProfile(
  session: SnmpSession,
  profiles: ProfileSet,
  system: SystemGroup,
): Promise<Profile | undefined> {
  return (await chooseProfile(session, profiles, system)).profile;
}

/** As {@link findProfile}, and says why. @throws SnmpError when the device stops answering. */
export async function chooseProfile(
  session: SnmpSession,
  profiles: ProfileSet,
  system: SystemGroup,
): Promise<ProfileChoice> {
  const candidates = [...profiles.profiles.values()]
    .flatMap((profile) =>
      profile.match
        .filter((match) => fits(match, system))
        .map((match) => ({ profile, match, rank: rankOf(profile, match, system) })),
    )
    .sort((a, b) => compareRanks(b.rank, a.rank) || a.profile.id.localeCompare(b.profile.id));
  const objects = new Objects(session);
  const others: ProfileChoice['others'][number][] = [];
  let chosen: (typeof candidates)[number] | undefined;
  for (const candidate of candidates) {
    const { profile, match, rank } = candidate;
    if (chosen?.profile === profile) continue;
    const about = { profile: profile.id, by: inWords(match, system) };
    if (chosen) {
      // The best entry of each is enough to be told.
      if (others.every((other) => other.profile !== profile.id))
        others.push({ ...about, why: lessThan(chosen.rank, rank, chosen.profile.id) });
      continue;
    }
    const missing = await objects.firstMissing(match.exists ?? []);
    if (missing === null) chosen = candidate;
    else others.push({ ...about, why: `there is nothing at ${missing}` });
  }
  return { profile: chosen?.profile, by: chosen ? inWords(chosen.match, system) : null, others };
}

/** What the device has, asked once each and no more than {@link mostAsked}. */
class Objects {
  private readonly session: SnmpSession;
  private readonly answered = new Map<string, boolean>();

  constructor(session: SnmpSession) {
    this.session = session;
  }

  async firstMissing(oids: readonly string[]): Promise<string | null> {
    for (const oid of oids) {
      let exists = this.answered.get(oid);
      if (exists === undefined) {
        exists = this.answered.size < mostAsked && (await answers(this.session, oid));
        this.answered.set(oid, exists);
      }
      if (!exists) return oid;
    }
    return null;
  }
}

function fits(match: ProfileMatch, system: SystemGroup): boolean {
  if (match.sysObjectId && !match.sysObjectId.some((prefix) => isAtOrBelow(system.objectId, prefix)))
    return false;
  return match.sysDescr === undefined || matched(match.sysDescr, system) !== null;
}

function matched(pattern: string, { description }: SystemGroup): string | null {
  return new RegExp(pattern, 'i').exec(description?.slice(0, longestText) ?? '')?.[0] ?? null;
}

const ranks = ['priority', 'sysObjectId', 'sysDescr', 'exists', 'the text that sysDescr fits'] as const;

function rankOf(profile: Profile, match: ProfileMatch, system: SystemGroup): number[] {
  return [
    profile.priority,
    longestPrefix(match, system)?.split('.').length ?? 0,
    match.sysDescr ? 1 : 0,
    match.exists?.length ?? 0,
    match.sysDescr ? (matched(match.sysDescr, system)?.length ?? 0) : 0,
  ];
}

function longestPrefix(match: ProfileMatch, { objectId }: SystemGroup): string | undefined {
  return (match.sysObjectId ?? [])
    .filter((prefix) => isAtOrBelow(objectId, prefix))
    .sort((a, b) => b.split('.').length - a.split('.').length)[0];
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function inWords(match: ProfileMatch, system: SystemGroup): string {
  const parts = [
    match.sysObjectId && `sysObjectID at or below ${longestPrefix(match, system)}`,
    match.sysDescr !== undefined && `sysDescr fits /${match.sysDescr}/`,
    match.exists && `there is ${match.exists.join(' and ')}`,
  ].filter((part) => typeof part === 'string');
  return parts.length === 0 ? 'fits every device' : parts.join(', ');
}

function lessThan(best: readonly number[], other: readonly number[], id: string): string {
  const i = ranks.findIndex((_, at) => (best[at] ?? 0) !== (other[at] ?? 0));
  if (i < 0) return `as exact as ${id}, which comes first by its name`;
  return i === 0 ? `has priority ${other[0]}, ${id} ${best[0]}` : `less exact than ${id} by ${ranks[i]}`;
}

function isAtOrBelow(oid: string | null, prefix: string): boolean {
  return oid !== null && (oid === prefix || oid.startsWith(`${prefix}.`));
}

/** Whether the device has this instance or anything below it. */
async function answers(session: SnmpSession, text: string): Promise<boolean> {
  const oid = encodeOid(text);
  const [value] = await session.get([oid]);
  if (value !== undefined) return true;
  const reply = await session.request('next', [oid], { tries: 2 });
  if (reply.errorStatus !== 0) return false;
  const varbinds = new VarBinds(reply);
  try {
    return (
      varbinds.next() && varbinds.tag < 0x80 && isBelow(oid, reply.bytes, varbinds.oidStart, varbinds.oidEnd)
    );
  } catch {
    // An unreadable answer is not the object.
    return false;
  }
}
