import type { Database } from '../../database/tables.ts';
import type { PathNode } from '../trace.ts';
import { firstEnd, isOf } from './patch.ts';
import { cabledPorts } from './place.ts';
import { endOf } from './removal.ts';
import type { Sheet, SheetRequest, SheetRow } from './sheet.ts';
import { endsOf, Paths } from './ways.ts';
import { loadWorld, type SheetWorld } from './world.ts';

/**
 * Cables of the place that lead to a device that is in use on one side only, or on none; a provider's line leads to the provider.
 * Where the device sees a link, something is at the other end that nobody documented: such a cable is used.
 */
export async function unusedSheet({ db, place, reach, names, choice }: SheetRequest): Promise<Sheet> {
  const here = new Set(await cabledPorts(db, place, reach));
  const world = await loadWorld(db, [...here], reach);
  const paths = new Paths(world.graph);
  const linked = await linkedPorts(db);
  const found: { turn: number; row: SheetRow }[] = [];
  for (const cable of world.graph.links()) {
    const link = world.links.get(cable.id);
    const first = firstEnd(world, cable, here);
    if (link === undefined || first === undefined || !isOf(choice.cables ?? 'all', link)) continue;
    const { left, right } = endsOf(paths.of(cable.id), cable.id);
    const active = [left, right].map((ends) => ends.find((node) => leadsToDevice(world, node)));
    const [one] = active.filter((node) => node !== undefined);
    if (active.every((node) => node !== undefined) || linked.has(one?.portId ?? 0)) continue;
    const [a, b] = [endOf(world, cable, 'a'), endOf(world, cable, 'b')];
    found.push({
      turn: world.turn(first.portId),
      row: {
        key: `link-${cable.id}`,
        about: { kind: 'link', id: cable.id },
        cells: {
          place: names.spot(world.port(first.portId)),
          label: names.label(link),
          kind: [names.kind(link), names.medium(link)].filter((word) => word !== '').join(', '),
          endA: names.ends(a),
          endB: names.ends(b),
          finding:
            one === undefined
              ? names.words.noDevice
              : names.words.oneDevice(names.port(world.port(one.portId))),
          marking: isMarked(link) ? names.words.bothMarked : names.words.notMarked,
          status: names.status(link),
        },
      },
    });
  }
  found.sort((a, b) => a.turn - b.turn);
  const grouped = place?.kind !== 'rack';
  return {
    columns: [
      ...(grouped ? (['place'] as const) : []),
      'label',
      'kind',
      'endA',
      'endB',
      'finding',
      'marking',
      'status',
    ],
    rows: found.map(({ row }) => row),
    groupBy: grouped ? 'place' : null,
  };
}

/** A cable carries its label at both ends, unless the ends have their own. */
function isMarked(link: { label: string; label_a: string | null; label_b: string | null }): boolean {
  return link.label !== '' || (link.label_a !== null && link.label_b !== null);
}

/** A device that is no longer used does not count. */
function leadsToDevice(world: SheetWorld, node: PathNode): boolean {
  if (node.end !== 'endpoint') return false;
  const owner = world.port(node.portId)?.owner;
  return owner === undefined || owner.kind === 'outlet' || world.statusOf(owner.id) !== 'removed';
}

/** Ports of devices that were seen to have a link when they were last read. */
async function linkedPorts(db: Database): Promise<Set<number>> {
  const rows = await db.selectFrom('seen_port_states').select('port_id').where('up', '=', 1).execute();
  return new Set(rows.map((row) => row.port_id));
}
