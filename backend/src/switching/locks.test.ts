import { expect, test } from 'vitest';
import { locksOn } from './locks.ts';

const lock = (outlet: string, unit: string | null) => ({
  device_id: 1,
  outlet,
  note: 'Firewall',
  locked_by: 'Jana',
  locked_at: 0,
  unit,
});
const outlets = [
  { name: '1', unit: 'A' },
  { name: '2', unit: 'A' },
  { name: '2-1', unit: 'B' },
  { name: '2-2', unit: 'B' },
];
const seen = (now: readonly { name: string; unit: string | null }[]) =>
  now.map(({ name, unit }) => ({ name, identity: { row: name, among: now.length, label: null, unit } }));
const locked = (now: typeof outlets, ...locks: ReturnType<typeof lock>[]) =>
  seen(now)
    .filter((outlet) => locksOn(outlet, seen(now), locks).length > 0)
    .map(({ name }) => name);

test('a lock holds the outlet whose name it bears', () => {
  expect(locked(outlets, lock('1', 'A'))).toEqual(['1']);
  expect(locked(outlets, lock('2-2', 'B'), lock('2', null))).toEqual(['2', '2-2']);
});

test('when a unit has left and the numbers of another have become its, all of the unit that a lock was set on are locked', () => {
  const alone = [
    { name: '1', unit: 'B' },
    { name: '2', unit: 'B' },
  ];
  expect(locked(alone, lock('2-2', 'B'))).toEqual(['1', '2']);
  // The number is still what it was locked by: it stays locked until somebody looks.
  expect(locked(alone, lock('1', 'A'))).toEqual(['1']);
  const swapped = outlets.map(({ name, unit }) => ({ name, unit: unit === 'A' ? 'B' : 'A' }));
  expect(locked(swapped, lock('1', 'A'))).toEqual(['1', '2-1', '2-2']);
});

test('where units are not told apart, names are all there is', () => {
  const untold = seen(['1', '2'].map((name) => ({ name, unit: null })));
  expect(untold.filter((each) => locksOn(each, untold, [lock('1', null)]).length > 0)).toHaveLength(1);
});
