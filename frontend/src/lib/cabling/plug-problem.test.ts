import type { PortCard } from '@rackhaus/config/contract';
import { expect, test } from 'vitest';
import { ApiProblem } from '../api/api.ts';
import { overwriteGetLocale } from '../paraglide/runtime.js';
import { plugProblem } from './plug-problem.ts';

const port: PortCard = {
  id: 1,
  name: '7',
  kind: 'network',
  label: null,
  owner: { kind: 'device', id: 2, name: 'sw-1', role: 'switch' },
  twoSided: false,
  vlan: null,
  monitored: false,
  spot: {
    site: null,
    building: null,
    floor: null,
    room: null,
    rack: null,
    position: null,
    face: null,
  },
};

test('a port that holds a cable already is told by its name, a taken label by the field', () => {
  overwriteGetLocale(() => 'en');
  const taken = (path: string) =>
    new ApiProblem('conflict', '', [{ path, message: 'is taken' }], { reason: 'taken' });
  expect(plugProblem(taken('portSide'), 'link', port)).toBe('Something is plugged into sw-1 · 7 already.');
  expect(plugProblem(taken('label'), 'link', port)).toMatch(/label/i);
});
