import { ModbusPoint } from '@rackhaus/config/contract';
import { describe, expect, it } from 'vitest';
import { newPoint, numberOf, storedPoints, typedPoints, typeFor } from './points.ts';

const full: ModbusPoint = {
  name: 'Anlage; Betrieb',
  table: 'holding',
  address: 12,
  type: 'uint32',
  order: 'low-first',
  scale: 0.1,
  offset: -40,
  metric: 'sensor.state',
  map: { '0': 'ok', '3': 'critical', '-1': 'unknown' },
  drop: [32_767, -9999, 0.5],
};

describe('values of a Modbus check', () => {
  it('come back from the form as they went in', () => {
    expect(storedPoints(typedPoints([full]))).toEqual([full]);
    const plain = { ...full, map: null, drop: [], order: 'high-first' };
    expect(storedPoints(typedPoints([plain]))).toEqual([plain]);
  });

  it('begin as one that only lacks its name', () => {
    expect(ModbusPoint.safeParse(storedPoints([{ ...newPoint(), name: 'Zuluft' }])[0]).success).toBe(true);
  });

  it('keep what this version does not know, for a person to see', () => {
    expect(typedPoints([{ ...full, metric: 'sensor.radiation' }])[0]?.metric).toBe('sensor.radiation');
    expect(typedPoints('no list')).toEqual([]);
  });

  it('leave what is no number to be refused, instead of leaving it out', () => {
    expect([numberOf('0,1'), numberOf(' 5 '), numberOf('x1'), numberOf('')]).toEqual([0.1, 5, 'x1', null]);
    expect(storedPoints([{ ...newPoint(), drop: '5; x' }])).toMatchObject([{ drop: [5, 'x'] }]);
  });

  it('are bits where the table holds bits', () => {
    expect([typeFor('coil', 'int16'), typeFor('input', 'bit'), typeFor('input', 'uint32')]).toEqual([
      'bit',
      'int16',
      'uint32',
    ]);
  });
});
