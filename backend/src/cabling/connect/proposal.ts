import type { CableProposal, NewCable } from '@rackhaus/config/contract';
import type { Database } from '../../database/tables.ts';
import { AppError } from '../../problem.ts';
import { portCards } from '../cards.ts';
import { checkCables } from './check.ts';
import { type FitEnd, type LinkKind, usualKind } from './compatible.ts';
import { type PortFacts, portFacts } from './facts.ts';
import { nearestFree } from './nearest.ts';
import { cordFor, leastLength, type Medium } from './rules.ts';

/** How many cables near by are looked at for what is usual. */
const alike = 200;
const candidates = 20;

interface Asked {
  readonly from: number;
  readonly side: 'front' | 'rear';
  readonly to: number | undefined;
  readonly toSide: 'front' | 'rear';
}

/** What a cable would be: as others like it in the same room are. @throws AppError not-found */
export async function proposeCable(db: Database, asked: Asked): Promise<CableProposal> {
  const facts = await portFacts(db, asked.to === undefined ? [asked.from] : [asked.from, asked.to], {
    shapes: true,
  });
  const from = known(facts, asked.from);
  const near =
    asked.to === undefined ? await nearestFree(db, { port: from, side: asked.side }, candidates) : [];
  const toId = asked.to ?? near[0];
  const to = toId === undefined ? undefined : (await portFacts(db, [toId], { shapes: true })).get(toId);
  if (asked.to !== undefined && to === undefined) known(facts, asked.to);
  const here: FitEnd = { port: from.fit, side: asked.side };
  const there: FitEnd = { port: to?.fit ?? from.fit, side: asked.toSide };
  const kind = usualKind(here, there);
  const usual = await usualHere(db, kind, from, to ?? from);
  const cable: NewCable = {
    kind,
    medium: usual.medium ?? mediumFor(kind, here, there),
    color: usual.color,
    lengthM: usual.lengthM,
    a: { portId: asked.from, side: asked.side },
    b: { portId: toId ?? asked.from, side: asked.toSide },
  };
  const [checked] = await checkCables(db, [cable], { warn: to !== undefined });
  const { a: _, b: __, label: ___, ...rest } = cable;
  const cards = await portCards(db, near);
  return {
    cable: { ...rest, label: checked?.label ?? '' },
    remarks: asked.to === undefined ? [] : [...(checked?.remarks ?? [])],
    candidates: near.flatMap((id) => cards.get(id) ?? []),
  };
}

function known(facts: ReadonlyMap<number, PortFacts>, id: number): PortFacts {
  const port = facts.get(id);
  if (port === undefined)
    throw new AppError('not-found', `There is no port ${id}.`, undefined, { reason: 'gone' });
  return port;
}

/** What most of the newest cables of a kind are that begin at a device of the same role and room, or at least in the room. */
async function usualHere(
  db: Database,
  kind: LinkKind,
  from: PortFacts,
  to: PortFacts,
): Promise<{ medium: Medium | null; color: string | null; lengthM: number | null }> {
  const rows = await db
    .selectFrom('links')
    .innerJoin('link_ends as here', 'here.link_id', 'links.id')
    .innerJoin('ports as near', 'near.id', 'here.port_id')
    .innerJoin('link_ends as there', (join) =>
      join.onRef('there.link_id', '=', 'links.id').onRef('there.id', '<>', 'here.id'),
    )
    .innerJoin('ports as far', 'far.id', 'there.port_id')
    .leftJoin('devices as owner', 'owner.id', 'near.device_id')
    .leftJoin('devices as other', 'other.id', 'far.device_id')
    .select([
      'links.id',
      'links.medium',
      'links.color',
      'links.length_m',
      'near.device_id',
      'far.device_id as far_id',
    ])
    .where('links.kind', '=', kind)
    .where('links.status', '=', 'installed')
    .where('near.kind', '=', from.fit.kind)
    .where('far.kind', '=', to.fit.kind)
    .where((e) =>
      e.or([
        e('near.device_id', '=', from.deviceId ?? 0),
        e('owner.rack_id', '=', from.spot.rackId ?? 0),
        e('far.device_id', '=', to.deviceId ?? 0),
      ]),
    )
    .orderBy('links.id', 'desc')
    .limit(alike)
    .execute();
  // Between these two devices first; then what begins or ends at one of them; then what is in the rack.
  const between = rows.filter((row) => row.device_id === from.deviceId && row.far_id === to.deviceId);
  const atOne = rows.filter((row) => row.device_id === from.deviceId || row.far_id === to.deviceId);
  const groups = [between, atOne, rows];
  const first = <T>(pick: (row: (typeof rows)[number]) => T | null): T | null => {
    for (const group of groups) {
      const most = mostCommon(group.flatMap((row) => pick(row) ?? []));
      if (most !== null) return most;
    }
    return null;
  };
  const least = leastLength(from.spot, to.spot);
  const proposed =
    kind === 'permanent' || kind === 'provider' ? null : least === null ? null : cordFor(least);
  const seen = mostCommon(between.flatMap((row) => row.length_m ?? []));
  return {
    medium: first((row) => row.medium),
    color: first((row) => row.color),
    lengthM: seen !== null && (least === null || seen >= least) ? seen : proposed,
  };
}

function mostCommon<T>(values: readonly T[]): T | null {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  let best: T | null = null;
  let most = 0;
  for (const [value, count] of counts) {
    if (count <= most) continue;
    best = value;
    most = count;
  }
  return best;
}

/** What follows from the connectors, where nothing like it is there yet. */
function mediumFor(kind: LinkKind, a: FitEnd, b: FitEnd): Medium | null {
  if (kind !== 'power') return null;
  const [outlet, inlet] =
    a.port.kind === 'inlet' ? [b.port.shape, a.port.shape] : [a.port.shape, b.port.shape];
  const cords: Readonly<Record<string, Medium>> = {
    'iec-c13 iec-c14': 'c13-c14',
    'iec-c19 iec-c20': 'c19-c20',
    'schuko iec-c14': 'schuko-c13',
    'schuko iec-c20': 'schuko-c19',
    'schuko schuko': 'schuko',
  };
  return cords[`${outlet} ${inlet}`] ?? null;
}
