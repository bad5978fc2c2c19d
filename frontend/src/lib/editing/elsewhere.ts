import type { RoomEditing, RoomView } from '@rackhaus/config/contract';
import type { Move } from './editor.svelte.ts';
import { type Fit, fitOf, freePlaces, type Ground, type Place, type Wanted } from './fit.ts';
import { sideFor } from './hold.ts';
import type { Movable } from './where.ts';

/** The rules of another room, for devices that would come there. */
export function groundOfRoom(room: RoomView, editing: RoomEditing, items: readonly Movable[]): Ground {
  const types = [...room.types, ...items.map(({ type }) => type)];
  return {
    racks: room.racks,
    types: new Map(types.map((type) => [type.id, type])),
    limits: editing.racks,
    loads: new Map(editing.loads.map((load) => [load.id, load])),
  };
}

/**
 * Where devices go in a rack of another room: the first at the place that was chosen (or the highest free one), each other one at the
 * highest place that is still free. null when not all of them fit.
 */
export function placesThere(
  items: readonly Movable[],
  rackId: number,
  chosen: Place | null,
  ground: Ground,
): { readonly places: readonly Place[]; readonly fits: readonly Fit[] } | null {
  const rack = ground.racks.find(({ id }) => id === rackId);
  if (!rack) return null;
  const wanted: Wanted[] = [];
  for (const [index, item] of items.entries()) {
    const candidates =
      index === 0 && chosen !== null ? [chosen] : freePlaces(item, rack, item.where.face, ground);
    const place = candidates.find(
      (each) => fitOf([...wanted, { ...item, place: each }], ground).at(-1)?.misfit === null,
    );
    if (!place) return null;
    wanted.push({ ...item, place });
  }
  return { places: wanted.map(({ place }) => place), fits: fitOf(wanted, ground) };
}

/** The moves to those places, or (null) into the room without a rack. */
export function movesThere(
  items: readonly Movable[],
  roomId: number,
  places: readonly Place[] | null,
): Move[] {
  return items.map((item, index) => {
    const place = places?.[index];
    const loose = { rackId: null, position: null, face: item.where.face, side: sideFor(item.type) };
    return { item, to: { roomId, ...(place ?? loose) } };
  });
}
