import type { Change } from '../../history/change.ts';
import { AppError } from '../../problem.ts';
import type { Proposal } from './propose.ts';

/**
 * Writes into the documentation what was seen. A cord that goes and one that comes at the same port are the same cord, plugged in
 * elsewhere: it keeps its label, and its length has to be looked at.
 * @throws AppError conflict (somebody has changed the cables meanwhile)
 */
export async function applyProposal(change: Change, { remove, add }: Proposal): Promise<void> {
  const ends = await change.rows.byIds('link_ends', [...remove], 'link_id');
  const [removed, ...others] = remove;
  const [cord, ...more] = add;
  const kept = ends.find((end) => end.link_id === removed && end.port_id === cord?.a.portId);
  const moving = ends.find((end) => end.link_id === removed && end.id !== kept?.id);
  if (
    removed !== undefined &&
    kept !== undefined &&
    moving !== undefined &&
    cord !== undefined &&
    more.length === 0
  ) {
    if (others.length > 0) await change.remove('link', others);
    await change.update('link-end', moving.id, { port_id: cord.b.portId, port_side: cord.b.side });
    await change.update('link', removed, { to_check: 1 });
    return;
  }
  if (remove.length > 0) await change.remove('link', remove);
  for (const { a, b } of add) {
    const [link] = await change.insert('link', [{ kind: 'patch', status: 'installed', label: '' }]);
    if (link === undefined) throw new AppError('conflict', 'The cable could not be documented.');
    await change.insert('link-end', [
      { link_id: link, side: 'a', connector: 1, port_id: a.portId, port_side: a.side },
      { link_id: link, side: 'b', connector: 1, port_id: b.portId, port_side: b.side },
    ]);
  }
}
