import type { InventoryFile } from '@rackhaus/config/inventory-file';
import type { Change } from '../../history/change.ts';
import { parseEnd, sideOf } from './ends.ts';
import { type Existing, type ExistingLink, endKey } from './existing.ts';
import { portKey } from './read-ports.ts';
import { type Counts, sync, writing } from './sync.ts';

/** Writes the links of a file. A link between the same two ends is the same link. */
export async function writeLinks(
  change: Change,
  file: InventoryFile,
  existing: Existing,
  ports: {
    readonly ids: ReadonlyMap<string, number>;
    readonly isTwoSided: (owner: string, port: string) => boolean;
  },
  counts: Counts,
): Promise<void> {
  const ends = new Map<
    string,
    { readonly port_id: number; readonly port_side: 'front' | 'rear'; readonly at: string }[]
  >();
  const wanted = file.links.map((link) => {
    const both = [link.from, link.to].map((text) => {
      const { owner, port } = parseEnd(text);
      const side = sideOf(link.kind, { twoSided: ports.isTwoSided(owner, port) });
      return {
        port_id: ports.ids.get(portKey(owner, port)) ?? 0,
        port_side: side,
        at: endKey(owner, port, side),
      };
    });
    const key = both.map((end) => end.at).join('\n');
    ends.set(key, both);
    return {
      key,
      values: {
        kind: link.kind,
        label: link.label,
        color: link.color ?? null,
        length_m: link.lengthM ?? null,
      },
    };
  });
  const known = new Set<string>();
  const find = (key: string): ExistingLink | undefined => {
    const link = existing.links.get(key.split('\n')[0] ?? '');
    if (link !== undefined) known.add(key);
    return link;
  };
  const ids = await sync({
    wanted,
    existing: find,
    same: (row, values) =>
      row.kind === values.kind &&
      row.label === values.label &&
      row.color === values.color &&
      row.lengthM === values.length_m,
    ...writing(change, 'link'),
    counts,
  });
  const rows = [...ends]
    .filter(([key]) => !known.has(key))
    .flatMap(([key, both]) =>
      both.map(({ port_id, port_side }, index) => ({
        link_id: ids.get(key) ?? 0,
        side: index === 0 ? ('a' as const) : ('b' as const),
        port_id,
        port_side,
      })),
    );
  await change.insert('link-end', rows);
}
