import type { Database } from '../../database/tables.ts';
import { portCards } from '../cards.ts';
import { loadGraphAround } from '../load-graph.ts';
import type { KeptFinding } from './findings.ts';
import { type Cord, type Proposal, propose } from './propose.ts';
import { type Way, wayFrom } from './ways.ts';

/** What is documented around a finding now, and what would make it right. */
export interface Around {
  readonly way: Way;
  readonly proposal: Proposal | null;
}

/** Looks it up afresh, so that what is proposed fits the documentation as it is. */
export async function aroundFindings(
  db: Database,
  findings: readonly KeptFinding[],
): Promise<Map<number, Around>> {
  const portIds = findings.flatMap((finding) => [
    finding.port_id,
    finding.observed_port_id ?? finding.port_id,
  ]);
  if (portIds.length === 0) return new Map();
  const graph = await loadGraphAround(db, portIds);
  const ways = new Map(portIds.map((id) => [id, wayFrom(graph, id)]));
  const wayOf = (id: number): Way => ways.get(id) ?? { kind: 'none', cables: [] };
  const onTheWay = [...ways].flatMap(([id, way]) => [
    id,
    ...(way.kind === 'open' ? [way.end] : []),
    ...way.cables.flatMap((cable) => [cable.from, cable.to]),
  ]);
  const cards = await portCards(db, onTheWay);
  const roomOf = (id: number) => cards.get(id)?.spot.room?.id ?? null;
  const cords = await cordsAmong(
    db,
    [...ways.values()].flatMap((way) => way.cables.map(({ linkId }) => linkId)),
  );
  const around = new Map<number, Around>();
  for (const finding of findings) {
    const { port_id: portId, observed_port_id: farId } = finding;
    const way = wayOf(portId);
    if (farId === null || finding.verdict === 'dark') {
      around.set(finding.id, { way, proposal: null });
      continue;
    }
    const input = {
      graph,
      here: { portId, way },
      there: { portId: farId, way: wayOf(farId) },
      roomOf,
      isCord: (linkId: number) => cords.has(linkId),
    };
    // Only where rooms differ it is worth asking what is installed between them.
    const rooms: [number, number][] = [];
    propose({
      ...input,
      freeRuns: (a, b) => {
        rooms.push([a, b]);
        return [];
      },
    });
    const [between] = rooms;
    const runs = between === undefined ? [] : await freeRuns(db, ...between);
    around.set(finding.id, { way, proposal: propose({ ...input, freeRuns: () => runs }) });
  }
  return around;
}

async function cordsAmong(db: Database, linkIds: readonly number[]): Promise<Set<number>> {
  if (linkIds.length === 0) return new Set();
  const rows = await db
    .selectFrom('links')
    .select('id')
    .where('id', 'in', [...new Set(linkIds)])
    .where('kind', '=', 'patch')
    .execute();
  return new Set(rows.map((row) => row.id));
}

/** Installed cables from a jack in one room to a jack in another, nothing plugged in in front; two are as good as many. */
async function freeRuns(db: Database, roomA: number, roomB: number): Promise<Cord[]> {
  const rows = await db
    .selectFrom('link_ends as a')
    .innerJoin('link_ends as b', (join) =>
      join.onRef('b.link_id', '=', 'a.link_id').onRef('b.id', '<>', 'a.id'),
    )
    .innerJoin('links', 'links.id', 'a.link_id')
    .innerJoin('ports as pa', 'pa.id', 'a.port_id')
    .innerJoin('ports as pb', 'pb.id', 'b.port_id')
    .leftJoin('devices as da', 'da.id', 'pa.device_id')
    .leftJoin('outlets as oa', 'oa.id', 'pa.outlet_id')
    .leftJoin('devices as db', 'db.id', 'pb.device_id')
    .leftJoin('outlets as ob', 'ob.id', 'pb.outlet_id')
    .select(['a.port_id as near', 'b.port_id as far'])
    .where('links.kind', '=', 'permanent')
    .where('links.status', '=', 'installed')
    .where('a.port_side', '=', 'rear')
    .where('b.port_side', '=', 'rear')
    .where((e) => e(e.fn.coalesce('da.room_id', 'oa.room_id'), '=', roomA))
    .where((e) => e(e.fn.coalesce('db.room_id', 'ob.room_id'), '=', roomB))
    .where((e) =>
      e.not(
        e.exists(
          e
            .selectFrom('link_ends as taken')
            .select('taken.id')
            .where('taken.port_side', '=', 'front')
            .where((or) =>
              or.or([
                or('taken.port_id', '=', or.ref('a.port_id')),
                or('taken.port_id', '=', or.ref('b.port_id')),
              ]),
            ),
        ),
      ),
    )
    .limit(2)
    .execute();
  return rows.map(({ near, far }) => ({
    a: { portId: near, side: 'front' as const },
    b: { portId: far, side: 'front' as const },
  }));
}
