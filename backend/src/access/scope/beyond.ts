import { type CableCard, type PortCard, RecordKind, type RecordNames } from '@rackhaus/config/contract';
import { sql } from 'kysely';
import type { Database } from '../../database/tables.ts';
import type { PortPlace } from '../../inventory/port-places.ts';
import { idsWithin } from '../scope.ts';
import { idsInReach, type Reach } from './in-sites.ts';

/** Stands for what runs on into a site that somebody is not for. */
export const beyond = '…';

/** Of ports that are out of reach, those that a cable joins to one within: of them the name is shown, and not where they are. */
async function joinedPorts(db: Database, reach: Reach, ids: Iterable<number>): Promise<Set<number>> {
  const { rows } = await sql<{ id: number }>`select far.port_id as id from link_ends far
    join link_ends near on near.link_id = far.link_id
    where far.port_id in (select value from json_each(${JSON.stringify([...ids])}))
      and near.port_id in ${idsInReach('port', reach)}`.execute(db);
  return new Set(rows.map(({ id }) => id));
}

/** Makes what lies beyond the sites of a caller unrecognisable, but for the port in which a cable from them ends. */
export async function maskPorts<T>(
  db: Database,
  reach: Reach | null,
  ports: ReadonlyMap<number, T>,
  mask: { readonly joined: (port: T) => T; readonly far: (port: T) => T },
): Promise<Map<number, T>> {
  if (reach === null) return new Map(ports);
  const own = await idsWithin(db, 'port', ports.keys(), reach);
  const joined = await joinedPorts(db, reach, ports.keys());
  return new Map(
    Array.from(ports, ([id, port]) => [
      id,
      own.has(id) ? port : joined.has(id) ? mask.joined(port) : mask.far(port),
    ]),
  );
}

/** The same for ports with their places. */
export function maskPlaces(
  db: Database,
  reach: Reach | null,
  ports: ReadonlyMap<number, PortPlace>,
): Promise<Map<number, PortPlace>> {
  return maskPorts(db, reach, ports, {
    joined: (port) => ({ ...port, place: '' }),
    far: (port) => ({ ...port, name: beyond, owner: { ...port.owner, name: beyond }, place: '' }),
  });
}

const nowhere: PortCard['spot'] = {
  site: null,
  building: null,
  floor: null,
  room: null,
  rack: null,
  position: null,
  face: null,
};

/** The same for ports as traces name them. */
export function maskPortCards(
  db: Database,
  reach: Reach | null,
  ports: ReadonlyMap<number, PortCard>,
): Promise<Map<number, PortCard>> {
  const joined = (port: PortCard): PortCard => ({ ...port, vlan: null, label: null, spot: nowhere });
  return maskPorts(db, reach, ports, {
    joined,
    far: (port) => ({ ...joined(port), name: beyond, owner: { ...port.owner, name: beyond } }),
  });
}

/** Cables that are not within reach show what they are, and not which. */
export async function maskCableCards(
  db: Database,
  reach: Reach | null,
  cables: ReadonlyMap<number, CableCard>,
): Promise<Map<number, CableCard>> {
  if (reach === null) return new Map(cables);
  const own = await idsWithin(db, 'link', cables.keys(), reach);
  return new Map(
    Array.from(cables, ([id, cable]) => [
      id,
      // One that an order plans has no number of a record yet.
      own.has(id) || id < 0
        ? cable
        : { ...cable, label: beyond, labelA: null, labelB: null, provider: null, circuit: null },
    ]),
  );
}

/** Leaves out the names of records that are out of reach, but of the ports that a cable joins. */
export async function namesWithin(
  db: Database,
  reach: Reach | null,
  names: RecordNames,
): Promise<RecordNames> {
  if (reach === null) return names;
  const shown: RecordNames = {};
  const byKind = Map.groupBy(Object.entries(names), ([key]) => key.slice(0, key.lastIndexOf('/')));
  for (const [kind, of] of byKind) {
    const ids = of.map(([key]) => Number(key.slice(key.lastIndexOf('/') + 1)));
    const within = await idsWithin(db, RecordKind.parse(kind), ids, reach);
    const joined = kind === 'port' ? await joinedPorts(db, reach, ids) : new Set<number>();
    for (const [index, [key, name]] of of.entries()) {
      const id = ids[index] ?? 0;
      if (within.has(id) || joined.has(id)) shown[key] = name;
    }
  }
  return shown;
}
