import type { Profile, ProfileSet } from '@rackhaus/config/profiles';
import { AppError } from '../problem.ts';

/**
 * What is written to devices when outlets are switched is decided by administrators, unless it is as it comes with Rackhaus: with another
 * object something else than an outlet would be written, and with other names or states another outlet than was meant.
 * @throws AppError forbidden
 */
export function refuseOtherSwitch(
  profile: Profile,
  shipped: ProfileSet,
  by: { readonly administrator: boolean },
): void {
  const wanted = switchesOf(profile);
  if (wanted.length === 0 || by.administrator) return;
  const known = new Set([...shipped.profiles.values()].flatMap(switchesOf));
  if (wanted.every((one) => known.has(one))) return;
  throw new AppError(
    'forbidden',
    'This profile says how outlets are switched: only an administrator may have agents use it.',
    undefined,
    { reason: 'switch-needs-administrator' },
  );
}

/** What a profile writes to devices, and how it finds where. */
function switchesOf({ tables }: Profile): string[] {
  return tables.flatMap(({ switch: commands, columns, entity, label, values }) =>
    commands === undefined
      ? []
      : [
          JSON.stringify([
            commands,
            columns,
            entity,
            label,
            values.filter(({ metric }) => metric === 'outlet.state'),
          ]),
        ],
  );
}
