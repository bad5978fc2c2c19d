import { describe, expect, it } from 'vitest';
import { bucketAt, drawnExtent, isEmpty, type LoadedSeries, lastMoment, runs, valuesAt } from './series.ts';

const line = (mean: (number | null)[], mirrored = false): LoadedSeries => ({
  label: 'x',
  mirrored,
  unit: 'bit/s',
  start: 1000,
  step: 10,
  mean,
  min: mean.map((value) => (value === null ? null : value - 1)),
  max: mean.map((value) => (value === null ? null : value + 1)),
  limits: [],
});

describe('runs', () => {
  it('never bridges a gap', () => {
    expect(runs([1, 2, null, 3, null, null])).toEqual([
      { first: 0, end: 2 },
      { first: 3, end: 4 },
    ]);
    expect(runs([null])).toEqual([]);
    expect(runs([0])).toEqual([{ first: 0, end: 1 }]);
  });
});

describe('a loaded chart', () => {
  it('knows its extent with mirrored lines below zero', () => {
    expect(drawnExtent([line([5, 7]), line([3, null], true)])).toEqual({ low: -4, high: 8 });
    expect(drawnExtent([line([null])])).toBeNull();
  });
  it('knows when there is nothing to show', () => {
    expect(isEmpty({ from: 0, to: 1, series: [] })).toBe(true);
    expect(isEmpty({ from: 0, to: 1, series: [line([null, 0])] })).toBe(false);
  });
  it('reads values by time, and nothing in a gap or outside', () => {
    const one = line([5, null, 7]);
    expect(valuesAt(one, 1009)).toEqual({ mean: 5, min: 4, max: 6 });
    expect(valuesAt(one, 1010)).toBeNull();
    expect(bucketAt(one, 1029)).toBe(2);
    expect(bucketAt(one, 1030)).toBeNull();
    expect(bucketAt(one, 999)).toBeNull();
  });
  it('finds the last moment with a value', () => {
    expect(lastMoment({ from: 0, to: 1, series: [line([1, null]), line([1, 2, null])] })).toBe(1010);
  });
});
