import type { Drafts } from './drafts.ts';
import { eachNeighbour } from './picture.ts';

/** Cables of a connection, beginning at one of its ends. */
export interface Way {
  readonly ids: readonly number[];
  readonly labels: readonly string[];
}

/** Cables of the connection, the one at `node` first. */
export function cablesOf(drafts: Drafts, connection: number, node: number): Way {
  const { picture, facts } = drafts.known;
  const { from, cables } = picture.connections[connection] ?? { from: 0, cables: [] };
  const ids = from === drafts.id(node) ? cables : cables.toReversed();
  return { ids, labels: ids.flatMap((id) => facts.cables.get(id) ?? []).filter((label) => label !== '') };
}

/** Cables of the only connection between two devices; none where there are several. */
export function cablesFrom(drafts: Drafts, node: number, to: number): Way {
  const ways: number[] = [];
  eachNeighbour(drafts.known.picture.network, node, (other, connection) => {
    if (other === to) ways.push(connection);
  });
  const [only] = ways;
  return ways.length === 1 && only !== undefined ? cablesOf(drafts, only, node) : { ids: [], labels: [] };
}
