import type { CableCard, CablePath, PortCard, RoomView, TraceReply } from '@rackhaus/config/contract';
import {
  type DeviceBox,
  deviceBoxes,
  type RackFrame,
  rackFrame,
  type TypesById,
  type ViewSide,
} from '../rack/geometry.ts';

/** A rack of which one side is drawn, and where in the drawing; millimetres throughout. */
export interface Elevation {
  readonly key: string;
  readonly rackId: number;
  readonly name: string;
  readonly room: string;
  readonly side: ViewSide;
  readonly x: number;
  readonly frame: RackFrame;
  readonly boxes: readonly DeviceBox[];
  /** Devices that the path passes. */
  readonly lit: ReadonlySet<number>;
}
/** A port, or what stands in no rack, as a spot in the drawing. */
export interface Anchor {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}
/** What stands outside of racks. */
export interface Outside extends Anchor {
  readonly key: string;
  readonly card: PortCard;
}
export interface LitCable {
  readonly key: string;
  readonly cable: CableCard;
  readonly d: string;
}
export interface LitRacks {
  readonly width: number;
  readonly height: number;
  readonly elevations: readonly Elevation[];
  readonly outside: readonly Outside[];
  readonly ports: readonly (Anchor & { readonly id: number })[];
  readonly cables: readonly LitCable[];
}

const gapMm = 320;
export const headMm = 130;
const outsideWidthMm = 620;
const outsideHeightMm = 150;

/** Racks side by side to scale, what stands in none of them beside them, and the cables of a path between. */
export function litRacks(reply: TraceReply, path: CablePath, rooms: readonly RoomView[]): LitRacks {
  const onPath = new Set(path.nodes.map(({ portId }) => portId));
  const cards = reply.ports.filter(({ id }) => onPath.has(id));
  const anchors = new Map<number, Anchor>();
  const elevations: Elevation[] = [];
  let x = 0;
  for (const room of rooms)
    for (const rack of room.racks) {
      const own = cards.filter((card) => card.spot.rack?.id === rack.id);
      if (own.length === 0) continue;
      const types: TypesById = new Map(room.types.map((type) => [type.id, type]));
      for (const side of ['front', 'rear'] as const) {
        const frame = rackFrame(rack, types, side);
        const boxes = deviceBoxes(rack, types, side);
        const found = own
          .filter(({ id }) => !anchors.has(id))
          .flatMap((card) => {
            const box = boxes.find(({ device }) => device.id === card.owner.id);
            const port = box?.face.elements.find((each) => each.kind === 'port' && each.name === card.name);
            return box === undefined || port === undefined ? [] : [{ card, box, port }];
          });
        // Behind, only what is not seen from the front; what is seen nowhere stands for its device.
        if (side === 'rear' && found.length === 0) continue;
        if (side === 'front' && found.length === 0 && own.every((card) => seenBehind(card, boxes))) continue;
        for (const { card, box, port } of found)
          anchors.set(card.id, {
            x: x + box.faceX + port.x,
            y: headMm + box.y + port.y,
            w: port.w,
            h: port.h,
          });
        elevations.push({
          key: `${rack.id}/${side}`,
          rackId: rack.id,
          name: rack.name,
          room: room.name,
          side,
          x,
          frame,
          boxes,
          lit: new Set(own.map(({ owner }) => owner.id)),
        });
        x += frame.width + gapMm;
      }
    }
  for (const card of cards) {
    if (anchors.has(card.id)) continue;
    const at = elevations.find(({ rackId }) => rackId === card.spot.rack?.id);
    const box = at?.boxes.find(({ device }) => device.id === card.owner.id);
    // The rear of a panel has no face of its own: the front port that the path passes there stands for it.
    const twin = cards.find(
      ({ id, owner }) => anchors.has(id) && owner.kind === card.owner.kind && owner.id === card.owner.id,
    );
    const anchor = twin === undefined ? undefined : anchors.get(twin.id);
    if (anchor !== undefined) anchors.set(card.id, anchor);
    else if (at !== undefined && box !== undefined)
      anchors.set(card.id, {
        x: at.x + box.x + box.w / 2 - 10,
        y: headMm + box.y + box.h / 2 - 6,
        w: 20,
        h: 12,
      });
  }
  const height = headMm + Math.max(600, ...elevations.map(({ frame }) => frame.height));
  const away = cards.filter(({ id }) => !anchors.has(id));
  const outside = away.map(
    (card, index): Outside => ({
      key: `${card.id}`,
      card,
      x,
      y: headMm + index * (outsideHeightMm + 60),
      w: outsideWidthMm,
      h: outsideHeightMm,
    }),
  );
  for (const spot of outside) anchors.set(spot.card.id, spot);
  const width = outside.length > 0 ? x + outsideWidthMm : Math.max(1, x - gapMm);
  return {
    width,
    height,
    elevations,
    outside,
    ports: [...anchors]
      .map(([id, anchor]) => ({ id, ...anchor }))
      .filter(({ id }) => !away.some((card) => card.id === id)),
    cables: litCables(reply, path, anchors),
  };
}

function seenBehind(card: PortCard, boxes: readonly DeviceBox[]): boolean {
  return !boxes.some(({ device }) => device.id === card.owner.id);
}

function litCables(reply: TraceReply, path: CablePath, anchors: ReadonlyMap<number, Anchor>): LitCable[] {
  const cables = new Map(reply.cables.map((cable) => [cable.id, cable]));
  const portOf = new Map(path.nodes.map(({ id, portId }) => [id, portId ?? 0]));
  return path.edges.flatMap((edge, index): LitCable[] => {
    const cable = cables.get(edge.cableId ?? 0);
    const from = anchors.get(portOf.get(edge.from) ?? 0);
    const to = anchors.get(portOf.get(edge.to) ?? 0);
    if (cable === undefined || from === undefined || to === undefined) return [];
    return [{ key: `${index}`, cable, d: curve(from, to) }];
  });
}

/** Hanging a little, as cords do, and past the devices between two ports one above the other. */
function curve(from: Anchor, to: Anchor): string {
  const [ax, ay] = middle(from);
  const [bx, by] = middle(to);
  const across = Math.abs(bx - ax);
  if (across < 500) {
    const out = Math.max(ax, bx) + 120 + Math.abs(by - ay) * 0.15;
    return `M${ax} ${ay}C${out} ${ay} ${out} ${by} ${bx} ${by}`;
  }
  const sag = Math.min(160, across * 0.12);
  return `M${ax} ${ay}C${ax + (bx - ax) * 0.35} ${ay + sag} ${ax + (bx - ax) * 0.65} ${by + sag} ${bx} ${by}`;
}
function middle({ x, y, w, h }: Anchor): [number, number] {
  // A box outside of racks is reached at its near edge.
  return w > 200 ? [x, Math.round(y + h / 2)] : [Math.round(x + w / 2), Math.round(y + h / 2)];
}
