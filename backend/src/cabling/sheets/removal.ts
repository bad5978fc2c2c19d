import type { PortCard } from '@rackhaus/config/contract';
import { sql } from 'kysely';
import type { Database } from '../../database/tables.ts';
import { chunked } from '../../history/rows.ts';
import type { WiredLink } from '../cable-graph.ts';
import { type Path, tracePort } from '../trace.ts';
import type { Names } from './names.ts';
import { isOf } from './patch.ts';
import { devicesWithin } from './place.ts';
import type { Sheet, SheetRequest, SheetRow } from './sheet.ts';
import { endsOf, Paths } from './ways.ts';
import { loadWorld, type SheetWorld } from './world.ts';

/**
 * Every cord on the paths of what goes, with both of its ends; what is laid on the way stays and becomes free. Without a choice it
 * is about the devices of the place that are marked as going.
 */
export async function removalSheet(request: SheetRequest): Promise<Sheet> {
  const { db, reach, choice, names } = request;
  const chosen = choice.devices !== undefined || choice.links !== undefined;
  const devices = new Set(chosen ? choice.devices : await goingDevices(request));
  const links = choice.links ?? [];
  const starts = await startsOf(db, [...devices], links);
  const world = await loadWorld(db, [...starts.keys()], reach);
  const paths = new Paths(world.graph);
  const found = new Map<number, { turn: number; row: SheetRow }>();
  const add = (path: Path, cause: string, turn: number) => {
    for (const { cableId } of path.edges) {
      const cable = cableId === null ? undefined : world.graph.link(cableId);
      if (cable === undefined || found.has(cable.id) || !world.isOwn(cable.id)) continue;
      const row = cordRow(world, names, cable, path, { cause, devices, links });
      if (row !== null) found.set(cable.id, { turn, row });
    }
  };
  for (const id of links) {
    const first = world.graph.link(id)?.ends[0];
    const label = world.links.get(id)?.label ?? '';
    if (first !== undefined) add(paths.of(id), label, world.turn(first.portId));
  }
  const ports = [...starts]
    .filter(([, device]) => device !== null)
    .toSorted(([a], [b]) => world.turn(a) - world.turn(b));
  for (const [id] of ports) {
    // A jack is left by both of its sides, so one path is enough.
    add(tracePort(world.graph, id), world.port(id)?.owner.name ?? '', world.turn(id));
  }
  return {
    columns: ['cause', 'label', 'endA', 'endB', 'kind', 'color', 'length', 'remark'],
    rows: [...found.values()].toSorted((a, b) => a.turn - b.turn).map(({ row }) => row),
    groupBy: 'cause',
  };
}

async function goingDevices({ db, place, reach }: SheetRequest): Promise<number[]> {
  const inside = await devicesWithin(db, place, reach);
  const rows = await db.selectFrom('devices').select('id').where('status', '=', 'to-be-removed').execute();
  return rows.map((row) => row.id).filter((id) => inside === null || inside.has(id));
}

/** Ports to begin at, with the device that goes; null where it is a cable. */
async function startsOf(
  db: Database,
  devices: readonly number[],
  links: readonly number[],
): Promise<Map<number, number | null>> {
  const starts = new Map<number, number | null>();
  for (const part of chunked([...links]))
    for (const row of await db
      .selectFrom('link_ends')
      .select('port_id')
      .where('link_id', 'in', part)
      .execute())
      starts.set(row.port_id, null);
  for (const part of chunked([...devices])) {
    const { rows } = await sql<{ port_id: number; device_id: number }>`
      select distinct link_ends.port_id, ports.device_id from link_ends
      join ports on ports.id = link_ends.port_id
      where ports.device_id in (${sql.join(part)})`.execute(db);
    for (const row of rows) starts.set(row.port_id, row.device_id);
  }
  return starts;
}

function cordRow(
  world: SheetWorld,
  names: Names,
  cable: WiredLink,
  path: Path,
  going: {
    readonly cause: string;
    readonly devices: ReadonlySet<number>;
    readonly links: readonly number[];
  },
): SheetRow | null {
  const link = world.links.get(cable.id);
  if (link === undefined) return null;
  const [a, b] = [endOf(world, cable, 'a'), endOf(world, cable, 'b')];
  const stays = isOf('permanent', link) && !going.links.includes(cable.id);
  const others = otherDevices(world, names, path, cable.id, going.devices);
  return {
    key: `link-${cable.id}`,
    about: { kind: 'link', id: cable.id },
    cells: {
      cause: going.cause,
      label: names.label(link),
      endA: names.ends(a),
      endB: names.ends(b),
      kind: [names.kind(link), names.medium(link)].filter((word) => word !== '').join(', '),
      color: names.color(link),
      length: link.length_m,
      remark: stays
        ? names.words.becomesFree
        : others.length > 1
          ? names.words.branches(others.join(', '))
          : '',
    },
  };
}

/** Devices that stay and are reached over this cable; more than one where it branches. */
function otherDevices(
  world: SheetWorld,
  names: Names,
  path: Path,
  linkId: number,
  going: ReadonlySet<number>,
): string[] {
  const { left, right } = endsOf(path, linkId);
  const cards = [...left, ...right].flatMap((node) => world.port(node.portId) ?? []);
  const staying = cards.filter(({ owner }) => owner.kind === 'device' && !going.has(owner.id));
  return [...new Map(staying.map((card) => [card.owner.id, names.port(card)])).values()];
}

export function endOf(world: SheetWorld, cable: WiredLink, side: 'a' | 'b'): PortCard[] {
  return cable.ends.filter((end) => end.side === side).flatMap((end) => world.port(end.portId) ?? []);
}
