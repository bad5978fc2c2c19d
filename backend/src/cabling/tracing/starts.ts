import { isIP } from 'node:net';
import type { SearchReply, TraceStart } from '@rackhaus/config/contract';
import { idsWithin, type Reach } from '../../access/scope.ts';
import type { Database } from '../../database/tables.ts';
import { portPlaces } from '../../inventory/port-places.ts';
import { macOf } from '../../inventory/search/ports.ts';
import { searchKey } from '../../inventory/search-key.ts';
import { portsOf } from './owners.ts';
import { type Person, personsOf } from './persons.ts';
import { macOfAddress, type SeenBehindPorts, seenMacs } from './seen-macs.ts';

export interface FindStarts {
  readonly db: Database;
  readonly search: { find(query: string, reach?: Reach | null): Promise<SearchReply> };
  readonly sightings: SeenBehindPorts | null;
}

type Found = SearchReply['results'][number];
const most = 20;
/** Of a device, a room or a person: the screen asks for all of a device or a room by its number. */
const mostPorts = 100;

/** From where to trace what somebody typed, best first; at most 20. `reach`: nothing of other sites. */
export async function findStarts(
  deps: FindStarts,
  query: string,
  reach: Reach | null = null,
): Promise<TraceStart[]> {
  const wanted = searchKey(query);
  if (wanted === '') return [];
  const { results } = await deps.search.find(query, reach);
  const persons = await personsOf(deps.db, results, wanted);
  const starts: TraceStart[] = [];
  const add = (start: TraceStart | null) => {
    const same = (each: TraceStart) =>
      each.kind === start?.kind && each.id === start.id && each.name === start.name;
    if (start !== null && !starts.some(same)) starts.push(start);
  };
  for (const found of results) {
    const person = persons.find(({ records }) => records.includes(found));
    add(person === undefined ? await startOf(deps.db, found) : await startOfPerson(deps.db, person));
  }
  for (const start of await seenStarts(deps, wanted, reach)) add(start);
  return starts.slice(0, most);
}

async function startOf(db: Database, { kind, id, name, detail, matched }: Found): Promise<TraceStart | null> {
  const start = (ports: number[], more: Partial<TraceStart> = {}): TraceStart => ({
    kind: 'port',
    id,
    name,
    // By which serial number or address it was found, when not by its name.
    detail: matched === undefined || matched === searchKey(name) ? detail : `${matched} · ${detail}`,
    ports,
    cableId: null,
    ...more,
  });
  const none = { devices: [], outlets: [], rooms: [] };
  switch (kind) {
    case 'port':
      return start([id]);
    case 'link': {
      const ends = await db
        .selectFrom('link_ends')
        .select('port_id')
        .where('link_id', '=', id)
        .orderBy('side')
        .orderBy('connector')
        .execute();
      return start(
        ends.map((end) => end.port_id),
        { kind, cableId: id },
      );
    }
    case 'outlet':
      return start(await portsOf(db, { ...none, outlets: [id] }, mostPorts), { kind });
    case 'device':
      return start(await portsOf(db, { ...none, devices: [id] }, mostPorts), { kind });
    case 'room':
      return start(await portsOf(db, { ...none, rooms: [id] }, mostPorts), { kind });
    case 'address': {
      const { device_id: device, port_id: port } = await db
        .selectFrom('addresses')
        .select(['device_id', 'port_id'])
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
      if (port !== null) return start([port], { kind });
      // Nobody's address leads nowhere.
      return device === null
        ? null
        : start(await portsOf(db, { ...none, devices: [device] }, mostPorts), { kind });
    }
    default:
      return null;
  }
}

async function startOfPerson(db: Database, person: Person): Promise<TraceStart> {
  const [first] = person.records;
  const of = (kind: Found['kind']) =>
    person.records.filter((each) => each.kind === kind).map((each) => each.id);
  return {
    kind: 'person',
    id: first?.id ?? 0,
    name: person.name,
    detail: person.records.map((each) => each.name).join(', '),
    ports: await portsOf(db, { devices: of('device'), outlets: [], rooms: of('room') }, mostPorts),
    cableId: null,
  };
}

/** Addresses that nobody documented, by where they were seen. */
async function seenStarts(
  { db, sightings }: FindStarts,
  wanted: string,
  reach: Reach | null,
): Promise<TraceStart[]> {
  if (sightings === null) return [];
  const byAddress = isIP(wanted) === 0 ? null : await macOfAddress(sightings, wanted);
  const mac = macOf(byAddress ?? wanted);
  if (mac === null) return [];
  const everywhere = await seenMacs(db, sightings, mac, most);
  const own =
    reach === null
      ? null
      : await idsWithin(
          db,
          'port',
          everywhere.map(({ portId }) => portId),
          reach,
        );
  const seen = everywhere.filter(({ portId }) => own?.has(portId) !== false);
  const places = await portPlaces(
    db,
    seen.map(({ portId }) => portId),
  );
  return seen.map((each): TraceStart => {
    const port = places.get(each.portId);
    const where = port === undefined ? '' : `${port.owner.name} ${port.name} · ${port.place}`;
    return {
      kind: byAddress === null ? 'mac' : 'address',
      id: 0,
      name: byAddress === null ? each.mac : wanted,
      detail: byAddress === null ? where : `${each.mac} · ${where}`,
      ports: [each.portId],
      cableId: null,
    };
  });
}
