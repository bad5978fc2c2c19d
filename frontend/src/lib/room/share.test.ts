import type { RoomView } from '@rackhaus/config/contract';
import { expect, it } from 'vitest';
import { deviceOf, rackOf, typeOf } from '../editing/testing.ts';
import { shareRoom } from './share.ts';

const type = typeOf();
const port = { id: 7, name: '1', kind: 'network' as const, occupied: false };
const room = (): RoomView => ({
  id: 1,
  name: 'Raum',
  floor: { id: 1, name: 'EG' },
  building: { id: 1, name: 'Haus' },
  site: { id: 1, name: 'Ort' },
  racks: [
    rackOf([deviceOf(type, { id: 10, ports: [{ ...port }] })], 42, 1),
    rackOf([deviceOf(type, { id: 11 })], 42, 2),
  ],
  unracked: [],
  types: [typeOf()],
});

it('keeps the objects of what is as before, and only those', () => {
  const before = room();
  const changed = room();
  const [first] = changed.racks;
  if (first?.devices[0]?.ports[0]) first.devices[0].ports[0].occupied = true;
  const shared = shareRoom(before, changed);
  expect(shared).toEqual(changed);
  expect(shared.racks[0]).not.toBe(before.racks[0]);
  expect(shared.racks[1]).toBe(before.racks[1]);
  expect(shared.types[0]).toBe(before.types[0]);
});

it('takes another room as it is', () => {
  const other = { ...room(), id: 2 };
  expect(shareRoom(room(), other)).toBe(other);
  expect(shareRoom(null, other)).toBe(other);
});
