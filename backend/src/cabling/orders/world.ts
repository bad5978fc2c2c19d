import type { PlannedChange, RecordValues } from '@rackhaus/config/contract';

export type LinkSide = 'a' | 'b';
export type PortSide = 'front' | 'rear';

/** One end of a cable, as documented. */
export interface End {
  readonly linkId: number;
  readonly side: LinkSide;
  readonly connector: number;
  readonly portId: number;
  readonly portSide: PortSide;
}
export interface WorldLink {
  readonly id: number;
  readonly kind: RecordValues<'link'>['kind'];
  readonly status: RecordValues<'link'>['status'];
  readonly label: string;
  readonly ends: readonly End[];
}
export interface WorldPort {
  readonly id: number;
  /** `<device or outlet>:<port>` */
  readonly name: string;
  readonly deviceId: number | null;
}
/** Where a device stands. */
export interface Place {
  readonly roomId: number | null;
  readonly rackId: number | null;
  readonly position: number | null;
  readonly face: 'front' | 'rear';
  readonly side: 'full' | 'left' | 'right';
}
export interface WorldDevice extends Place {
  readonly id: number;
  readonly name: string;
  readonly typeId: number;
}
export interface WorldType {
  readonly id: number;
  readonly form: 'full' | 'half' | 'vertical' | 'none';
  readonly uHeight: number;
  readonly fullDepth: boolean;
}
export interface WorldRack {
  readonly id: number;
  readonly name: string;
  readonly roomId: number;
  readonly heightU: number;
}

/** As much of today's documentation as the items of an order touch. */
export interface World {
  readonly links: ReadonlyMap<number, WorldLink>;
  readonly ports: ReadonlyMap<number, WorldPort>;
  readonly devices: ReadonlyMap<number, WorldDevice>;
  readonly types: ReadonlyMap<number, WorldType>;
  readonly racks: ReadonlyMap<number, WorldRack>;
  /** Rooms that exist. */
  readonly rooms: ReadonlySet<number>;
  /** What is plugged in where, by {@link portSideKey}. */
  readonly plugged: ReadonlyMap<string, End>;
  /** Links by their label. */
  readonly labels: ReadonlyMap<string, number>;
  /** Which device has a slot, by {@link rackSlotKey}. */
  readonly slots: ReadonlyMap<string, number>;
}

/** One item as it is kept. */
export interface ItemRow {
  readonly id: number;
  readonly change: PlannedChange;
  /** The cable that a planned one has become. */
  readonly linkId: number | null;
}

export const portSideKey = (portId: number, side: PortSide): string => `${portId}/${side}`;
export const rackSlotKey = (rackId: number, slot: string): string => `${rackId}/${slot}`;

/** The documented ends that an item takes out of their ports. */
export function endsTakenOut(world: World, change: PlannedChange): readonly End[] {
  if (change.action === 'remove-link') return world.links.get(change.linkId)?.ends ?? [];
  if (change.action !== 'move-link') return [];
  return (world.links.get(change.linkId)?.ends ?? []).filter((end) => {
    const wanted = change[end.side];
    if (wanted === undefined) return false;
    if (wanted === null) return true;
    return end.connector === wanted.connector && !isAt(end, wanted);
  });
}

/** The ends that an item puts in; of those that are there already: none. */
export function endsPutIn(world: World, change: PlannedChange): readonly Omit<End, 'linkId'>[] {
  if (change.action !== 'add-link' && change.action !== 'move-link') return [];
  const present = change.action === 'move-link' ? (world.links.get(change.linkId)?.ends ?? []) : [];
  return (['a', 'b'] as const).flatMap((side) => {
    const wanted = change[side];
    if (wanted === undefined || wanted === null) return [];
    const there = present.some(
      (end) => end.side === side && end.connector === wanted.connector && isAt(end, wanted),
    );
    return there ? [] : [{ side, ...wanted }];
  });
}

function isAt(
  end: Pick<End, 'portId' | 'portSide'>,
  place: { readonly portId: number; readonly portSide: PortSide },
): boolean {
  return end.portId === place.portId && end.portSide === place.portSide;
}
