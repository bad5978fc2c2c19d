import type { PlanView } from '@rackhaus/config/contract';
import { loadGraphAround } from '../../cabling/load-graph.ts';
import { trace } from '../../cabling/trace.ts';
import type { Database } from '../../database/tables.ts';
import { portPlaces } from '../port-places.ts';

type OutletPort = PlanView['outlets'][number]['ports'][number];

/**
 * The jacks of outlets and the device port that each run ends at; of two (a telephone at one end, a switch at the other)
 * the one that is reached through the wall, which is the last of the run.
 */
export async function outletPorts(
  db: Database,
  outletIds: readonly number[],
): Promise<Map<number, OutletPort[]>> {
  if (outletIds.length === 0) return new Map();
  const jacks = await db
    .selectFrom('ports')
    .select(['id', 'name', 'outlet_id'])
    .where('outlet_id', 'in', [...outletIds])
    .orderBy('outlet_id')
    .orderBy('rank')
    .execute();
  const graph = await loadGraphAround(
    db,
    jacks.map((jack) => jack.id),
  );
  const endOf = new Map<number, number>();
  for (const { id } of jacks) {
    const { hops, end } = trace(graph, id);
    if (end === 'split' || end === 'loop') continue;
    const ends = [hops.at(-1)?.portId, hops[0]?.portId].filter((each) => each !== undefined && each !== id);
    const device = ends.find((each) => each !== undefined && graph.port(each)?.endpoint === true);
    if (device !== undefined) endOf.set(id, device);
  }
  const places = await portPlaces(db, [...new Set(endOf.values())]);
  const ports = new Map<number, OutletPort[]>();
  for (const { id, name, outlet_id } of jacks) {
    if (outlet_id === null) continue;
    const far = places.get(endOf.get(id) ?? 0);
    const own = ports.get(outlet_id) ?? [];
    own.push({
      id,
      name,
      end:
        far?.owner.kind === 'device'
          ? { portId: far.id, portName: far.name, deviceId: far.owner.id, deviceName: far.owner.name }
          : null,
    });
    ports.set(outlet_id, own);
  }
  return ports;
}
