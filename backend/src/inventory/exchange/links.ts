import type { Change } from '../../history/change.ts';
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
 * Brings links in. A link between the same two sides of ports is the same link; one that sits where the file has another is
 * taken out, because a side of a port holds one.
 */
export async function bringLinks(change: Change, links: readonly GivenLink[], ends: readonly GivenEnd[]) {
  const counts = { created: 0, updated: 0, same: 0, ids: new Map<number, number>() };
  const endsOf = Map.groupBy(ends, (end) => end.link);
  const portIds = [...new Set(ends.map(({ row }) => Number(row.port_id)))];
  const there = await change.rows.byIds('link_ends', portIds, 'port_id');
  const linkIds = [...new Set(there.map((end) => Number(end.link_id)))];
  const existing = new Map((await change.rows.byIds('links', linkIds)).map((row) => [row.id, row]));
  const allEnds = Map.groupBy(await change.rows.byIds('link_ends', linkIds, 'link_id'), (end) =>
    Number(end.link_id),
  );
  const bySide = new Map(there.map((end) => [at(end), Number(end.link_id)]));

  const added: { link: GivenLink; own: readonly GivenEnd[] }[] = [];
  const inTheWay = new Set<number>();
  for (const link of links) {
    const own = endsOf.get(link.id) ?? [];
    const sitting = new Set(own.map(({ row }) => bySide.get(at(row))).filter((id) => id !== undefined));
    const [only] = sitting;
    const known = only === undefined || sitting.size > 1 ? undefined : existing.get(only);
    if (known !== undefined && sameEnds(allEnds.get(known.id) ?? [], own)) {
      counts.ids.set(link.id, known.id);
      if (differs(known, link.row)) {
        await change.update('link', known.id, link.row);
        counts.updated++;
      } else counts.same++;
      continue;
    }
    for (const id of sitting) inTheWay.add(id);
    added.push({ link, own });
  }
  await change.remove('link', [...inTheWay]);
  const made = await change.insert(
    'link',
    added.map(({ link }) => link.row),
  );
  await change.insert(
    'link-end',
    added.flatMap(({ own }, index) => own.map(({ row }) => ({ ...row, link_id: made[index] ?? 0 }))),
  );
  for (const [index, { link }] of added.entries()) counts.ids.set(link.id, made[index] ?? 0);
  counts.created += made.length;
  return counts;
}

function sameEnds(there: readonly StoredRow[], given: readonly GivenEnd[]): boolean {
  const sides = new Set(there.map(at));
  return there.length === given.length && given.every(({ row }) => sides.has(at(row)));
}

function differs(known: StoredRow, wanted: Row): boolean {
  return Object.entries(wanted).some(([column, value]) => (known[column] ?? '') !== (value ?? ''));
}
