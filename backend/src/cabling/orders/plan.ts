import type { OrderRemark, PlannedChange } from '@rackhaus/config/contract';
import { type DeviceMove, deviceMoves, slotsAfter } from './device-moves.ts';
import {
  endsPutIn,
  endsTakenOut,
  type ItemRow,
  type LinkSide,
  type Place,
  portSideKey,
  type World,
} from './world.ts';

/** What another order that is not over touches: see {@link touches}. */
export interface OtherOrder {
  readonly id: number;
  readonly number: string;
  readonly title: string;
  readonly touches: ReadonlySet<string>;
}

/** Where the ends of a cable are before and after; null: hangs open, or is not there. */
export interface PlannedItem {
  readonly id: number;
  readonly before: Readonly<Record<LinkSide, number | null>>;
  readonly after: Readonly<Record<LinkSide, number | null>>;
  readonly device: { readonly id: number; readonly from: Place; readonly to: Place | null } | null;
}
export interface Plan {
  readonly items: readonly PlannedItem[];
  readonly remarks: readonly OrderRemark[];
}

/** Says for each item what there is before and after, and what is wrong with it, by today's documentation. */
export function plan(world: World, items: readonly ItemRow[], others: readonly OtherOrder[]): Plan {
  const remarks: OrderRemark[] = [];
  const note: Note = (itemId, code, values, level = 'refuse', orderId = null) =>
    remarks.push({ level, code, itemId, orderId, values });
  if (items.length === 0) note(null, 'empty', {});
  const sound = items.filter((item) => !isGone(world, item, note));
  noteTwice(world, sound, note);
  noteAlreadySo(world, sound, note);
  noteOccupied(world, sound, note);
  noteLabels(world, sound, note);
  notePlaces(world, sound, note);
  for (const item of sound) {
    const own = touches(world, [item]);
    for (const other of others) {
      const shared = [...own].find((key) => other.touches.has(key));
      if (shared !== undefined)
        note(
          item.id,
          'other-order',
          { number: other.number, title: other.title, what: shared.split(':')[0] ?? '' },
          'warn',
          other.id,
        );
    }
  }
  return { items: items.map((item) => beforeAndAfter(world, item)), remarks };
}

type Note = (
  itemId: number | null,
  code: OrderRemark['code'],
  values: OrderRemark['values'],
  level?: OrderRemark['level'],
  orderId?: number | null,
) => void;

function beforeAndAfter(world: World, { id, change }: ItemRow): PlannedItem {
  const nowhere = { a: null, b: null };
  if (change.action === 'add-link')
    return { id, before: nowhere, after: { a: change.a.portId, b: change.b.portId }, device: null };
  if (change.action === 'move-link' || change.action === 'remove-link') {
    const ends = world.links.get(change.linkId)?.ends ?? [];
    const at = (side: LinkSide) => ends.find((end) => end.side === side)?.portId ?? null;
    const before = { a: at('a'), b: at('b') };
    if (change.action === 'remove-link') return { id, before, after: nowhere, device: null };
    const to = (side: LinkSide) => {
      const wanted = change[side];
      return wanted === undefined ? before[side] : (wanted?.portId ?? null);
    };
    return { id, before, after: { a: to('a'), b: to('b') }, device: null };
  }
  const device = world.devices.get(change.deviceId);
  if (device === undefined) return { id, before: nowhere, after: nowhere, device: null };
  const { roomId, rackId, position, face, side } = device;
  const from: Place = { roomId, rackId, position, face, side };
  const to = change.action === 'move-device' ? change.to : change.action === 'swap-device' ? from : null;
  return { id, before: nowhere, after: nowhere, device: { id: device.id, from, to } };
}

/** Notes what an item names and is not there. @returns whether the item can be looked at further */
function isGone(world: World, { id, change, linkId }: ItemRow, note: Note): boolean {
  const gone = (kind: string, missing: number) => {
    note(id, 'gone', { kind, id: missing });
    return true;
  };
  if (change.action === 'remove-link' || change.action === 'move-link') {
    if (!world.links.has(change.linkId)) return gone('link', change.linkId);
  } else if (change.action !== 'add-link') {
    if (!world.devices.has(change.deviceId)) return gone('device', change.deviceId);
    if (change.action === 'swap-device' && !world.types.has(change.typeId))
      return gone('device-type', change.typeId);
    if (change.action === 'move-device') {
      const { rackId, roomId } = change.to;
      if (rackId !== null && !world.racks.has(rackId)) return gone('rack', rackId);
      if (rackId === null && roomId !== null && !world.rooms.has(roomId)) return gone('room', roomId);
    }
  }
  if (change.action !== 'add-link' && change.action !== 'move-link') return false;
  // What an order takes back comes back as the cable that it was.
  if (change.action === 'add-link' && linkId !== null && world.links.has(linkId)) return false;
  for (const { portId } of [change.a, change.b].filter((end) => end !== undefined && end !== null)) {
    if (!world.ports.has(portId)) return gone('port', portId);
  }
  return false;
}

function noteTwice(world: World, items: readonly ItemRow[], note: Note): void {
  const seen = new Set<string>();
  for (const { id, change } of items) {
    if (change.action === 'add-link') {
      if (change.a.portId === change.b.portId && change.a.portSide === change.b.portSide)
        note(id, 'twice', { kind: 'port', name: world.ports.get(change.a.portId)?.name ?? '' });
      continue;
    }
    const ofLink = 'linkId' in change;
    // A device may be swapped and moved; any other second item about the same thing contradicts the first.
    const keys = ofLink
      ? [`link:${change.linkId}`]
      : change.action === 'remove-device'
        ? [`move:${change.deviceId}`, `swap:${change.deviceId}`]
        : [`${change.action === 'move-device' ? 'move' : 'swap'}:${change.deviceId}`];
    if (keys.some((key) => seen.has(key))) {
      const name = ofLink ? world.links.get(change.linkId)?.label : world.devices.get(change.deviceId)?.name;
      note(id, 'twice', { kind: ofLink ? 'link' : 'device', name: name ?? '' });
    }
    for (const key of keys) seen.add(key);
  }
}

function noteAlreadySo(world: World, items: readonly ItemRow[], note: Note): void {
  for (const { id, change } of items) {
    if (change.action === 'move-link') {
      if (endsTakenOut(world, change).length === 0 && endsPutIn(world, change).length === 0)
        note(id, 'already-so', { kind: 'link', name: world.links.get(change.linkId)?.label ?? '' }, 'warn');
    } else if (change.action === 'move-device' || change.action === 'swap-device') {
      const device = world.devices.get(change.deviceId);
      if (device === undefined) continue;
      const same =
        change.action === 'swap-device'
          ? device.typeId === change.typeId
          : device.rackId === change.to.rackId &&
            (change.to.rackId !== null || device.roomId === change.to.roomId) &&
            device.position === change.to.position &&
            device.face === change.to.face &&
            device.side === change.to.side;
      if (same) note(id, 'already-so', { kind: 'device', name: device.name }, 'warn');
    }
  }
}

/** A port side holds one cable: what the order takes out makes room, whichever item does it. */
function noteOccupied(world: World, items: readonly ItemRow[], note: Note): void {
  const freed = new Set(
    items.flatMap(({ change }) =>
      endsTakenOut(world, change).map((end) => portSideKey(end.portId, end.portSide)),
    ),
  );
  const taken = new Map<string, string>();
  for (const { id, change, linkId } of items)
    for (const end of endsPutIn(world, change)) {
      const key = portSideKey(end.portId, end.portSide);
      const holder = freed.has(key) ? undefined : world.plugged.get(key);
      const own = holder !== undefined && holder.linkId === linkId;
      const name = world.ports.get(end.portId)?.name ?? '';
      const other = taken.get(key);
      if (holder !== undefined && !own)
        note(id, 'occupied', {
          port: name,
          portId: end.portId,
          cable: world.links.get(holder.linkId)?.label ?? '',
          linkId: holder.linkId,
        });
      else if (other !== undefined) note(id, 'occupied', { port: name, portId: end.portId, cable: other });
      taken.set(key, labelOf(world, change));
    }
}

function labelOf(world: World, change: PlannedChange): string {
  if (change.action === 'add-link') return change.label ?? '';
  return 'linkId' in change ? (world.links.get(change.linkId)?.label ?? '') : '';
}

/** A label is there once; a cord may have that of one which the same order takes away. */
function noteLabels(world: World, items: readonly ItemRow[], note: Note): void {
  const removed = new Set(
    items.flatMap(({ change }) => (change.action === 'remove-link' && !change.keep ? [change.linkId] : [])),
  );
  const given = new Set<string>();
  for (const { id, change, linkId } of items) {
    if (change.action !== 'add-link' || change.label === null || change.label === '') continue;
    const holder = world.labels.get(change.label);
    const held = holder !== undefined && holder !== linkId && !removed.has(holder);
    if (held || given.has(change.label)) note(id, 'label-taken', { label: change.label });
    given.add(change.label);
  }
}

function notePlaces(world: World, items: readonly ItemRow[], note: Note): void {
  const moves = deviceMoves(world, items);
  for (const move of moves) {
    const rack = world.racks.get(move.to?.rackId ?? 0);
    const type = world.types.get(move.typeId);
    if (rack === undefined || type === undefined || move.to === null) continue;
    const { position } = move.to;
    const takesUnits = (type.form === 'full' || type.form === 'half') && type.uHeight > 0;
    if (takesUnits ? position === null || position + type.uHeight - 1 > rack.heightU : position !== null)
      note(move.itemId, 'place-taken', { ...said(world, move), by: rack.name });
  }
  const leaving = new Set(moves.map((move) => move.deviceId));
  const taken = new Map<string, number>();
  for (const move of moves) {
    const keys = slotsAfter(world, move);
    const holder = keys
      .map((key) => {
        const today = world.slots.get(key);
        return today !== undefined && !leaving.has(today) ? today : taken.get(key);
      })
      .find((id) => id !== undefined && id !== move.deviceId);
    if (holder !== undefined)
      note(move.itemId, 'place-taken', { ...said(world, move), by: world.devices.get(holder)?.name ?? '' });
    for (const key of keys) taken.set(key, move.deviceId);
  }
  // Two devices that change their places: neither can go first.
  for (const move of circling(world, moves))
    note(move.itemId, 'place-taken', {
      ...said(world, move),
      by: world.devices.get(holderOf(world, moves, move)[0] ?? 0)?.name ?? '',
    });
}

function said(world: World, move: DeviceMove) {
  return {
    device: world.devices.get(move.deviceId)?.name ?? '',
    deviceId: move.deviceId,
    rack: world.racks.get(move.to?.rackId ?? 0)?.name ?? '',
    ...(move.to?.position == null ? {} : { position: move.to.position }),
  };
}

/** Devices of the order that have to go before `move` finds its place free. */
function holderOf(world: World, moves: readonly DeviceMove[], move: DeviceMove): number[] {
  const ids = new Set(moves.map((each) => each.deviceId));
  return [
    ...new Set(
      slotsAfter(world, move).flatMap((key) => {
        const holder = world.slots.get(key);
        return holder !== undefined && holder !== move.deviceId && ids.has(holder) ? [holder] : [];
      }),
    ),
  ];
}

function circling(world: World, moves: readonly DeviceMove[]): DeviceMove[] {
  let waiting = [...moves];
  for (;;) {
    const ids = new Set(waiting.map((move) => move.deviceId));
    const next = waiting.filter((move) => holderOf(world, moves, move).some((id) => ids.has(id)));
    if (next.length === waiting.length) return next;
    waiting = next;
  }
}

/** What an order touches, as words that two orders share when they are in each other's way. */
export function touches(world: World, items: readonly ItemRow[]): Set<string> {
  const keys = new Set<string>();
  for (const { change } of items) {
    for (const end of endsTakenOut(world, change)) keys.add(`port:${portSideKey(end.portId, end.portSide)}`);
    for (const end of endsPutIn(world, change)) keys.add(`port:${portSideKey(end.portId, end.portSide)}`);
    if (change.action === 'move-link' || change.action === 'remove-link') keys.add(`link:${change.linkId}`);
    else if (change.action !== 'add-link') keys.add(`device:${change.deviceId}`);
  }
  for (const move of deviceMoves(world, items))
    for (const key of slotsAfter(world, move)) keys.add(`place:${key}`);
  return keys;
}
