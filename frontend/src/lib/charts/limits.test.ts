import type { SeriesLimit } from '@rackhaus/config/contract';
import { describe, expect, it } from 'vitest';
import { chartLimits } from './limits.ts';
import type { LoadedSeries } from './series.ts';

const limit = (
  value: number,
  by: SeriesLimit['by'] = 'device',
  side: SeriesLimit['side'] = 'high',
): SeriesLimit => ({
  metric: 'temperature',
  level: 'warning',
  side,
  value,
  by,
});
const line = (limits: readonly SeriesLimit[], mirrored = false): LoadedSeries => ({
  label: 'x',
  mirrored,
  unit: '°C',
  start: 0,
  step: 10,
  mean: [20],
  min: [20],
  max: [20],
  limits,
});
const extent = { low: 20, high: 24 };

describe('limits of a chart', () => {
  it('are drawn where they are near, and the axis holds them', () => {
    const found = chartLimits([line([limit(27), limit(70), limit(10, 'device', 'low')])], extent);
    expect(found.drawn).toEqual([{ level: 'warning', side: 'high', value: 27, by: ['device'], of: [] }]);
    expect(found.outside.map(({ value }) => value)).toEqual([70, 10]);
    expect(found).toMatchObject({ low: 20, high: 27 });
  });

  it('are one line where device and rule agree', () => {
    const found = chartLimits([line([limit(27), limit(27, 'rule')])], extent);
    expect(found.drawn).toEqual([
      { level: 'warning', side: 'high', value: 27, by: ['device', 'rule'], of: [] },
    ]);
  });

  it('say for which lines they are, and only from where to where when they are many', () => {
    const found = chartLimits([line([limit(27)]), line([])], extent);
    expect(found.drawn).toMatchObject([{ value: 27, of: ['x'] }]);
    const many = chartLimits([line([limit(27)]), line([limit(30)]), line([limit(25)])], extent);
    expect(many.drawn).toEqual([]);
    expect(many.spans).toEqual([{ level: 'warning', side: 'high', from: 25, to: 30 }]);
    expect(chartLimits([line([limit(27)]), line([limit(27)])], extent).drawn).toMatchObject([{ of: [] }]);
  });

  it('squash no flat curve, and are none of two directions', () => {
    expect(chartLimits([line([limit(26)])], { low: 22, high: 22 }).high).toBe(26);
    expect(chartLimits([line([limit(40)])], { low: 22, high: 22 }).high).toBe(22);
    expect(chartLimits([line([limit(21)], true)], extent).drawn).toEqual([]);
  });
});
