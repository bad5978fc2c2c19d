import type { Database } from '../../database/tables.ts';
import { type Way, wayFrom } from '../drift/ways.ts';
import { loadGraphAround } from '../load-graph.ts';
import { trace } from '../trace.ts';

/** Ports that can tell of a step: watched ones at the ends of the ways through what was touched, with where those lead now. */
export async function concernedPorts(
  db: Database,
  step: { readonly linkIds: readonly number[]; readonly portIds: readonly number[] },
  isWatched: (portId: number) => boolean,
): Promise<Map<number, Way>> {
  const ends =
    step.linkIds.length === 0
      ? []
      : await db
          .selectFrom('link_ends')
          .select('port_id')
          .where('link_id', 'in', [...step.linkIds])
          .execute();
  const touched = [...new Set([...step.portIds, ...ends.map((end) => end.port_id)])];
  if (touched.length === 0) return new Map();
  const graph = await loadGraphAround(db, touched);
  const ways = new Map<number, Way>();
  for (const portId of touched) {
    const { hops } = trace(graph, portId);
    for (const end of [portId, hops[0]?.portId, hops.at(-1)?.portId])
      if (end !== undefined && isWatched(end) && !ways.has(end)) ways.set(end, wayFrom(graph, end));
  }
  return ways;
}
