import type { CableRemark } from '@rackhaus/config/contract';
import { linkKinds, PortKind } from '@rackhaus/config/contract';
import { z } from 'zod';
import type { Change } from '../../history/change.ts';
import type { Row, StoredRow } from '../../history/spec.ts';
import { AppError } from '../../problem.ts';
import { endRefused, type FitEnd, type WhyNot, whyNot } from './compatible.ts';

type Pair = { readonly before: StoredRow | null; readonly next: Row };
const LinkKind = z.enum(linkKinds);
const Side = z.enum(['front', 'rear']);

/**
 * The rule of ends however they are written: by hand, in bulk, or from a file. Ends that are written together are judged together, and
 * with those that their cable has already.
 * @throws AppError invalid, reason `kinds-differ` or `no-rear-side`
 */
export async function checkEnds(change: Change, rows: readonly Pair[]): Promise<readonly Row[]> {
  const written = rows.map(({ next }) => next);
  const linkIds = unique(written, 'link_id');
  const links = new Map((await change.rows.byIds('links', linkIds)).map((row) => [row.id, row]));
  const being = new Set(rows.flatMap(({ before }) => (before === null ? [] : [before.id])));
  // A cable that was made a moment ago in this change has no ends but these.
  const older = linkIds.filter((id) => links.get(id)?.version !== change.id || being.size > 0);
  const others = (await change.rows.byIds('link_ends', older, 'link_id')).filter((end) => !being.has(end.id));
  await refuseEnds(change, links, [...written, ...others]);
  return written;
}

/** The same for cables whose kind changes. */
export async function checkKinds(change: Change, rows: readonly Pair[]): Promise<void> {
  const changed = rows.flatMap(({ before, next }) =>
    before !== null && before.kind !== next.kind ? [{ ...next, id: before.id }] : [],
  );
  if (changed.length === 0) return;
  const links = new Map(changed.map((row) => [row.id, row]));
  await refuseEnds(change, links, await change.rows.byIds('link_ends', [...links.keys()], 'link_id'));
}

async function refuseEnds(
  change: Change,
  links: ReadonlyMap<number, Row>,
  ends: readonly Row[],
): Promise<void> {
  const ports = await portsOf(change, unique(ends, 'port_id'));
  for (const [linkId, own] of Map.groupBy(ends, (end) => Number(end.link_id))) {
    const kind = LinkKind.parse(links.get(linkId)?.kind ?? 'patch');
    const sides = { a: [] as FitEnd[], b: [] as FitEnd[] };
    for (const end of own) {
      const port = ports.get(Number(end.port_id));
      if (port === undefined)
        throw new AppError('invalid', `portId: there is no port ${String(end.port_id)}.`, [
          { path: 'portId', message: `there is no port ${String(end.port_id)}` },
        ]);
      const fit: FitEnd = { port, side: Side.parse(end.port_side) };
      sides[end.side === 'a' ? 'a' : 'b'].push(fit);
    }
    const remark = firstRefusal(kind, sides.a, sides.b);
    if (remark !== null) throw refusal(remark);
  }
}

function firstRefusal(
  kind: z.infer<typeof LinkKind>,
  a: readonly FitEnd[],
  b: readonly FitEnd[],
): CableRemark | null {
  for (const end of [...a, ...b]) {
    const alone = endRefused(kind, end);
    if (alone !== null && (a.length === 0 || b.length === 0)) return alone;
  }
  for (const one of a)
    for (const other of b) {
      const why = whyNot(kind, one, other);
      if (why !== null) return why;
    }
  return null;
}

async function portsOf(change: Change, ids: readonly number[]): Promise<Map<number, FitEnd['port']>> {
  const rows = await change.rows.byIds('ports', ids);
  return new Map(
    rows.map((row) => [
      row.id,
      {
        name: String(row.name),
        kind: PortKind.parse(row.kind),
        twoSided: row.two_sided === 1,
        shape: null,
      },
    ]),
  );
}

function unique(rows: readonly Row[], column: string): number[] {
  return [...new Set(rows.map((row) => Number(row[column])))];
}

const sentences: Readonly<Record<WhyNot, string>> = {
  'power-and-data': 'Power and data do not go together',
  'outlet-and-outlet': 'Both are power outlets; a power cord leads from an outlet to an inlet',
  'inlet-and-inlet': 'Both are power inlets; a power cord leads from an outlet to an inlet',
  'console-and-network': 'A console port goes with a console port, a panel or an outlet only',
  'cord-behind': 'A cord plugs in at the front of a jack; behind it only an installed cable ends',
  'link-in-front': 'An installed cable ends behind a jack, not in front of it',
  'kind-and-ports': 'A cable of this kind does not go into such ports',
};
const isWhy = (why: unknown): why is WhyNot => typeof why === 'string' && why in sentences;

function refusal({ code, values }: CableRemark): AppError {
  if (code === 'no-rear-side')
    return new AppError('invalid', `portSide: the port "${String(values.port)}" has no rear side.`, [
      { path: 'portSide', message: 'must be "front": this port has no rear side' },
    ]);
  const why = isWhy(values.why) ? sentences[values.why] : 'These ports do not go together';
  return new AppError(
    'invalid',
    `${why}: "${String(values.a)}", "${String(values.b)}".`,
    [{ path: 'portId', message: why }],
    { reason: String(values.why ?? code) },
  );
}
