import { describe, expect, it } from 'vitest';
import { misfit } from './fits.ts';
import { parseRange, portByName } from './ranges.ts';

describe('a range of ports', () => {
  it.each([
    ['A:1-3', { owner: 'A', ports: ['1', '2', '3'] }],
    ['A:1–3', { owner: 'A', ports: ['1', '2', '3'] }],
    [' Panel B : 07-09', { owner: 'Panel B', ports: ['07', '08', '09'] }],
    ['core-1:1/1/9-1/1/11', { owner: 'core-1', ports: ['1/1/9', '1/1/10', '1/1/11'] }],
    ['core-1:1/1/9-11', { owner: 'core-1', ports: ['1/1/9', '1/1/10', '1/1/11'] }],
    ['A:1-2, 9; 12', { owner: 'A', ports: ['1', '2', '9', '12'] }],
    ['A:5', { owner: 'A', ports: ['5'] }],
    ['sw:Gi1/0/1 bis 2', { owner: 'sw', ports: ['Gi1/0/1', 'Gi1/0/2'] }],
    ['A', 'no-colon'],
    ['A:', 'no-ports'],
    ['A:9-1', 'backwards'],
    ['A:1-9999', 'too-long'],
  ] as const)('%s', (text, expected) => {
    expect(parseRange(text)).toEqual(expected);
  });
  it('finds a port however its zeros are written', () => {
    const ports = [{ name: '7' }, { name: '1/1/08' }];
    expect([portByName(ports, '07'), portByName(ports, '1/1/8'), portByName(ports, '9')]).toEqual([
      ports[0],
      ports[1],
      undefined,
    ]);
  });
});

describe('kinds of ports in the drawing', () => {
  it.each([
    ['network', 'front', null],
    ['inlet', 'power-outlet', null],
    ['inlet', 'inlet', 'inlet-and-inlet'],
    ['power-outlet', 'power-outlet', 'outlet-and-outlet'],
    ['inlet', 'network', 'power-and-data'],
    ['console', 'network', 'console-and-network'],
    ['console', 'front', null],
  ] as const)('%s and %s: %s', (a, b, why) => {
    expect([misfit(a, b), misfit(b, a)]).toEqual([why, why]);
  });
});
