import type { Condition } from '@rackhaus/config/contract';
import { expect, it } from 'vitest';
import { type Held, Holding } from './held.ts';

const hour = 3_600_000;
const condition = (given: Partial<Condition>): Condition => ({
  id: '1/device-unreachable/',
  rule: 'device-unreachable',
  deviceId: 1,
  deviceName: 'core-1',
  place: '',
  roomId: 7,
  entity: '',
  severity: 'critical',
  title: { de: 'a', en: 'a' },
  advice: { de: 'a', en: 'a' },
  since: 0,
  ...given,
});
function holding(holds: Held) {
  const clock = { now: hour };
  const windows = new Holding({ now: () => clock.now });
  windows.set([{ id: 5, name: 'Wartung', from: hour, until: 2 * hour, recurrence: null, holds }]);
  return { clock, windows, held: (given: Partial<Condition>) => windows.heldBy(condition(given)) !== null };
}

it('holds what its window is on, and nothing else', () => {
  expect(holding({ all: true }).held({ deviceId: 0, roomId: null })).toBe(true);
  const room = holding({ rooms: new Set([7]) });
  expect([room.held({}), room.held({ roomId: 8 }), room.held({ roomId: null })]).toEqual([
    true,
    false,
    false,
  ]);
  const device = holding({ devices: new Set([1]) });
  expect([device.held({ entity: 'fan 1' }), device.held({ deviceId: 2 })]).toEqual([true, false]);
  const port = holding({ deviceId: 1, isPort: (entity) => entity === '1/1/1' });
  expect([port.held({ entity: '1/1/1' }), port.held({ entity: '1/1/2' }), port.held({})]).toEqual([
    true,
    false,
    false,
  ]);
});

it('holds only while the window is on, also when the clock is set back', () => {
  const { clock, windows, held } = holding({ all: true });
  expect(windows.heldBy(condition({}))).toEqual({ id: 5, name: 'Wartung' });
  expect(windows.nextChange()).toBe(2 * hour);
  clock.now = 2 * hour;
  expect(held({})).toBe(false);
  expect(windows.nextChange()).toBeNull();
  clock.now = 0;
  expect(held({})).toBe(false);
  expect(windows.nextChange()).toBe(hour);
  clock.now = hour + 1;
  expect(held({})).toBe(true);
  expect([...windows.on()]).toEqual([5]);
});
