import type { HealthState, ServiceView } from '@rackhaus/config/contract';
import { describe, expect, it } from 'vitest';
import { serviceHealth } from './health.ts';

const service = (id: number, devices: number[], needs: number[]): ServiceView => ({
  id,
  version: 1,
  name: `s${id}`,
  personInCharge: null,
  hours: null,
  importance: 'normal',
  address: null,
  notes: null,
  devices: devices.map((device) => ({
    recordId: device,
    id: device,
    name: `d${device}`,
    place: '',
    monitored: true,
  })),
  needs: needs.map((need) => ({ recordId: need, id: need, name: `s${need}` })),
  neededBy: [],
});
const live = (states: Record<number, HealthState>) =>
  new Map(Object.entries(states).map(([id, state]) => [Number(id), { state, conditions: [] }]));

describe('the state of a service', () => {
  it('is the worst of its devices, and says which', () => {
    const health = serviceHealth([service(1, [1, 2], [])], live({ 1: 'ok', 2: 'warning' })).get(1);
    expect(health?.state).toBe('warning');
    expect(health?.because.map(({ name }) => name)).toEqual(['d2']);
  });

  it('comes up from what it needs, through several services', () => {
    const services = [service(1, [], [2]), service(2, [], [3]), service(3, [7], [])];
    const health = serviceHealth(services, live({ 7: 'critical' }));
    expect([...health.values()].map(({ state }) => state)).toEqual(['critical', 'critical', 'critical']);
    expect(health.get(1)?.because).toEqual([{ kind: 'service', id: 2, name: 's2', state: 'critical' }]);
  });

  it('is unknown while nothing has been heard, and unmonitored when nothing could be', () => {
    const outside = { ...service(2, [], []), address: 'https://portal.example' };
    const health = serviceHealth([service(1, [1], []), outside], live({}));
    expect(health.get(1)?.state).toBe('unknown');
    expect(health.get(2)?.state).toBe('unmonitored');
  });

  it('is found even where services need each other in a circle', () => {
    const health = serviceHealth([service(1, [1], [2]), service(2, [], [1])], live({ 1: 'critical' }));
    expect(health.get(1)?.state).toBe('critical');
  });
});
