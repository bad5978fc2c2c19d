import type { LabelSelection } from '@rackhaus/config/contract';
import { refuseOtherPlace } from '../access/scope/addressed.ts';
import { idsWithin, reachOf } from '../access/scope.ts';
import type { Database } from '../database/tables.ts';
import type { Caller } from '../http/route.ts';
import { AppError } from '../problem.ts';

/** Labels are printed of what may be seen. A cable's label may say where its other end is. @throws AppError forbidden */
export async function refuseOtherLabels(
  db: Database,
  caller: Caller,
  { kind, ids = [], deviceId, rackId, roomId }: LabelSelection,
): Promise<void> {
  const reach = reachOf(caller);
  if (reach === null) return;
  for (const [place, id] of [
    ['device', deviceId],
    ['rack', rackId],
    ['room', roomId],
  ] as const)
    if (id !== undefined) await refuseOtherPlace(db, reach, place, id);
  const shown = await idsWithin(db, kind, ids, reach);
  const other = ids.find((id) => !shown.has(id));
  if (other !== undefined)
    throw new AppError(
      'forbidden',
      `The ${kind} ${other} is not in the sites that your account is for.`,
      undefined,
      { reason: 'other-site' },
    );
}
