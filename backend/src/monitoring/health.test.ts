import { describe, expect, it } from 'vitest';
import { byUrgency, stateOf, worse } from './health.ts';

describe('states', () => {
  it('add up to the worst that is known', () => {
    expect(stateOf([])).toBe('ok');
    expect(worse('unknown', 'ok')).toBe('unknown');
    expect(worse('warning', 'unknown')).toBe('warning');
    expect(worse('unmonitored', 'ok')).toBe('ok');
  });

  it('are listed worst first, then newest first', () => {
    const words = { de: 'x', en: 'x' };
    const base = {
      id: '',
      rule: 'x',
      deviceId: 1,
      deviceName: 'sw1',
      place: '',
      roomId: null,
      entity: '',
      severity: 'critical' as const,
      title: words,
      advice: words,
      since: 0,
    };
    const list = [
      { ...base, id: 'a', severity: 'warning' as const, since: 5 },
      { ...base, id: 'b', since: 1 },
      { ...base, id: 'c', since: 2 },
    ];
    expect(list.sort(byUrgency).map(({ id }) => id)).toEqual(['c', 'b', 'a']);
  });
});
