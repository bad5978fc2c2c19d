import type { Profile, ProfileMatch, ProfileSet } from '@rackhaus/config/profiles';
import { VarBinds } from '../snmp/message.ts';
import { encodeOid, isBelow } from '../snmp/oid.ts';
import type { SnmpSession } from '../snmp/session.ts';
import type { SystemGroup } from './identity.ts';

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
  const candidates = [...profiles.profiles.values()]
    .flatMap((profile) =>
      profile.match
        .filter((match) => fits(match, system))
        .map((match) => ({ profile, match, rank: rankOf(profile, match, system) })),
    )
    .sort((a, b) => compareRanks(b.rank, a.rank) || a.profile.id.localeCompare(b.profile.id));
  const answered = new Map<string, boolean>();
  for (const { profile, match } of candidates) {
    let good = true;
    for (const oid of match.exists ?? []) {
      let exists = answered.get(oid);
      if (exists === undefined) {
        exists = await answers(session, oid);
        answered.set(oid, exists);
      }
      good &&= exists;
    }
    if (good) return profile;
  }
  return undefined;
}

function fits(match: ProfileMatch, system: SystemGroup): boolean {
  if (match.sysObjectId && !match.sysObjectId.some((prefix) => isAtOrBelow(system.objectId, prefix)))
    return false;
  return match.sysDescr === undefined || new RegExp(match.sysDescr, 'i').test(system.description ?? '');
}

function rankOf(profile: Profile, match: ProfileMatch, system: SystemGroup): number[] {
  const depth = (match.sysObjectId ?? [])
    .filter((prefix) => isAtOrBelow(system.objectId, prefix))
    .map((prefix) => prefix.split('.').length);
  return [profile.priority, Math.max(0, ...depth), match.sysDescr ? 1 : 0, match.exists?.length ?? 0];
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
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
