import type { RoomView } from '@rackhaus/config/contract';
import { describe, expect, it } from 'vitest';
import { deviceOf, rackOf, typeOf } from './testing.ts';
import { type Where, withMoves } from './where.ts';

const type = typeOf();
const device = deviceOf(type, { id: 7, rackId: 1, position: 3 });
const room = (devices: RoomView['racks'][number]['devices']): RoomView => ({
  id: 1,
  name: 'Serverraum',
  building: { id: 1, name: 'Altbau' },
  floor: { id: 1, name: 'Keller' },
  site: { id: 1, name: 'Rathaus' },
  racks: [rackOf(devices)],
  unracked: [],
  types: [type],
});
const toShelf: ReadonlyMap<number, Where> = new Map([
  [7, { roomId: null, rackId: null, position: null, face: 'front', side: 'full' }],
]);
const namesOnShelf = (shelf: ReturnType<typeof withMoves>['shelf']) => shelf.map((each) => each.device.id);

describe('a room with moves under way', () => {
  it('shows what goes to the shelf there at once, once, and all the time until both have been fetched', () => {
    const lying = { ...device, rackId: null, position: null };
    const shelved = [{ device: lying, status: 'active' as const, roomId: null }];
    const stages = [
      withMoves(room([device]), [], toShelf, [], [device]),
      // The room has been fetched and the shelf has not, or the other way round.
      withMoves(room([]), [], toShelf, [], [device]),
      withMoves(room([device]), shelved, toShelf, [], [device]),
      withMoves(room([]), shelved, toShelf, [], [device]),
    ];
    for (const { room, shelf } of stages) {
      expect(namesOnShelf(shelf)).toEqual([7]);
      expect(room.racks[0]?.devices).toEqual([]);
    }
  });
});
