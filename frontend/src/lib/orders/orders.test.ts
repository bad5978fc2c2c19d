import type { PortSpot, RoomView } from '@rackhaus/config/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressOf, filterOf, queryOf } from './filters.ts';
import { newKey } from './new-key.ts';
import { beginningOf, planPath } from './plan/beginning.ts';
import { portChanges, racksConcerned, roomsAt } from './rack-change.ts';
import { overdueOf, stagesOf } from './stages.ts';
import { cableOf, itemOf, orderOf, portOf, spotAt, stepOf } from './testing.ts';
import { fromField, toField } from './times.ts';
import { labelsOf, progressOf, stopsOf } from './worklist.ts';

describe('the way of an order', () => {
  const words = (order: ReturnType<typeof orderOf>, approval = true) =>
    stagesOf(order, approval).map(({ state, at }) => `${state} ${at}`);

  it.each([
    ['draft', true, ['draft now', 'submitted ahead', 'approved ahead', 'working ahead', 'done ahead']],
    ['working', true, ['draft past', 'submitted past', 'approved past', 'working now', 'done ahead']],
    ['rejected', true, ['draft past', 'submitted past', 'rejected now']],
    ['approved', false, ['draft past', 'approved now', 'working ahead', 'done ahead']],
    ['submitted', false, ['draft past', 'submitted now', 'approved ahead', 'working ahead', 'done ahead']],
  ] as const)('%s, approval %s', (state, approval, expected) => {
    expect(words(orderOf({ state }), approval)).toEqual(expected);
  });

  it('of a dropped one ends where it was dropped', () => {
    const order = orderOf({ state: 'cancelled', submittedAt: 5, decidedAt: 6 });
    expect(words(order)).toEqual(['draft past', 'submitted past', 'approved past', 'cancelled now']);
  });
});

describe('an order is overdue', () => {
  it.each([
    ['draft', null, 90, null],
    ['approved', null, 28, null],
    ['approved', null, 29, { reason: 'waiting', days: 29 }],
    ['working', 1, 1, { reason: 'date', days: 1 }],
    ['approved', 1, 0, null],
    ['done', 1, 5, null],
  ] as const)('%s, until %s, %s days: %o', (state, scheduledUntil, overdueDays, expected) => {
    expect(overdueOf({ state, scheduledUntil, overdueDays })).toEqual(expected);
  });
});

describe('the worklist', () => {
  it('gathers what is done in one place, in the order of the steps', () => {
    const at = (id: number, rack: number | null, room = 1) => stepOf({ id, spot: spotAt(rack, room) });
    const stops = stopsOf([at(1, 1), { ...at(2, 1), state: 'done' }, at(3, 2), at(4, null, 7), at(5, 1)]);
    expect(stops.map(({ steps, settled }) => [steps.map(({ id }) => id), settled])).toEqual([
      [[1, 2], 1],
      [[3], 0],
      [[4], 0],
      [[5], 0],
    ]);
    expect(new Set(stops.map(({ key }) => key)).size).toBe(4);
  });

  it('counts how far the work has come', () => {
    const steps = [
      stepOf({ id: 1, state: 'done', proof: 'proven' }),
      stepOf({ id: 2, state: 'done', proof: 'contradicted' }),
      stepOf({ id: 3, state: 'impossible' }),
      stepOf({ id: 4 }),
    ];
    expect(progressOf(steps)).toEqual({
      total: 4,
      done: 2,
      impossible: 1,
      open: 1,
      proven: 1,
      contradicted: 1,
    });
  });

  it('prints labels of cables that are there, and names those to come', () => {
    const add = {
      action: 'add-link',
      kind: 'patch',
      label: null,
      medium: null,
      color: null,
      lengthM: null,
      a: { portId: 1, portSide: 'front', connector: 1 },
      b: { portId: 2, portSide: 'front', connector: 1 },
    } as const;
    const items = [
      itemOf({ id: 1, change: add, cable: cableOf({ id: -1, label: 'K-0500', planned: true }) }),
      itemOf({ id: 2, change: add, linkId: 77, cable: cableOf({ id: 77, label: 'K-0501' }) }),
      itemOf({ id: 3, change: { action: 'move-link', linkId: 5, b: null }, cable: cableOf({ id: 5 }) }),
      itemOf({
        id: 4,
        change: { action: 'remove-link', linkId: 6, keep: true },
        cable: cableOf({ id: 6, label: 'K-0006' }),
      }),
    ];
    expect(labelsOf({ items })).toEqual({ printable: [77, 5], planned: ['K-0500'] });
  });
});

describe('racks before and after', () => {
  const moved = itemOf({
    id: 1,
    change: { action: 'move-link', linkId: 5, b: { portId: 21, portSide: 'front', connector: 1 } },
    before: { a: 11, b: 12 },
    after: { a: 11, b: 21 },
  });
  const device = (id: number, rackId: number, ports: number[]) => ({
    id,
    name: `dev-${id}`,
    typeId: 1,
    role: 'switch' as const,
    monitored: false,
    rackId,
    position: 10,
    face: 'front' as const,
    side: 'full' as const,
    ports: ports.map((port) => ({
      id: port,
      name: String(port),
      kind: 'network' as const,
      occupied: port < 20,
    })),
  });
  const rack = (id: number, devices: ReturnType<typeof device>[]) => ({
    id,
    name: `Schrank ${id}`,
    purpose: '',
    heightU: 42,
    usedU: 0,
    devices,
  });
  const place = { id: 1, name: 'x' };
  const room: RoomView = {
    ...place,
    floor: place,
    building: place,
    site: place,
    racks: [rack(1, [device(1, 1, [11, 12])]), rack(2, [device(2, 2, [21])])],
    unracked: [],
    types: [],
  };

  it('mark only the ends that change', () => {
    const { leaves, comes } = portChanges([moved]);
    expect([[...leaves], [...comes]]).toEqual([[12], [21]]);
  });

  it('are those in which something changes, each once', () => {
    const ports = new Map([
      [11, portOf(1, '11', { id: 11, spot: spotAt(9) })],
      [12, portOf(1, '12', { id: 12, spot: spotAt(1) })],
      [21, portOf(2, '21', { id: 21, spot: spotAt(2) })],
    ]);
    expect(racksConcerned([moved, moved], ports)).toEqual([
      { rackId: 1, roomId: 1 },
      { rackId: 2, roomId: 1 },
    ]);
  });

  it('show ports taken and free, devices moved and gone', () => {
    const to = { roomId: 1, rackId: 2, position: 3, face: 'front' as const, side: 'full' as const };
    const named = (id: number, from: PortSpot) => ({ id, name: `dev-${id}`, from, to: null });
    const items = [
      moved,
      itemOf({ id: 2, change: { action: 'move-device', deviceId: 1, to }, device: named(1, spotAt(1)) }),
      itemOf({ id: 3, change: { action: 'remove-device', deviceId: 2 }, device: named(2, spotAt(2)) }),
    ];
    const [after] = roomsAt('after', [room], items);
    expect(after?.racks.map(({ devices }) => devices.map(({ id, position }) => [id, position]))).toEqual([
      [],
      [[1, 3]],
    ]);
    expect(after?.racks[1]?.devices[0]?.ports.map(({ occupied }) => occupied)).toEqual([true, false]);
    const [wired] = roomsAt('after', [room], [moved]);
    expect(wired?.racks[1]?.devices[0]?.ports[0]?.occupied).toBe(true);
    // Once it has been carried out, the documentation is as it is afterwards: before is told from the order.
    const [before] = roomsAt('before', after ? [after] : [], items);
    expect(before?.racks[0]?.devices).toMatchObject([
      { id: 1, position: 10, ports: [{ occupied: true }, { occupied: true }] },
    ]);
  });
});

describe('addresses', () => {
  it('of a list say what is not so from the start, and are read back', () => {
    const filter = { part: 'todo', q: 'acc', mine: true, page: 3, size: 100 } as const;
    expect(filterOf(new URLSearchParams(addressOf(filter)))).toEqual(filter);
    expect(addressOf(filterOf(new URLSearchParams('show=nonsense&page=-1')))).toBe('');
    expect(queryOf(filter)).toBe('page=3&size=100&state=approved%2Cworking&q=acc&mine=true');
  });

  it('hand over what shall be planned', () => {
    const path = planPath(7, { action: 'move-link', linkId: 5, deviceId: null });
    expect(path).toBe('/orders/7?plan=move-link&link=5');
    expect(beginningOf(new URLSearchParams(path.split('?')[1]))).toEqual({
      action: 'move-link',
      linkId: 5,
      deviceId: null,
    });
    expect(beginningOf(new URLSearchParams('plan=explode'))).toBeNull();
  });
});

describe('small things', () => {
  it('a time in a field comes back to the minute', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000_000_000_000 }), (time) => {
        const minute = Math.floor(time / 60_000) * 60_000;
        return fromField(toField(minute)) === minute;
      }),
    );
    expect([toField(null), fromField('')]).toEqual(['', null]);
  });

  it('a key is a UUID, never the same', () => {
    const keys = Array.from({ length: 50 }, newKey);
    for (const key of keys)
      expect(key).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(new Set(keys).size).toBe(50);
  });
});
