import { describe, expect, it } from 'vitest';
import { openConditions } from '../live/conditions.ts';
import { climate } from './facts.ts';

describe('what a room measures of itself', () => {
  it('takes the mean of its sensors and counts power once', () => {
    expect(
      climate([
        { role: 'sensor', headline: { temperature: 22, humidity: 0.4 } },
        { role: 'sensor', headline: { temperature: 24 } },
        { role: 'switch', headline: { temperature: 60, power: 100 } },
        { role: 'pdu', headline: { power: 900 } },
        { role: 'ups', headline: { power: 1000 } },
        { role: 'panel', headline: undefined },
      ]),
    ).toEqual({ temperature: 23, humidity: 0.4, power: 1000 });
  });
  it('falls back to what is there, and says when nothing is', () => {
    expect(climate([{ role: 'switch', headline: { power: 100 } }]).power).toBe(100);
    expect(climate([])).toEqual({ temperature: null, humidity: null, power: null });
  });
});

describe('open conditions', () => {
  it('come worst first, then newest first', () => {
    const condition = (severity: 'warning' | 'critical', since: number) => ({
      id: `${severity}${since}`,
      rule: 'r',
      deviceId: 1,
      deviceName: 'd',
      place: '',
      roomId: null,
      entity: '',
      severity,
      title: { de: 'a', en: 'a' },
      advice: { de: 'a', en: 'a' },
      since,
    });
    const order = openConditions([
      { conditions: [condition('warning', 1), condition('critical', 2)] },
      { conditions: [condition('warning', 3)] },
    ]);
    expect(order.map((each) => each.id)).toEqual(['critical2', 'warning3', 'warning1']);
  });
});
