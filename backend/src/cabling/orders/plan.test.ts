import { PlannedChange } from '@rackhaus/config/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type OtherOrder, plan, touches } from './plan.ts';
import { stepsOf } from './steps.ts';
import { type End, type ItemRow, portSideKey, rackSlotKey, type World, type WorldLink } from './world.ts';

/** Ports 1 to 8 on device 1, 11 to 18 on device 2; `links`: `{ 'K-1': [1, 11] }`, numbered from 101. */
function world(links: Record<string, readonly (number | null)[]>): World {
  const known = new Map<number, WorldLink>();
  const plugged = new Map<string, End>();
  for (const [label, ports] of Object.entries(links)) {
    const id = 101 + known.size;
    const ends = ports.flatMap((portId, index): End[] =>
      portId === null
        ? []
        : [{ linkId: id, side: index === 0 ? 'a' : 'b', connector: 1, portId, portSide: 'front' }],
    );
    known.set(id, { id, kind: 'patch', status: 'installed', label, ends });
    for (const end of ends) plugged.set(portSideKey(end.portId, end.portSide), end);
  }
  const device = (id: number, name: string, position: number) => ({
    ...{ id, name, position, typeId: 1, roomId: 1, rackId: 1 },
    face: 'front' as const,
    side: 'full' as const,
  });
  const devices = [device(1, 'SW-1', 10), device(2, 'SW-2', 12)];
  const numbers = [1, 2, 3, 4, 5, 6, 7, 8];
  const slots = devices.flatMap(({ id, position }) =>
    [0, 1].flatMap((half) =>
      ['left', 'right'].map((side): [string, number] => [
        rackSlotKey(1, `${position * 2 + half}/front/${side}`),
        id,
      ]),
    ),
  );
  return {
    links: known,
    plugged,
    ports: new Map(
      devices.flatMap(({ id: deviceId, name }) =>
        numbers.map((number) => {
          const id = (deviceId - 1) * 10 + number;
          return [id, { id, name: `${name}:${number}`, deviceId }] as const;
        }),
      ),
    ),
    devices: new Map(devices.map((each) => [each.id, each])),
    types: new Map([[1, { id: 1, form: 'full', uHeight: 1, fullDepth: false }]]),
    racks: new Map([[1, { id: 1, name: 'Schrank 1', roomId: 1, heightU: 42 }]]),
    rooms: new Set([1]),
    labels: new Map([...known.values()].map((link) => [link.label, link.id])),
    slots: new Map(slots),
  };
}

const items = (...changes: unknown[]): ItemRow[] =>
  changes.map((change, index) => ({ id: index + 1, change: PlannedChange.parse(change), linkId: null }));
const add = (label: string | null, a: number, b: number) => ({
  action: 'add-link',
  kind: 'patch',
  label,
  a: { portId: a },
  b: { portId: b },
});
const remove = (linkId: number, keep = false) => ({ action: 'remove-link', linkId, keep });
const move = (linkId: number, a: number | null) => ({
  action: 'move-link',
  linkId,
  a: a === null ? null : { portId: a },
});
const place = (deviceId: number, position: number) => ({
  action: 'move-device',
  deviceId,
  to: { roomId: null, rackId: 1, position },
});
const remarksOf = (today: World, rows: ItemRow[], others: OtherOrder[] = []) =>
  plan(today, rows, others).remarks.map(({ itemId, code }) => `${itemId ?? '-'} ${code}`);

describe('remarks', () => {
  const today = world({ 'K-1': [1, 11], 'K-2': [2, 12] });
  it.each<{ name: string; rows: ItemRow[]; expected: string[] }>([
    { name: 'nothing planned', rows: [], expected: ['- empty'] },
    { name: 'a free pair of ports', rows: items(add('K-3', 3, 13)), expected: [] },
    { name: 'an occupied port', rows: items(add('K-3', 1, 13)), expected: ['1 occupied'] },
    { name: 'one that the order frees', rows: items(remove(101), add('K-3', 1, 13)), expected: [] },
    { name: 'one that a later item frees', rows: items(add('K-3', 1, 13), move(101, 3)), expected: [] },
    { name: 'two that change places', rows: items(move(101, 2), move(102, 1)), expected: [] },
    {
      name: 'a port that two cables want',
      rows: items(add('K-3', 3, 13), add('K-4', 3, 14)),
      expected: ['2 occupied'],
    },
    { name: 'both ends in one port', rows: items(add('K-3', 3, 3)), expected: ['1 twice', '1 occupied'] },
    { name: 'a cable twice', rows: items(move(101, 3), remove(101)), expected: ['2 twice'] },
    { name: 'a cable that is gone', rows: items(remove(999)), expected: ['1 gone'] },
    { name: 'a port that is gone', rows: items(add('K-3', 99, 13)), expected: ['1 gone'] },
    { name: 'where it is already', rows: items(move(101, 1)), expected: ['1 already-so'] },
    { name: 'a label that is taken', rows: items(add('K-1', 3, 13)), expected: ['1 label-taken'] },
    {
      name: 'a label given twice',
      rows: items(add('K-3', 3, 13), add('K-3', 4, 14)),
      expected: ['2 label-taken'],
    },
    { name: 'the label of a cord that goes', rows: items(remove(101), add('K-1', 3, 13)), expected: [] },
    { name: 'a free rack unit', rows: items(place(1, 11)), expected: [] },
    { name: 'a taken rack unit', rows: items(place(1, 12)), expected: ['1 place-taken'] },
    { name: 'above the rack', rows: items(place(1, 43)), expected: ['1 place-taken'] },
    { name: 'one that becomes free', rows: items(place(1, 12), place(2, 20)), expected: [] },
    {
      name: 'two devices that change places',
      rows: items(place(1, 12), place(2, 10)),
      expected: ['1 place-taken', '2 place-taken'],
    },
    { name: 'a device where it stands', rows: items(place(1, 10)), expected: ['1 already-so'] },
    { name: 'a device twice', rows: items(place(1, 11), place(1, 14)), expected: ['2 twice'] },
    {
      name: 'a type that is gone',
      rows: items({ action: 'swap-device', deviceId: 1, typeId: 9 }),
      expected: ['1 gone'],
    },
  ])('$name', ({ rows, expected }) => {
    expect(remarksOf(today, rows)).toEqual(expected);
  });

  it('name other orders that touch the same', () => {
    const other = (change: unknown): OtherOrder => ({
      id: 7,
      number: 'A-0007',
      title: 'Anderer',
      touches: touches(today, items(change)),
    });
    expect(remarksOf(today, items(add('K-3', 3, 13)), [other(add('K-4', 3, 14))])).toEqual(['1 other-order']);
    expect(remarksOf(today, items(add('K-3', 3, 13)), [other(add('K-4', 4, 14))])).toEqual([]);
    expect(remarksOf(today, items(move(101, 3)), [other(remove(101))])).toEqual(['1 other-order']);
    expect(remarksOf(today, items(place(1, 20)), [other(place(2, 20))])).toEqual(['1 other-order']);
    expect(remarksOf(today, items(place(1, 20)), [other(place(2, 22))])).toEqual([]);
    const [remark] = plan(today, items(move(101, 3)), [other(remove(101))]).remarks;
    expect(remark).toMatchObject({ level: 'warn', orderId: 7, values: { number: 'A-0007' } });
  });

  it('let a cable that comes back have its own label', () => {
    const [row] = items(add('K-1', 3, 13));
    expect(row && remarksOf(today, [{ ...row, linkId: 101 }])).toEqual([]);
  });
});

it('says what there is before and after', () => {
  const today = world({ 'K-1': [1, 11], 'K-2': [2, null] });
  const { items: planned } = plan(
    today,
    items(move(101, 3), move(102, null), remove(101), add('K-3', 4, 14), place(1, 20)),
    [],
  );
  expect(planned.map(({ before, after }) => [before.a, before.b, after.a, after.b])).toEqual([
    [1, 11, 3, 11],
    [2, null, null, null],
    [1, 11, null, null],
    [null, null, 4, 14],
    [null, null, null, null],
  ]);
  expect(planned[4]?.device).toMatchObject({ id: 1, from: { position: 10 }, to: { position: 20 } });
});

describe('the steps', () => {
  const said = (today: World, rows: ItemRow[]) =>
    stepsOf(today, rows).map(({ itemId, deed, portId, before }) =>
      [itemId, deed, portId ?? '-', ...(before.length === 0 ? [] : ['after', before.join(',')])].join(' '),
    );
  const today = world({ 'K-1': [1, 11], 'K-2': [2, 12] });

  it('wait for what is in their port, and for their own end', () => {
    expect(said(today, items(move(101, 2), move(102, 1)))).toEqual([
      '1 unplug 1',
      '1 plug 2 after 2,0',
      '2 unplug 2',
      '2 plug 1 after 0,2',
    ]);
  });
  it('of a device come after what is pulled from it, and before what is plugged into it', () => {
    expect(said(today, items(place(1, 20), remove(101), add('K-3', 3, 13)))).toEqual([
      '1 move-device - after 1',
      '2 unplug 1',
      '2 unplug 11',
      '3 plug 3 after 0',
      '3 plug 13',
    ]);
  });
  it('of a device wait for the one whose place it takes', () => {
    expect(said(today, items(place(1, 12), place(2, 20)))).toEqual([
      '1 move-device - after 1',
      '2 move-device -',
    ]);
  });
  it('of a cord wait for the one whose label it gets', () => {
    expect(said(today, items(remove(101), add('K-1', 3, 13)))).toEqual([
      '1 unplug 1',
      '1 unplug 11',
      '2 plug 3 after 0,1',
      '2 plug 13 after 0,1',
    ]);
  });
  it('of a cord in the cupboard: taken away, without a port', () => {
    expect(said(world({ 'K-9': [] }), items(remove(101)))).toEqual(['1 unplug -']);
  });

  it('lead to what was planned, whatever is planned, when nothing is refused', () => {
    const change = fc.oneof(
      fc
        .tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 11, max: 16 }))
        .map(([a, b]) => add(null, a, b)),
      fc.constantFrom(remove(101), remove(102), remove(103)),
      fc
        .tuple(fc.constantFrom(101, 102, 103), fc.option(fc.integer({ min: 1, max: 8 })))
        .map(([link, port]) => move(link, port)),
    );
    fc.assert(
      fc.property(fc.array(change, { maxLength: 6 }), (changes) => {
        const start = world({ 'K-1': [1, 11], 'K-2': [2, 12], 'K-3': [3, 13] });
        const rows = items(...changes);
        const { remarks, items: planned } = plan(start, rows, []);
        if (remarks.some(({ level }) => level === 'refuse')) return;
        const steps = stepsOf(start, rows);
        // Done in any order that keeps what has to come before what, here the first that fits.
        const ports = new Map([...start.plugged].map(([key, { linkId }]) => [key, `link ${linkId}`]));
        const waiting = new Set(steps.keys());
        while (waiting.size > 0) {
          const next = [...waiting].find((index) => !steps[index]?.before.some((each) => waiting.has(each)));
          expect(next).toBeDefined();
          const step = steps[next ?? 0];
          waiting.delete(next ?? 0);
          const key = portSideKey(step?.portId ?? 0, step?.portSide ?? 'front');
          if (step?.deed === 'unplug') {
            expect(ports.has(key)).toBe(true);
            ports.delete(key);
          } else {
            expect(ports.has(key)).toBe(false);
            ports.set(key, `item ${step?.itemId}`);
          }
        }
        for (const { after } of planned)
          for (const portId of [after.a, after.b])
            if (portId !== null) expect(ports.has(portSideKey(portId, 'front'))).toBe(true);
      }),
    );
  });
});
