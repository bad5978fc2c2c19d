import type { Observation, PortDetail, RecordValues, TraceHop } from '@rackhaus/config/contract';
import { beyond, maskPlaces } from '../access/scope/beyond.ts';
import { idsWithin, type Reach } from '../access/scope.ts';
import { loadGraphAround } from '../cabling/load-graph.ts';
import { trace } from '../cabling/trace.ts';
import type { Database } from '../database/tables.ts';
import { AppError } from '../problem.ts';
import { portPlaces } from './port-places.ts';

/** What a device last said of itself; null when it has said nothing. */
export type LatestObservation = (deviceId: number) => Promise<Observation | null>;

/**
 * One port, what it leads to by the documentation, and what its device sees there. `reach`: of whom it is masked what lies in other sites.
 * @throws AppError not-found
 */
export async function portDetail(
  db: Database,
  latestObservation: LatestObservation,
  portId: number,
  reach: Reach | null = null,
): Promise<PortDetail> {
  const documented = await db.transaction().execute(async (tx) => {
    const run = trace(await loadGraphAround(tx, [portId]), portId);
    const places = await maskPlaces(
      tx,
      reach,
      await portPlaces(
        tx,
        run.hops.map((hop) => hop.portId),
      ),
    );
    const linkIds = run.hops.flatMap((hop) => (hop.linkId === null ? [] : [hop.linkId]));
    const links = await linksById(tx, linkIds);
    const ownLinks = reach === null ? null : await idsWithin(tx, 'link', linkIds, reach);
    const hops = run.hops.flatMap((hop): TraceHop[] => {
      const port = places.get(hop.portId);
      if (port === undefined) return [];
      const link = links.get(hop.linkId ?? 0);
      const via =
        link === undefined
          ? null
          : {
              linkId: link.id,
              label: ownLinks?.has(link.id) === false ? beyond : link.label,
              kind: link.kind,
            };
      return [{ owner: port.owner, place: port.place, portId: port.id, portName: port.name, via }];
    });
    return { port: places.get(portId), trace: hops, end: run.end };
  });
  const { port } = documented;
  if (port === undefined) throw new AppError('not-found', 'There is no such port.');
  const observed = port.owner.kind === 'device' ? await latestObservation(port.owner.id) : null;
  const neighbour = observed?.neighbours.find((candidate) => candidate.localPort === port.name);
  return {
    id: port.id,
    name: port.name,
    kind: port.kind,
    owner: port.owner,
    trace: documented.trace,
    end: documented.end,
    neighbour: neighbour === undefined ? null : { name: neighbour.remoteName, port: neighbour.remotePort },
  };
}

async function linksById(db: Database, ids: readonly number[]) {
  if (ids.length === 0)
    return new Map<number, { id: number; label: string; kind: RecordValues<'link'>['kind'] }>();
  const rows = await db.selectFrom('links').select(['id', 'label', 'kind']).where('id', 'in', ids).execute();
  return new Map(rows.map((row) => [row.id, row]));
}
