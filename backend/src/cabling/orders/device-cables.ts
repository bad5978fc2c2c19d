import type { PlannedChange } from '@rackhaus/config/contract';
import type { Database } from '../../database/tables.ts';
import { loadWorld } from './load-world.ts';
import type { ItemRow } from './world.ts';

/**
 * What an order needs besides, where it takes a device away: its cords are taken out at both ends, and what is installed for good
 * is unplugged from it. Cables that the order deals with already are left to that.
 */
export async function withCables(
  db: Database,
  present: readonly ItemRow[],
  given: readonly PlannedChange[],
): Promise<PlannedChange[]> {
  const leaving = given.flatMap((change) => (change.action === 'remove-device' ? [change.deviceId] : []));
  if (leaving.length === 0) return [...given];
  const items = given.map((change, index): ItemRow => ({ id: -index - 1, change, linkId: null }));
  const world = await loadWorld(db, items);
  const dealtWith = new Set(
    [...present.map(({ change }) => change), ...given].flatMap((change) =>
      change.action === 'move-link' || change.action === 'remove-link' ? [change.linkId] : [],
    ),
  );
  const gone = new Set(leaving);
  const atDevice = (portId: number) => gone.has(world.ports.get(portId)?.deviceId ?? 0);
  const further: PlannedChange[] = [];
  for (const link of world.links.values()) {
    const ends = link.ends.filter((end) => atDevice(end.portId));
    if (ends.length === 0 || dealtWith.has(link.id)) continue;
    const stays = link.kind === 'permanent' || link.kind === 'provider';
    further.push(
      stays
        ? {
            action: 'move-link',
            linkId: link.id,
            ...Object.fromEntries(ends.map((end) => [end.side, null])),
          }
        : { action: 'remove-link', linkId: link.id, keep: false },
    );
  }
  return [...further, ...given];
}
