import type { Database } from '../../database/tables.ts';
import { chunked } from '../../history/rows.ts';
import { firstEnd, isOf } from './patch.ts';
import { cabledPorts } from './place.ts';
import { endOf } from './removal.ts';
import type { Sheet, SheetRequest, SheetRow } from './sheet.ts';
import { loadWorld } from './world.ts';

/** Cables that nobody has looked at for `years`, or ever, and when the network or somebody confirmed them last. */
export async function inspectionSheet({
  db,
  place,
  reach,
  names,
  choice,
  now,
}: SheetRequest): Promise<Sheet> {
  const here = new Set(await cabledPorts(db, place, reach));
  const world = await loadWorld(db, [...here], reach);
  const proofs = await proofsOf(db, [...world.links.keys()]);
  const today = new Date(now).toISOString().slice(0, 10);
  const found: { turn: number; row: SheetRow }[] = [];
  for (const cable of world.graph.links()) {
    const link = world.links.get(cable.id);
    const first = firstEnd(world, cable, here);
    if (link === undefined || first === undefined || !isOf(choice.cables ?? 'permanent', link)) continue;
    // A cable that was accepted has been looked at then.
    const last = [link.inspected_on, link.accepted_on, link.installed_on].find((day) => day !== null) ?? null;
    const due = last === null ? null : yearsLater(last, choice.years);
    if (due !== null && due > today) continue;
    const proof = proofs.get(cable.id);
    found.push({
      turn: world.turn(first.portId),
      row: {
        key: `link-${cable.id}`,
        about: { kind: 'link', id: cable.id },
        cells: {
          place: names.spot(world.port(first.portId)),
          label: names.label(link),
          kind: [names.kind(link), names.medium(link)].filter((word) => word !== '').join(', '),
          endA: names.ends(endOf(world, cable, 'a')),
          endB: names.ends(endOf(world, cable, 'b')),
          inspectedOn: link.inspected_on === null ? null : { day: link.inspected_on },
          inspectedBy: link.inspected_by ?? '',
          dueSince: due === null ? null : { day: due },
          seenOn: proof?.at === undefined ? null : { day: new Date(proof.at).toISOString().slice(0, 10) },
          seenBy:
            proof === undefined
              ? ''
              : proof.source === 'hand'
                ? (proof.by ?? names.words.sources.hand)
                : names.words.sources[proof.source],
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
      'inspectedOn',
      'inspectedBy',
      'dueSince',
      'seenOn',
      'seenBy',
    ],
    rows: found.map(({ row }) => row),
    groupBy: grouped ? 'place' : null,
  };
}

/** The 29th of February becomes the 1st of March. */
function yearsLater(day: string, years: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCFullYear(date.getUTCFullYear() + years);
  return date.toISOString().slice(0, 10);
}

async function proofsOf(db: Database, links: readonly number[]) {
  const proofs = new Map<
    number,
    { at: number; source: 'lldp' | 'cdp' | 'fdb' | 'link' | 'hand'; by: string | null }
  >();
  for (const part of chunked([...links]))
    for (const row of await db
      .selectFrom('cable_proofs')
      .select(['link_id', 'confirmed_at', 'source', 'by'])
      .where('link_id', 'in', part)
      .execute())
      if (row.confirmed_at !== null && row.source !== null)
        proofs.set(row.link_id, { at: row.confirmed_at, source: row.source, by: row.by });
  return proofs;
}
