import type { OrderItem, PlannedChange } from '@rackhaus/config/contract';
import { describe, expect, it } from 'vitest';
import { cardsOf } from './cards.ts';
import { differences, numbered } from './difference.ts';
import { cablesBetween, portsFrom } from './ranges.ts';
import { cableOf, itemOf, portOf, spotAt } from './testing.ts';

const ports = [1, 2].flatMap((device) =>
  Array.from({ length: 30 }, (_, index) =>
    portOf(device, `1/1/${index + 1}`, { id: device * 100 + index + 1 }),
  ),
);
const cards = cardsOf({ ports, cables: [] });
const end = (portId: number) => ({ portId, portSide: 'front' as const, connector: 1 });

function added(id: number, a: number, b: number, label = ''): OrderItem {
  const change: PlannedChange = {
    action: 'add-link',
    kind: 'patch',
    label: null,
    medium: null,
    color: null,
    lengthM: null,
    a: end(a),
    b: end(b),
  };
  return itemOf({ id, change, cable: cableOf({ id: -id, label, planned: true }), after: { a, b } });
}

describe('differences', () => {
  it('show a moved end as before and after', () => {
    const change: PlannedChange = { action: 'move-link', linkId: 5, b: end(203) };
    const item = itemOf({
      id: 1,
      change,
      cable: cableOf({ id: 5, label: 'K-0231' }),
      before: { a: 112, b: 207 },
      after: { a: 112, b: 203 },
    });
    expect(differences({ items: [item] }, cards)).toMatchObject([
      {
        sign: 'change',
        name: 'K-0231',
        before: { a: 'dev-1:1/1/12', b: 'dev-2:1/1/7' },
        after: { a: 'dev-1:1/1/12', b: 'dev-2:1/1/3' },
      },
    ]);
  });

  it('join ports that follow each other to one entry', () => {
    const items = [1, 2, 3].map((n) => added(n, 100 + n, 204 + n, `K-000${n}`));
    expect(differences({ items }, cards)).toMatchObject([
      {
        sign: 'add',
        name: 'K-0001 – K-0003',
        before: null,
        after: { a: 'dev-1:1/1/1–3', b: 'dev-2:1/1/5–7' },
      },
    ]);
  });

  it.each([
    ['a gap at one end', added(2, 102, 207)],
    ['another direction', added(2, 202, 106)],
    ['another cable', { ...added(2, 102, 206), cable: cableOf({ id: -2, color: 'red' }) }],
  ])('keep apart what has %s', (_, second) => {
    expect(differences({ items: [added(1, 101, 205), second] }, cards)).toHaveLength(2);
  });

  it('say open where an end hangs open', () => {
    const change: PlannedChange = { action: 'move-link', linkId: 5, b: null };
    const item = itemOf({ id: 1, change, before: { a: 101, b: 201 }, after: { a: 101, b: null } });
    expect(differences({ items: [item] }, cards)[0]?.after).toEqual({ a: 'dev-1:1/1/1', b: null });
  });

  it('name a device and where it comes from and goes', () => {
    const to = { roomId: 1, rackId: 2, position: 12, face: 'front' as const, side: 'full' as const };
    const item = itemOf({
      id: 1,
      change: { action: 'move-device', deviceId: 1, to },
      device: { id: 1, name: 'dev-1', from: spotAt(1), to: spotAt(2) },
    });
    expect(differences({ items: [item] }, cards)).toMatchObject([
      { sign: 'change', name: 'dev-1', before: null, after: null, from: spotAt(1), to: spotAt(2) },
    ]);
  });
});

describe('a name with a number at its end', () => {
  it.each([
    ['1/1/12', { before: '1/1/', number: 12 }],
    ['07', { before: '', number: 7 }],
    ['mgmt', null],
  ])('%s', (name, expected) => expect(numbered(name)).toEqual(expected));
});

describe('a row of ports', () => {
  const row = [
    { id: 1, name: '1/1/10', kind: 'network' },
    { id: 2, name: '1/1/9', kind: 'network' },
    { id: 3, name: '1/1/2', kind: 'network' },
    { id: 4, name: 'console', kind: 'console' },
  ];
  it('follows as people count, and leaves out other kinds', () => {
    expect(portsFrom(row, 3, 9).map(({ id }) => id)).toEqual([3, 2, 1]);
    expect(portsFrom(row, 2, 1).map(({ id }) => id)).toEqual([2]);
    expect(portsFrom(row, 99, 3)).toEqual([]);
  });

  it('is joined first with first, and only a single cable keeps its label', () => {
    const cable = {
      action: 'add-link' as const,
      kind: 'patch' as const,
      label: 'K-1',
      medium: null,
      color: null,
      lengthM: null,
      a: end(1),
      b: end(2),
    };
    expect(cablesBetween(cable, [1], [2])).toEqual([cable]);
    expect(cablesBetween(cable, [1, 2, 3], [7, 8])).toMatchObject([
      { label: null, a: { portId: 1 }, b: { portId: 7 } },
      { label: null, a: { portId: 2 }, b: { portId: 8 } },
    ]);
  });
});
