import type { Database } from '../../database/tables.ts';
import { type FitEnd, usualKind, usualSide, whyNot } from './compatible.ts';
import { type PortFacts, portFacts } from './facts.ts';

/** So many ports of one device are enough to choose from. */
const perDevice = 4;
/** Ports that are looked at; what is nearer comes first. */
const lookedAt = 4000;

interface Near {
  readonly id: number;
  readonly deviceId: number | null;
  readonly distance: number;
  readonly rank: number;
}

/**
 * Free ports that may be joined to one, nearest first: the same rack before the others of the room, and among those by how many units and
 * racks lie between. After those of the room, its outlets' and other rooms' ports are not offered: there are too many.
 */
export async function nearestFree(
  db: Database,
  from: { readonly port: PortFacts; readonly side: 'front' | 'rear' },
  count: number,
): Promise<number[]> {
  const { spot } = from.port;
  if (spot.roomId === null) return [];
  const rows = await db
    .selectFrom('ports')
    .innerJoin('devices', 'devices.id', 'ports.device_id')
    .select([
      'ports.id',
      'ports.kind',
      'ports.two_sided',
      'ports.device_id',
      'ports.rank',
      'devices.rack_id',
      'devices.position',
    ])
    .where('devices.room_id', '=', spot.roomId)
    .where('ports.device_id', '<>', from.port.deviceId ?? 0)
    .where((e) =>
      e.not(
        e.exists(
          e
            .selectFrom('link_ends')
            .select('link_ends.id')
            .whereRef('link_ends.port_id', '=', 'ports.id')
            .where('link_ends.port_side', '=', from.side),
        ),
      ),
    )
    .limit(lookedAt)
    .execute();
  const here: FitEnd = { port: from.port.fit, side: from.side };
  const fitting = rows.filter((row) => {
    const port = { name: '', kind: row.kind, twoSided: row.two_sided === 1, shape: null };
    const kind = usualKind(here, {
      port,
      side: usualSide(here.side === 'rear' ? 'permanent' : 'patch', port),
    });
    return whyNot(kind, here, { port, side: usualSide(kind, port) }) === null;
  });
  const indexes = await portFacts(db, new Map(fitting.map((row) => [row.device_id, row.id])).values(), {
    shapes: false,
  });
  const racks = new Map([...indexes.values()].map((port) => [port.deviceId, port.spot]));
  const near: Near[] = fitting.map((row) => ({
    id: row.id,
    deviceId: row.device_id,
    rank: row.rank,
    distance: distance(spot, racks.get(row.device_id) ?? spot),
  }));
  near.sort((x, y) => x.distance - y.distance || (x.deviceId ?? 0) - (y.deviceId ?? 0) || x.rank - y.rank);
  const taken = new Map<number | null, number>();
  const chosen: number[] = [];
  for (const { id, deviceId } of near) {
    const already = taken.get(deviceId) ?? 0;
    if (already >= perDevice) continue;
    taken.set(deviceId, already + 1);
    chosen.push(id);
    if (chosen.length >= count) break;
  }
  return chosen;
}

/** In rack units; a rack to the side counts more than any way within one. */
function distance(a: PortFacts['spot'], b: PortFacts['spot']): number {
  const units = Math.abs((a.position ?? 0) - (b.position ?? 0));
  if (a.rackId !== null && a.rackId === b.rackId) return units;
  if (a.rackIndex === null || b.rackIndex === null) return 10_000;
  return 100 * Math.max(1, Math.abs(a.rackIndex - b.rackIndex)) + units;
}
