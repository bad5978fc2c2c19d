import type { NewLink } from '@rackhaus/config/contract';
import type { Change } from '../../history/change.ts';
import type { Caller } from '../../http/route.ts';
import { AppError } from '../../problem.ts';
import { createRecords } from './writes.ts';

/** Makes a cable with both ends. @returns its id @throws AppError invalid, conflict (a port has a cable there already) */
export async function createLink(change: Change, caller: Caller, link: NewLink): Promise<number> {
  const { from, to, ...values } = link;
  if (from.portId === to.portId && from.side === to.side)
    throw new AppError('invalid', 'A cable cannot have both ends in the same place.', [
      { path: 'to.portId', message: 'must be another port than that of "from"' },
    ]);
  const [id = 0] = await createRecords(change, caller, 'link', [values]);
  await createRecords(change, caller, 'link-end', [
    { linkId: id, side: 'a', portId: from.portId, portSide: from.side },
    { linkId: id, side: 'b', portId: to.portId, portSide: to.side },
  ]);
  return id;
}
