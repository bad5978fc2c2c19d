import { expect, it } from 'vitest';
import { judge, type SelfFacts } from './judge.ts';

const well: SelfFacts = {
  disk: { freeBytes: 50e9, totalBytes: 100e9 },
  storeFailures: 0,
  databaseFailures: 0,
  stuckMessages: 0,
};
const disk = (freeBytes: number, totalBytes = 100e9): SelfFacts => ({
  ...well,
  disk: { freeBytes, totalBytes },
});
const found = (facts: SelfFacts, before = judge(well, [], 1)) =>
  judge(facts, before, 2).map(({ id, severity, since }) => [id, severity, since]);

it('says nothing of what is well', () => {
  expect(found(well)).toEqual([]);
});

it('warns of a disk below a tenth or two gigabytes, and is alarmed below a fiftieth', () => {
  expect(found(disk(9.9e9))).toEqual([['disk', 'warning', 2]]);
  expect(found(disk(1.9e9, 10e9))).toEqual([['disk', 'warning', 2]]);
  expect(found(disk(1.9e9))).toEqual([['disk', 'critical', 2]]);
});

it('keeps to what it said until there is clearly more room, or when the disk cannot be asked', () => {
  const before = judge(disk(9.9e9), [], 1);
  expect(found(disk(10.5e9), before)).toEqual([['disk', 'warning', 1]]);
  expect(found(disk(12e9), before)).toEqual([]);
  expect(found({ ...well, disk: null }, before)).toEqual([['disk', 'warning', 1]]);
});

it('takes a failure seriously the second time', () => {
  expect(found({ ...well, storeFailures: 1, databaseFailures: 1 })).toEqual([]);
  expect(
    found({ ...well, storeFailures: 2, databaseFailures: 2, stuckMessages: 3 }).map(([id]) => id),
  ).toEqual(['database', 'store', 'messages']);
});
