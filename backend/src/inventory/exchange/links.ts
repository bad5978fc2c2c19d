import type { Change } from '../../history/change.ts';
import { chunked } from '../../history/rows.ts';
import type { Row, StoredRow } from '../../history/spec.ts';

interface GivenLink {
  readonly id: number;
  readonly row: Row;
}
interface GivenEnd {
  /** Id of its link in the file. */
  readonly link: unknown;
  readonly row: Row;
}

const at = (row: Row) => `${String(row.port_id)}/${String(row.port_side)}`;

/**
 * Brings links in. A link between the same sides of ports is the same link, else one with the same label, which then has moved; of
 * cords without both, in a cupboard, one that is alike. What sits where the file has another is taken out, because a side of a
 * port holds one.
 */
export async function bringLinks(change: Change, links: readonly GivenLink[], ends: readonly GivenEnd[]) {
  const counts = { created: 0, updated: 0, same: 0, ids: new Map<number, number>() };
  const endsOf = Map.groupBy(ends, (end) => end.link);
  const there = await readThere(change, links, ends);
  const inTheWay = new Set<number>();
  const added: { link: GivenLink; own: readonly GivenEnd[] }[] = [];
  const known: { link: GivenLink; own: readonly GivenEnd[]; row: StoredRow }[] = [];
  const used = new Set<number>();
  for (const link of links) {
    const own = endsOf.get(link.id) ?? [];
    const sitting = new Set(own.map(({ row }) => there.bySide.get(at(row))).filter((id) => id !== undefined));
    const row = sameLink(there, link, own, sitting, used);
    for (const id of sitting) if (id !== row?.id) inTheWay.add(id);
    if (row === undefined) added.push({ link, own });
    else {
      used.add(row.id);
      known.push({ link, own, row });
    }
  }
  // One that is taken out here and comes back elsewhere is only moved.
  await change.remove(
    'link',
    [...inTheWay].filter((id) => !used.has(id)),
  );
  await letGo(change, there, known);
  const moved: Row[] = [];
  for (const { link, own, row } of known) {
    counts.ids.set(link.id, row.id);
    const before = there.ends.get(row.id) ?? [];
    const stays = sameEnds(before, own);
    if (!stays) {
      await change.remove(
        'link-end',
        before.map((end) => end.id),
      );
      moved.push(...own.map((end) => ({ ...end.row, link_id: row.id })));
    }
    const differing = differs(row, link.row);
    if (differing) await change.update('link', row.id, link.row);
    if (differing || !stays) counts.updated++;
    else counts.same++;
  }
  const made = await change.insert(
    'link',
    added.map(({ link }) => link.row),
  );
  await change.insert('link-end', [
    ...moved,
    ...added.flatMap(({ own }, index) => own.map(({ row }) => ({ ...row, link_id: made[index] ?? 0 }))),
  ]);
  for (const [index, { link }] of added.entries()) counts.ids.set(link.id, made[index] ?? 0);
  counts.created += made.length;
  return counts;
}

interface There {
  readonly links: ReadonlyMap<number, StoredRow>;
  readonly ends: ReadonlyMap<number, readonly StoredRow[]>;
  readonly bySide: ReadonlyMap<string, number>;
  readonly byLabel: ReadonlyMap<string, StoredRow>;
  /** Without ends and label. */
  readonly loose: readonly StoredRow[];
}

async function readThere(
  change: Change,
  links: readonly GivenLink[],
  ends: readonly GivenEnd[],
): Promise<There> {
  const portIds = [...new Set(ends.map(({ row }) => Number(row.port_id)))];
  const plugged = await change.rows.byIds('link_ends', portIds, 'port_id');
  const labels = [...new Set(links.map(({ row }) => String(row.label ?? '')))].filter((text) => text !== '');
  const labelled: number[] = [];
  for (const part of chunked(labels))
    for (const { id } of await change.tx
      .selectFrom('links')
      .select('id')
      .where('label', 'in', part)
      .execute())
      labelled.push(id);
  const loose = await change.tx
    .selectFrom('links')
    .select('id')
    .where('label', '=', '')
    .where((e) =>
      e.not(
        e.exists(
          e.selectFrom('link_ends').select('link_ends.id').whereRef('link_ends.link_id', '=', 'links.id'),
        ),
      ),
    )
    .execute();
  const looseIds = new Set(loose.map(({ id }) => id));
  const ids = [...new Set([...plugged.map((end) => Number(end.link_id)), ...labelled, ...looseIds])];
  const rows = await change.rows.byIds('links', ids);
  return {
    links: new Map(rows.map((row) => [row.id, row])),
    ends: Map.groupBy(await change.rows.byIds('link_ends', ids, 'link_id'), (end) => Number(end.link_id)),
    bySide: new Map(plugged.map((end) => [at(end), Number(end.link_id)])),
    byLabel: new Map(rows.flatMap((row) => (row.label === '' ? [] : [[String(row.label), row] as const]))),
    loose: rows.filter((row) => looseIds.has(row.id)),
  };
}

function sameLink(
  there: There,
  link: GivenLink,
  own: readonly GivenEnd[],
  sitting: ReadonlySet<number>,
  used: ReadonlySet<number>,
): StoredRow | undefined {
  const [only] = sitting;
  const between = only === undefined || sitting.size > 1 ? undefined : there.links.get(only);
  if (between !== undefined && !used.has(between.id) && sameEnds(there.ends.get(between.id) ?? [], own))
    return between;
  const label = String(link.row.label ?? '');
  const named = label === '' ? undefined : there.byLabel.get(label);
  if (named !== undefined && !used.has(named.id)) return named;
  if (own.length > 0 || label !== '') return undefined;
  return there.loose.find((row) => !used.has(row.id) && !differs(row, link.row));
}

/** Takes labels from those that are to have another one, so that who gets them finds them free. */
async function letGo(
  change: Change,
  there: There,
  known: readonly { readonly link: GivenLink; readonly own: readonly GivenEnd[]; readonly row: StoredRow }[],
): Promise<void> {
  const wanted = new Map(known.map(({ link, row }) => [String(link.row.label ?? ''), row.id]));
  for (const { link, row } of known) {
    const label = String(row.label ?? '');
    const taker = wanted.get(label);
    if (label !== '' && label !== String(link.row.label ?? '') && taker !== undefined && taker !== row.id)
      await change.update('link', row.id, { label: '' });
  }
  for (const [label, id] of wanted) {
    const holder = label === '' ? undefined : there.byLabel.get(label);
    if (holder !== undefined && holder.id !== id && !known.some(({ row }) => row.id === holder.id))
      await change.update('link', holder.id, { label: '' });
  }
}

function sameEnds(there: readonly StoredRow[], given: readonly GivenEnd[]): boolean {
  const sides = new Set(there.map(at));
  return there.length === given.length && given.every(({ row }) => sides.has(at(row)));
}

function differs(known: StoredRow, wanted: Row): boolean {
  return Object.entries(wanted).some(([column, value]) => (known[column] ?? '') !== (value ?? ''));
}
