import { describe, expect, it } from 'vitest';
import { entityKinds, metric, metricIds, plausible, units } from './metrics.ts';

describe('the metric catalogue', () => {
  it.each(metricIds)('%s is complete', (id) => {
    const entry = metric(id);
    expect(id).toMatch(/^[a-z]+\.[a-z][A-Za-z0-9]*$/);
    expect(entityKinds).toContain(entry.kind);
    expect(id.startsWith(`${entry.kind}.`)).toBe(true);
    expect(units).toContain(entry.unit);
    expect(entry.meaning).not.toBe('');
    if (entry.states) expect(entry.decimals).toBe(0);
  });
});

describe('plausible', () => {
  it.each([
    ['sensor.temperature', 22.449, 22.4],
    ['sensor.temperature', 900, undefined],
    ['sensor.temperature', Number.NaN, undefined],
    ['ups.source', 5, 5],
    ['ups.source', 99, undefined],
    ['ups.charge', 1.004, undefined],
    ['ups.charge', 1.0004, 1],
    ['storage.used', 1_234_567, 1_235_000],
    ['port.rx', -1, undefined],
    ['sensor.power', -0.0001, 0],
    ['sensor.power', 0.0012, 0.001],
    ['line.current', 0.123, 0.12],
  ] as const)('%s %d gives %d', (id, value, expected) => {
    expect(plausible(id, value)).toBe(expected);
  });
});
