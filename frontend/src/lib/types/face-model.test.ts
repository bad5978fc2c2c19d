import { DeviceTypeFile, facesOf, outlineOf } from '@rackhaus/config/contract';
import { describe, expect, test } from 'vitest';
import {
  added,
  boundsOf,
  changed,
  editedOf,
  faultsOf,
  itemsOf,
  keyOf,
  moved,
  removed,
  turned,
  unplacedPorts,
  withEdited,
} from './face-model.ts';
import { begin, redo, settle, step, undo } from './timeline.ts';

const type = DeviceTypeFile.parse({
  manufacturer: 'Maker',
  model: 'Switch',
  slug: 'maker-switch',
  interfaces: [
    ...Array.from({ length: 24 }, (_, at) => ({ name: `1/${at + 1}`, type: '1000base-t' })),
    { name: '1/25', type: '10gbase-x-sfpp' },
    { name: '1/26', type: '10gbase-x-sfpp' },
  ],
  'power-ports': [{ name: 'PSU', type: 'iec-60320-c14' }],
});
const size = outlineOf(type);
const start = editedOf(type, size);
const copper = { side: 'front', list: 'groups', index: 0 } as const;

test('the editor begins with what is drawn, and saving that changes nothing that one sees', () => {
  expect(start.front.groups.map(({ ports, rows }) => `${ports} in ${rows}`)).toEqual([
    '1/1-1/24 in 2',
    '1/25, 1/26 in 1',
  ]);
  expect(start.rear.groups.map(({ ports }) => ports)).toEqual(['PSU']);
  expect(unplacedPorts(type, start)).toEqual([]);
  expect(faultsOf(type, start, size)).toEqual(new Map());
  const saved = DeviceTypeFile.parse(withEdited(type, start));
  const places = (of: DeviceTypeFile) =>
    facesOf(of).front.elements.map(({ x, y }) => [Math.round(x * 5), Math.round(y * 5)]);
  expect(places(saved)).toEqual(places(type));
});

describe('an item', () => {
  test('is moved in millimetres, and stops at the edge', () => {
    const from = boundsOf(start, copper);
    const right = boundsOf(moved(start, copper, { dx: 3.25, dy: -1 }, size), copper);
    expect(right?.x).toBeCloseTo((from?.x ?? 0) + 3.25, 0);
    const far = boundsOf(moved(start, copper, { dx: 9999, dy: 9999 }, size), copper);
    expect((far?.x ?? 0) + (far?.w ?? 0)).toBeCloseTo(size.widthMm, 0);
    expect(faultsOf(type, moved(start, copper, { dx: -9999, dy: 0 }, size), size).get(keyOf(copper))).toEqual(
      new Set(['overlap']),
    );
    expect(moved(start, copper, { dx: 0, dy: 0 }, size)).toBe(start);
  });

  test('has fields; a field that is not set is left out of the file', () => {
    const gaps = changed(start, copper, { rows: 1, order: 'across', gap: { every: 4, by: 5 } });
    expect(gaps.front.groups[0]).toMatchObject({ rows: 1, order: 'across', gap: { every: 4, by: 5 } });
    const plain = changed(gaps, copper, { gap: undefined });
    expect(plain.front.groups[0]).not.toHaveProperty('gap');
    expect(start.front.groups[0]?.rows).toBe(2);
  });

  test('can be taken away: its ports are drawn by themselves, none is lost', () => {
    const without = removed(start, copper);
    expect(unplacedPorts(type, without)).toHaveLength(24);
    const drawn = facesOf(withEdited(type, without));
    expect(drawn.front.elements.filter(({ kind }) => kind === 'port')).toHaveLength(26);
  });

  test('can be turned to the other face', () => {
    const { edited, ref } = turned(start, copper);
    expect(ref).toEqual({ side: 'rear', list: 'groups', index: 1 });
    expect(edited.front.groups).toHaveLength(1);
    expect(edited.rear.groups[1]).toEqual(start.front.groups[0]);
  });

  test.each(['groups', 'bays', 'displays', 'vents', 'blanks', 'labels', 'name'] as const)(
    'of %s can be added, inside the outline',
    (list) => {
      const ports = unplacedPorts(type, { ...start, front: { ...start.front, groups: [] } });
      const made = added(start, 'rear', list, size, { ports, portsText: '1/1-1/24' });
      expect(itemsOf(made.edited, 'rear').map(keyOf)).toContain(keyOf(made.ref));
      expect(faultsOf(type, made.edited, size).get(keyOf(made.ref))?.has('outside') ?? false).toBe(false);
    },
  );
});

test('what is wrong is said of the item: outside, on top of another, unknown, twice, empty', () => {
  const uplinks = { side: 'front', list: 'groups', index: 1 } as const;
  const over = changed(start, uplinks, {
    x: start.front.groups[0]?.x ?? 0,
    y: start.front.groups[0]?.y ?? 0,
  });
  expect(faultsOf(type, over, size).get(keyOf(copper))).toEqual(new Set(['overlap']));
  const wrong = changed(start, uplinks, { ports: '1/1, 9/9', x: 470 });
  expect(faultsOf(type, wrong, size).get(keyOf(uplinks))).toEqual(
    new Set(['outside', 'unknown-port', 'twice']),
  );
  expect(faultsOf(type, changed(start, uplinks, { ports: ' ' }), size).get(keyOf(uplinks))).toEqual(
    new Set(['empty']),
  );
});

test('steps are taken back and made again; a drag is one step', () => {
  let line = begin(0);
  for (const at of [1, 2, 3]) line = step(line, at, 'drag');
  line = step(settle(line), 4, 'drag');
  expect(undo(line).present).toBe(3);
  expect(undo(undo(line)).present).toBe(0);
  expect(undo(undo(undo(line))).present).toBe(0);
  expect(redo(undo(line)).present).toBe(4);
  expect(redo(step(undo(line), 9)).present).toBe(9);
});
