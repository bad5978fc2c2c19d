import type { Change } from '../../history/change.ts';
import type { Touched } from '../../history/spec.ts';

/**
 * Marks the cables of devices that have gone to another rack or room: their length and route may be others now. A cable between two
 * ports of one device comes along as it is. Part of the same change, so that undoing the move undoes the mark, and marks nothing itself:
 * everything is where it was.
 */
export async function markMoved(change: Change, rows: readonly Touched[]): Promise<void> {
  if (change.undoes !== null) return;
  const moved = rows.flatMap(({ before, after }) =>
    before !== null &&
    after !== null &&
    // From the shelf to its first place it had no way that could be another now.
    before.room_id !== null &&
    (before.rack_id !== after.rack_id || before.room_id !== after.room_id)
      ? [after.id]
      : [],
  );
  if (moved.length === 0) return;
  const ports = await change.rows.byIds('ports', moved, 'device_id');
  const deviceOf = new Map(ports.map((port) => [port.id, port.device_id ?? null]));
  const ends = await change.rows.byIds('link_ends', [...deviceOf.keys()], 'port_id');
  const byLink = Map.groupBy(ends, (end) => Number(end.link_id));
  const all = Map.groupBy(await change.rows.byIds('link_ends', [...byLink.keys()], 'link_id'), (end) =>
    Number(end.link_id),
  );
  const within = (linkId: number) => {
    const devices = new Set((all.get(linkId) ?? []).map((end) => deviceOf.get(Number(end.port_id)) ?? null));
    return devices.size === 1 && !devices.has(null) && (all.get(linkId)?.length ?? 0) > 1;
  };
  for (const linkId of byLink.keys())
    if (!within(linkId)) await change.update('link', linkId, { to_check: 1 });
}
