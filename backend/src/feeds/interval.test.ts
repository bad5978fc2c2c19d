import { describe, expect, it } from 'vitest';
import { LearntInterval } from './interval.ts';

const at = (...seconds: number[]) => seconds.map((second) => second * 1000);

describe('how often something speaks', () => {
  it('is the median of the last gaps, whatever the batches', () => {
    const interval = new LearntInterval({ newest: 0, seconds: null });
    expect(interval.note(at(30, 30, 60))).toBe(false);
    expect(interval.note(at(120, 90))).toBe(true);
    expect(interval.seconds).toBe(30);
    expect(interval.note(at(151, 180, 600, 630))).toBe(false);
    expect(interval.seconds).toBe(30);
  });

  it('changes when it does for long enough, and is at least ten seconds', () => {
    const interval = new LearntInterval({ newest: 0, seconds: 60 });
    expect(interval.note(at(1, 2, 3, 4, 5))).toBe(true);
    expect(interval.seconds).toBe(10);
    expect(interval.note(at(3000, 6000, 9000, 12_000, 15_000, 18_000))).toBe(true);
    expect(interval.seconds).toBe(3000);
  });
});
