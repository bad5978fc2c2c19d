import type { PortCard } from '@rackhaus/config/contract';
import { beyond } from '../../access/scope/beyond.ts';
import type { WiredLink } from '../cable-graph.ts';
import { type Path, tracePort } from '../trace.ts';
import type { Names } from './names.ts';
import { firstEnd, isOf, otherEnds } from './patch.ts';
import { cabledPorts } from './place.ts';
import type { Sheet, SheetRequest, SheetRow } from './sheet.ts';
import { type LinkRow, loadWorld, type SheetWorld } from './world.ts';

/**
 * What is laid to the panels of a distributor and what is patched there, used or in reserve: what has to be known to patch
 * safely, and nothing of what it is used for. Devices are told by where they are, and outlets by number and floor.
 */
export async function distributorSheet({ db, place, reach, names }: SheetRequest): Promise<Sheet> {
  const cabled = await cabledPorts(db, place, reach);
  const world = await loadWorld(db, cabled, reach);
  const here = new Set(
    [...world.graph.ports()]
      .map((port) => port.id)
      .filter((id) => isInPlace(world, id, new Set(cabled)) && world.port(id)?.owner.kind === 'device'),
  );
  const found: { turn: number; row: SheetRow }[] = [];
  const told = new Set<number>();
  for (const id of here) {
    const row = lineRow(world, names, id, told);
    if (row !== null) found.push({ turn: world.turn(id), row });
  }
  for (const cable of world.graph.links()) {
    const link = world.links.get(cable.id);
    if (link === undefined || told.has(cable.id) || !isOf('cords', link)) continue;
    const first = firstEnd(world, cable, here);
    if (first !== undefined)
      found.push({ turn: world.turn(first.portId), row: cordRow(world, names, cable, link, first.portId) });
  }
  found.sort((a, b) => a.turn - b.turn);
  const grouped = place?.kind !== 'rack';
  return {
    columns: [
      ...(grouped ? (['place'] as const) : []),
      'unit',
      'port',
      'lineTo',
      'line',
      'medium',
      'length',
      'patchedTo',
      'label',
      'state',
    ],
    rows: found.map(({ row }) => row),
    groupBy: grouped ? 'place' : null,
  };
}

/** Front ports of a fibre panel hold no installed cable themselves: their panel does, behind. */
function isInPlace(world: SheetWorld, id: number, cabled: ReadonlySet<number>): boolean {
  if (cabled.has(id)) return true;
  return world.graph.port(id)?.wires.some((wire) => cabled.has(wire.rearId)) ?? false;
}

/** Where a cord is plugged in by hand. */
function isPosition(world: SheetWorld, portId: number): boolean {
  const port = world.graph.port(portId);
  return port !== undefined && (port.endpoint || port.twoSided || world.port(portId)?.kind === 'front');
}

/** A panel's port behind which something is laid; null for every other port. */
function lineRow(world: SheetWorld, names: Names, portId: number, told: Set<number>): SheetRow | null {
  const port = world.graph.port(portId);
  const card = world.port(portId);
  if (port === undefined || port.endpoint || !isPosition(world, portId)) return null;
  const cords = world.graph.plugged(portId, 'front').map(({ link }) => link);
  const path = tracePort(world.graph, portId);
  const line = lineBehind(world, path, portId, new Set(cords.map((cord) => cord.id)));
  if (line === null) return null;
  for (const cord of cords) told.add(cord.id);
  const links = line.cables.flatMap((id) => (world.isOwn(id) ? (world.links.get(id) ?? []) : []));
  const leadsBeyond = line.cables.some((id) => !world.isOwn(id));
  const own = cords.flatMap((cord) => world.links.get(cord.id) ?? []);
  const patchedTo = cords.flatMap((cord) => otherEnds(world, cord, portId));
  const isReserved = [...links, ...own].some((link) => link.status === 'reserved');
  const { words } = names;
  const lengths = links.map((link) => link.length_m);
  return {
    key: `port-${portId}`,
    about: { kind: 'port', id: portId },
    cells: {
      ...where(names, card),
      port: names.neutral(card, card),
      lineTo: [...new Set(line.to.map((to) => names.neutral(world.port(to), card)))].join(', ') || words.open,
      line: [...links.map((link) => names.label(link)), leadsBeyond ? beyond : '']
        .filter((label) => label !== '')
        .join(', '),
      medium: [...new Set(links.map((link) => names.medium(link)))].join(', '),
      length: leadsBeyond || lengths.some((length) => length === null) ? null : sum(lengths),
      patchedTo:
        cords.length === 0 ? '' : patchedTo.map((to) => names.neutral(to, card)).join(', ') || words.open,
      label: own.map((link) => names.label(link)).join(', '),
      state: cords.length > 0 ? words.used : isReserved ? words.reserved : words.reserve,
    },
  };
}

function sum(lengths: readonly (number | null)[]): number {
  return Math.round(lengths.reduce<number>((total, length) => total + (length ?? 0), 0) * 100) / 100;
}

/** From a panel's port over what is laid behind it to where one can plug something in again. */
function lineBehind(
  world: SheetWorld,
  path: Path,
  portId: number,
  cords: ReadonlySet<number>,
): { cables: number[]; to: number[] } | null {
  const start = path.nodes.filter((node) => node.portId === portId);
  const ids = new Set(start.map((node) => node.id));
  const away = path.edges.filter(
    (edge) => (ids.has(edge.from) || ids.has(edge.to)) && !cords.has(edge.cableId ?? 0),
  );
  const forwards = away.some((edge) => ids.has(edge.from));
  let front = [...ids];
  const cables = new Set<number>();
  const to = new Set<number>();
  const seen = new Set(front);
  while (front.length > 0) {
    const next: number[] = [];
    for (const edge of path.edges) {
      const [near, far] = forwards ? [edge.from, edge.to] : [edge.to, edge.from];
      if (!front.includes(near) || seen.has(far) || cords.has(edge.cableId ?? 0)) continue;
      if (edge.cableId !== null) cables.add(edge.cableId);
      seen.add(far);
      const reached = path.nodes.find((node) => node.id === far)?.portId ?? null;
      if (reached !== null && edge.cableId === null && !isPosition(world, reached)) next.push(far);
      else if (reached !== null && isPosition(world, reached)) {
        if (cables.size > 0) to.add(reached);
      } else if (reached !== null) next.push(far);
    }
    front = next;
  }
  if (cables.size === 0) return null;
  const laid = [...cables].filter((id) => {
    const link = world.links.get(id);
    return link !== undefined && isOf('permanent', link);
  });
  return laid.length === 0 ? null : { cables: [...cables], to: [...to] };
}

/** A cord between ports behind which nothing is laid. */
function cordRow(world: SheetWorld, names: Names, cable: WiredLink, link: LinkRow, portId: number): SheetRow {
  const card = world.port(portId);
  const others = otherEnds(world, cable, portId);
  return {
    key: `link-${cable.id}`,
    about: { kind: 'link', id: cable.id },
    cells: {
      ...where(names, card),
      port: names.neutral(card, card),
      lineTo: '',
      line: '',
      medium: names.medium(link),
      length: link.length_m,
      patchedTo: others.map((to) => names.neutral(to, card)).join(', ') || names.words.open,
      label: names.label(link),
      state: link.status === 'reserved' ? names.words.reserved : names.words.used,
    },
  };
}

function where(names: Names, card: PortCard | undefined) {
  return { place: names.spot(card), unit: card?.spot.position ?? null };
}
