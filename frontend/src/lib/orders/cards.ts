import type { CableCard, OrderView, PortCard, PortSpot } from '@rackhaus/config/contract';

/** What an order's numbers stand for: ports and cables by id. */
export interface Cards {
  readonly ports: ReadonlyMap<number, PortCard>;
  readonly cables: ReadonlyMap<number, CableCard>;
}

/** The cards that came with a view. */
export function cardsOf(view: Pick<OrderView, 'ports' | 'cables'>): Cards {
  return {
    ports: new Map(view.ports.map((port) => [port.id, port])),
    cables: new Map(view.cables.map((cable) => [cable.id, cable])),
  };
}

/** A port as it is said in a row of text: "A:12", and of an outlet as it is labelled: "2.14-1". */
export function portText(port: Pick<PortCard, 'name' | 'owner'>): string {
  return `${port.owner.name}${port.owner.kind === 'outlet' ? '-' : ':'}${port.name}`;
}

/** Room and rack, as far as they are known, nearest last. */
export function placeText(spot: PortSpot): string {
  return [spot.room?.name, spot.rack?.name].filter((part) => part !== undefined).join(', ');
}

/** Where to walk to: steps with the same key are done without moving. */
export function placeKey(spot: PortSpot): string {
  return spot.rack ? `rack/${spot.rack.id}` : spot.room ? `room/${spot.room.id}` : 'nowhere';
}
