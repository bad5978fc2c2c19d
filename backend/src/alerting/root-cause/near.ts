import type { Drafts } from './drafts.ts';
import { eachNeighbour } from './picture.ts';
import type { Sight } from './sight.ts';
import { cablesOf, type Way } from './ways.ts';

/** A connection of a dead device to something that is reached. */
export interface NearEnd {
  readonly neighbour: number;
  readonly connection: number;
}

export function nearEnds(drafts: Drafts, sight: Sight, node: number): NearEnd[] {
  const { picture } = drafts.known;
  const near: NearEnd[] = [];
  eachNeighbour(picture.network, node, (neighbour, connection) => {
    if (sight.reached[neighbour] === 1) near.push({ neighbour, connection });
  });
  return near;
}

/** Cables that every way from what is reached passes, the nearest first. */
export function commonWay(drafts: Drafts, near: readonly NearEnd[]): Way {
  const [first, ...others] = near;
  if (first === undefined) return { ids: [], labels: [] };
  const { ids } = cablesOf(drafts, first.connection, first.neighbour);
  const { picture, facts } = drafts.known;
  const common = ids.filter((id) =>
    others.every(({ connection }) => picture.connections[connection]?.cables.includes(id)),
  );
  return { ids: common, labels: common.flatMap((id) => facts.cables.get(id) || []) };
}
