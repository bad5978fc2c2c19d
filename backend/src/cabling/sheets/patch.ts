import type { PortCard, sheetCables } from '@rackhaus/config/contract';
import type { WiredLink } from '../cable-graph.ts';
import type { Names } from './names.ts';
import { cabledPorts } from './place.ts';
import type { Sheet, SheetRequest, SheetRow } from './sheet.ts';
import { endsOf, Paths } from './ways.ts';
import { type LinkRow, loadWorld, type SheetWorld } from './world.ts';

type Cables = (typeof sheetCables)[number];

/** Whether a cable is one of those that are looked at. */
export function isOf(cables: Cables, link: LinkRow): boolean {
  switch (cables) {
    case 'all':
      return true;
    case 'permanent':
      return link.kind === 'permanent' || link.kind === 'provider';
    case 'cords':
      return link.kind === 'patch' || link.kind === 'console';
    case 'power':
      return link.kind === 'power';
  }
}

/** Cords that end in the place, from their end that one comes to first. */
export async function patchSheet({ db, place, reach, names, choice }: SheetRequest): Promise<Sheet> {
  const here = new Set(await cabledPorts(db, place, reach));
  const world = await loadWorld(db, [...here], reach);
  const paths = new Paths(world.graph);
  const found: { turn: number; row: SheetRow }[] = [];
  for (const cable of world.graph.links()) {
    const link = world.links.get(cable.id);
    if (link === undefined || !isOf(choice.cables ?? 'cords', link)) continue;
    const first = firstEnd(world, cable, here);
    if (first === undefined) continue;
    found.push({
      turn: world.turn(first.portId),
      row: patchRow(world, paths, names, cable, link, first.portId),
    });
  }
  found.sort((a, b) => a.turn - b.turn);
  const grouped = place?.kind !== 'rack';
  return {
    columns: [
      ...(grouped ? (['place'] as const) : []),
      'unit',
      'from',
      'to',
      'onTo',
      'label',
      ...(choice.cables === 'all' ? (['kind'] as const) : []),
      'medium',
      'color',
      'length',
    ],
    rows: found.map(({ row }) => row),
    groupBy: grouped ? 'place' : null,
  };
}

/** The end of a cable that one comes to first, of those that are here. */
export function firstEnd(world: SheetWorld, cable: WiredLink, here: ReadonlySet<number>) {
  return cable.ends
    .filter((end) => here.has(end.portId))
    .toSorted((a, b) => world.turn(a.portId) - world.turn(b.portId))[0];
}

/** Ports at the other side of a cable, or beside this one where its ends are all on one side. */
export function otherEnds(world: SheetWorld, cable: WiredLink, portId: number): PortCard[] {
  const own = cable.ends.find((end) => end.portId === portId);
  return cable.ends.filter((end) => end.side !== own?.side).flatMap((end) => world.port(end.portId) ?? []);
}

function patchRow(
  world: SheetWorld,
  paths: Paths,
  names: Names,
  cable: WiredLink,
  link: LinkRow,
  portId: number,
): SheetRow {
  const from = world.port(portId);
  const others = otherEnds(world, cable, portId);
  const path = paths.of(cable.id);
  const { left, right } = endsOf(path, cable.id);
  const near = new Set([portId, ...others.map((port) => port.id)]);
  const beyond = [...left, ...right].filter((node) => node.portId === null || !near.has(node.portId));
  const onTo = beyond.flatMap((node) => {
    if (node.end === 'loop') return [names.words.loop];
    const card = world.port(node.portId);
    return card === undefined ? [] : [names.portAwayFrom(card, from)];
  });
  const position = from?.spot.position ?? null;
  return {
    key: `link-${cable.id}`,
    about: { kind: 'link', id: cable.id },
    cells: {
      place: names.spot(from),
      unit: position,
      from: names.port(from),
      to:
        others.length === 0
          ? names.words.open
          : others.map((port) => names.portAwayFrom(port, from)).join(', '),
      onTo: [...new Set(onTo)].join(', '),
      label: names.label(link),
      kind: names.kind(link),
      medium: names.medium(link),
      color: names.color(link),
      length: link.length_m,
    },
  };
}
