import type { CableCard, PlannedChange, PlannedEnd } from '@rackhaus/config/contract';
import { inOrder, KnownCables, type LinkSide, type WiredEnd, type WiredLink } from './cable-graph.ts';

/** A planned change of cables, and the cable that has already become of it. */
export interface PlannedItem {
  /** Of the order's item; a planned cable is known by its negative. */
  readonly id: number;
  readonly change: PlannedChange;
  /** The cable that was made when the first of its steps was done; null before. */
  readonly linkId: number | null;
}

/** Ports at which planned cables end: what has to be loaded besides what is there today. */
export function plannedPorts(items: readonly PlannedItem[]): number[] {
  return items.flatMap(({ change }) => {
    if (change.action === 'add-link') return [change.a.portId, change.b.portId];
    if (change.action === 'move-link')
      return [change.a, change.b].flatMap((end) => (end ? [end.portId] : []));
    return [];
  });
}

/** The cabling as it will be when the items have been carried out. Planned cables and moved ends are marked as planned. */
export function withPlan(today: KnownCables, items: readonly PlannedItem[]): KnownCables {
  const links = new Map([...today.links()].map((link) => [link.id, link]));
  for (const item of items) apply(links, item);
  return new KnownCables(today.ports(), links.values());
}

function apply(links: Map<number, WiredLink>, { id, change, linkId }: PlannedItem): void {
  switch (change.action) {
    case 'add-link': {
      const ends = inOrder([plannedEnd('a', change.a), plannedEnd('b', change.b)]);
      const made = linkId === null ? undefined : links.get(linkId);
      if (made !== undefined) {
        links.set(made.id, { ...made, ends, planned: made.ends.length < ends.length });
        return;
      }
      links.set(-id, {
        id: -id,
        ends,
        laneMap: null,
        provider: change.kind === 'provider',
        planned: true,
        length: change.lengthM,
        toCheck: false,
      });
      return;
    }
    case 'move-link': {
      const link = links.get(change.linkId);
      if (link === undefined) return;
      const ends = (['a', 'b'] as const).flatMap((side): readonly WiredEnd[] => {
        const to = change[side];
        if (to === undefined) return link.ends.filter((end) => end.side === side);
        return to === null ? [] : [plannedEnd(side, to)];
      });
      links.set(link.id, { ...link, ends: inOrder(ends), planned: true });
      return;
    }
    case 'remove-link':
      links.delete(change.linkId);
      return;
    case 'move-device':
    case 'remove-device':
    case 'swap-device':
      return;
  }
}

function plannedEnd(side: LinkSide, end: PlannedEnd): WiredEnd {
  return { side, connector: end.connector, portId: end.portId, portSide: end.portSide };
}

/** How a cable that is only planned is named, by the negative of its item. */
export function plannedCard({ id, change }: PlannedItem): CableCard | null {
  if (change.action !== 'add-link') return null;
  return {
    id: -id,
    kind: change.kind,
    status: 'installed',
    label: change.label ?? '',
    labelA: null,
    labelB: null,
    medium: change.medium,
    color: change.color,
    lengthM: change.lengthM,
    toCheck: false,
    provider: null,
    circuit: null,
    planned: true,
  };
}
