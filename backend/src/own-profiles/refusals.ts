import { ownProfileCounts } from '@rackhaus/config/contract';
import type { checkOwnProfile, Profile, ProfileSet } from '@rackhaus/config/profiles';
import type { Database } from '../database/tables.ts';
import { AppError } from '../problem.ts';
import { devicesOf } from './store.ts';

const mostNamed = 5;

/** What was checked, when it is right. @throws AppError `invalid` naming lines */
export function rightProfile({ profile, problems }: ReturnType<typeof checkOwnProfile>): Profile {
  if (profile) return profile;
  const fields = problems.map(({ line, path, message }) => ({
    path: 'text',
    message: `line ${line ?? 1}: ${path === '' ? '' : `${path}: `}${message}`,
  }));
  throw new AppError('invalid', fields[0]?.message ?? 'This is no profile.', fields);
}

/** While an own profile of a new id is in use, those that include it need it. @throws AppError conflict (`in-use`) */
export function mustNotBeIncluded(
  id: string,
  {
    shipped,
    set,
    inUse,
  }: { readonly shipped: ProfileSet; readonly set: ProfileSet; readonly inUse: readonly string[] },
): void {
  if (shipped.profiles.has(id)) return;
  const by = inUse.filter((one) => set.profiles.get(one)?.includes.includes(id));
  if (by.length > 0)
    throw new AppError('conflict', `It is included by ${by.join(', ')}.`, undefined, { reason: 'in-use' });
}

/**
 * Devices that are set to a profile which there is not would be left to the one for any device without a word.
 * @throws AppError conflict (`set-by-hand`)
 */
export async function mustNotBeSetByHand(tx: Database, id: string): Promise<void> {
  const names = (await devicesOf(tx, id, 1000)).filter(({ byHand }) => byHand).map(({ name }) => name);
  if (names.length === 0) return;
  const some = names.slice(0, mostNamed).join(', ');
  throw new AppError(
    'conflict',
    `The profile "${id}" is set by hand for ${names.length} ${names.length === 1 ? 'device' : 'devices'} (${some}${names.length > mostNamed ? ', …' : ''}). Set them to automatic first.`,
    undefined,
    { reason: 'set-by-hand' },
  );
}

/** Takes away the oldest version that is not in use when there are as many as may be. @throws AppError conflict: too many profiles */
export async function makeRoom(tx: Database, id: string, isNew: boolean): Promise<void> {
  if (isNew) {
    const { count } = await tx
      .selectFrom('own_profiles')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    if (Number(count) >= ownProfileCounts.profiles)
      throw new AppError('conflict', `There may be ${ownProfileCounts.profiles} own profiles at most.`);
  }
  const { count } = await tx
    .selectFrom('profile_versions')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('profile_id', '=', id)
    .executeTakeFirstOrThrow();
  if (Number(count) < ownProfileCounts.versions) return;
  const oldest = await tx
    .selectFrom('profile_versions')
    .select((eb) => eb.fn.min('version').as('version'))
    .where('profile_id', '=', id)
    .where('version', 'not in', (eb) =>
      eb
        .selectFrom('own_profiles')
        .select((each) => each.fn.coalesce('active_version', each.lit(0)).as('version'))
        .where('profile_id', '=', id),
    )
    .executeTakeFirstOrThrow();
  await tx
    .deleteFrom('profile_versions')
    .where('profile_id', '=', id)
    .where('version', '=', oldest.version)
    .execute();
}
