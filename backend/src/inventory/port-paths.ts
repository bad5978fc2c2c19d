import { loadGraphAround } from '../cabling/load-graph.ts';
import { trace } from '../cabling/trace.ts';
import type { Database } from '../database/tables.ts';
import { portPlaces } from './port-places.ts';

/**
 * The page on which a port is seen: that of its device, or for an outlet that of the device it leads to first. None for an
 * outlet that nothing leads to.
 */
export async function portPaths(db: Database, portIds: readonly number[]): Promise<Map<number, string>> {
  const own = await portPlaces(db, portIds);
  const inWalls = [...own.values()].filter((port) => port.owner.kind === 'outlet').map((port) => port.id);
  const graph = inWalls.length === 0 ? null : await loadGraphAround(db, inWalls);
  const runs = new Map(
    inWalls.map((id) => [id, graph === null ? [] : trace(graph, id).hops.map((hop) => hop.portId)]),
  );
  const onTheWay = await portPlaces(db, [...new Set([...runs.values()].flat())]);
  const paths = new Map<number, string>();
  for (const port of own.values()) {
    const run = [port, ...(runs.get(port.id) ?? []).map((id) => onTheWay.get(id))];
    const first = run.find((candidate) => candidate?.owner.kind === 'device');
    if (first !== undefined) paths.set(port.id, `/devices/${first.owner.id}?port=${first.id}`);
  }
  return paths;
}
