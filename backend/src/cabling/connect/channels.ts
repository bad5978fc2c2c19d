import type { Database } from '../../database/tables.ts';
import { inOrder, KnownCables, type WiredLink } from '../cable-graph.ts';
import { cableCards } from '../cards.ts';
import { loadGraphAround } from '../load-graph.ts';
import { traceCable } from '../trace.ts';
import type { LinkKind } from './compatible.ts';
import type { Medium, Run } from './rules.ts';

/** A cable that is to be between two ports. */
export interface Joining extends Run {
  readonly kind: LinkKind;
  readonly medium: Medium | null;
  readonly a: { readonly portId: number; readonly side: 'front' | 'rear' };
  readonly b: { readonly portId: number; readonly side: 'front' | 'rear' };
}
export interface Channel {
  /** All cables from device to device, with the new one. */
  readonly runs: readonly Run[];
  /** Leads back to where it was. */
  readonly loop: boolean;
}

/** The channels that cables will be part of, when all of them are there: in their order. */
export async function channelsOf(db: Database, joining: readonly Joining[]): Promise<Channel[]> {
  const today = await loadGraphAround(
    db,
    joining.flatMap(({ a, b }) => [a.portId, b.portId]),
  );
  const graph = new KnownCables(today.ports(), [...today.links(), ...joining.map(asLink)]);
  const paths = joining.map((_, index) => traceCable(graph, idOf(index)));
  const known = await cableCards(
    db,
    paths.flatMap(({ edges }) =>
      edges.flatMap(({ cableId }) => (cableId !== null && cableId > 0 ? [cableId] : [])),
    ),
  );
  return paths.map(({ nodes, edges }, index) => {
    const ids = new Set(edges.flatMap(({ cableId }) => (cableId === null ? [] : [cableId])));
    ids.add(idOf(index));
    const runs = [...ids].flatMap((id) => (id < 0 ? (joining[-id - 1] ?? []) : (known.get(id) ?? [])));
    return { runs, loop: nodes.some((node) => node.end === 'loop') };
  });
}

/** Cables that are not there yet have negative numbers. */
const idOf = (index: number) => -index - 1;

function asLink({ a, b, kind, lengthM }: Joining, index: number): WiredLink {
  return {
    id: idOf(index),
    ends: inOrder([
      { side: 'a', connector: 1, portId: a.portId, portSide: a.side },
      { side: 'b', connector: 1, portId: b.portId, portSide: b.side },
    ]),
    laneMap: null,
    provider: kind === 'provider',
    planned: true,
    length: lengthM,
    toCheck: false,
  };
}
