import type { RecordValues } from '@rackhaus/config/contract';
import { endRefused, type FitEnd, whyNot } from '../../cabling/connect/compatible.ts';
import type { PortSide } from '../../cabling/exchange/ends.ts';
import type { Draft } from './draft.ts';
import type { KnownRow } from './known.ts';
import type { CablePort } from './plan-cables.ts';
import type { Row } from './row.ts';

export interface WantedEnd {
  readonly side: 'a' | 'b';
  readonly connector: number;
  readonly portId: number;
  readonly portSide: PortSide;
  /** Where the list says it. */
  readonly field: 'from' | 'to';
}
type End = KnownRow<'link_ends'>;

/** How a row wants its cable to be plugged in. */
export interface WantedRow {
  readonly row: Row;
  /** Number of the cable, negative while it is only drafted; null when the row is wrong. */
  readonly link: number | null;
  readonly kind: RecordValues<'link'>['kind'];
  readonly ends: readonly WantedEnd[];
  readonly unplugs: readonly End[];
  readonly stays: readonly End[];
}

/**
 * Drafts how cables are plugged in, and says to the rows what is in the way: a port that is taken, by a cable that stays or by another
 * row, or ports that do not go together. A port is free when the list moves away what is in it.
 */
export function placeEnds(
  draft: Draft,
  rows: readonly WantedRow[],
  known: {
    readonly ends: readonly End[];
    readonly links: ReadonlyMap<number, { readonly label: string }>;
    readonly ports: ReadonlyMap<number, CablePort>;
  },
): void {
  for (const wanted of rows) refuseMisfits(wanted, known.ports);
  // What a refused row would have moved away stays, which may be in the way of others.
  for (let refused = true; refused; ) {
    refused = false;
    const taken = new Map<string, { readonly words: string; readonly row: number | null }>();
    const leaving = new Set(
      rows.flatMap(({ row, unplugs }) => (row.problems.length > 0 ? [] : unplugs.map((end) => end.id))),
    );
    for (const end of known.ends)
      if (!leaving.has(end.id))
        taken.set(`${end.port_id}/${end.port_side}`, {
          words: known.links.get(end.link_id)?.label || `#${end.link_id}`,
          row: null,
        });
    for (const { row, ends } of rows) {
      if (row.problems.length > 0) continue;
      for (const end of ends) {
        const key = `${end.portId}/${end.portSide}`;
        const other = taken.get(key);
        if (other !== undefined) {
          if (other.row === null) row.refuse(end.field, 'port-taken', { other: other.words });
          else row.refuse(end.field, 'port-taken-by-row', { row: String(other.row) });
          refused = true;
        } else taken.set(key, { words: '', row: row.number });
      }
    }
  }
  for (const { row, link, ends, unplugs } of rows) {
    if (link === null || row.problems.length > 0) continue;
    for (const end of unplugs) draft.remove('link-end', end.id, row.number);
    for (const { side, connector, portId, portSide } of ends)
      draft.create('link-end', { linkId: link, side, connector, portId, portSide }, '', row.number);
  }
}

function refuseMisfits(wanted: WantedRow, ports: ReadonlyMap<number, CablePort>): void {
  const fitOf = (portId: number, side: PortSide): FitEnd[] => {
    const port = ports.get(portId);
    if (port === undefined) return [];
    return [
      { port: { name: port.full, kind: port.kind, twoSided: port.two_sided === 1, shape: null }, side },
    ];
  };
  const sides = (['a', 'b'] as const).map((side) => [
    ...wanted.ends.filter((end) => end.side === side).flatMap((end) => fitOf(end.portId, end.portSide)),
    ...wanted.stays.filter((end) => end.side === side).flatMap((end) => fitOf(end.port_id, end.port_side)),
  ]);
  const [a = [], b = []] = sides;
  const alone = a.length === 0 || b.length === 0;
  for (const end of [...a, ...b])
    if (alone && endRefused(wanted.kind, end) !== null)
      wanted.row.refuse(a.includes(end) ? 'from' : 'to', 'port-unfit', { port: end.port.name });
  for (const one of a)
    for (const other of b)
      if (whyNot(wanted.kind, one, other) !== null)
        wanted.row.refuse('to', 'ports-differ', { one: one.port.name, other: other.port.name });
}
