import type { Change } from '../../history/change.ts';
import type { Specs } from '../../history/spec.ts';
import { AppError } from '../../problem.ts';

/**
 * The same specs, with which nobody sets a device to a profile that there is not: a mistyped id would leave the device to the
 * profile for any device without a word. What stands there already may stay. `shipped`: whether one of this id comes with
 * Rackhaus; own ones are looked up.
 */
export function withKnownProfiles(specs: Specs, shipped: (id: string) => boolean): Specs {
  const monitoring = specs.get('monitoring');
  if (!monitoring) return specs;
  return new Map(specs).set('monitoring', {
    ...monitoring,
    prepare: async (change, rows) => {
      const chosen = rows
        .filter(({ before, next }) => next.profile !== null && next.profile !== before?.profile)
        .map(({ next }) => String(next.profile));
      for (const id of new Set(chosen)) if (!shipped(id)) await mustBeOwn(change, id);
      return (await monitoring.prepare?.(change, rows)) ?? rows.map(({ next }) => next);
    },
  });
}

/** @throws AppError `invalid` naming the field `profile` */
async function mustBeOwn({ tx }: Change, id: string): Promise<void> {
  const own = await tx
    .selectFrom('own_profiles')
    .select('profile_id')
    .where('profile_id', '=', id)
    .where('deleted_at', 'is', null)
    .executeTakeFirst();
  if (own) return;
  const message = `There is no device profile "${id}", neither shipped nor of your own. Leave it empty for the one that fits.`;
  throw new AppError('invalid', message, [{ path: 'profile', message }], { reason: 'unknown-profile' });
}
