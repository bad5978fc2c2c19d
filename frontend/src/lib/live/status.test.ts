import type { Condition, HealthState } from '@rackhaus/config/contract';
import { describe, expect, it } from 'vitest';
import { incident } from '../alerts/testing.ts';
import { overviewOf, wholeStatus } from './status.ts';

const condition = (severity: 'warning' | 'critical'): Condition => ({
  id: `1/${severity}/`,
  rule: 'any',
  deviceId: 1,
  deviceName: 'USV B',
  place: 'Serverraum neu',
  roomId: 1,
  entity: '',
  severity,
  title: { de: 'USV B auf Batterie', en: 'UPS B on battery' },
  advice: { de: 'Prüfen', en: 'Check' },
  since: 0,
});
const well = {
  total: 58,
  well: 58,
  warning: 0,
  critical: 0,
  unknown: 0,
  conditions: [] as Condition[],
  conditionCount: 0,
};

describe('the state of the whole', () => {
  it('is calm when all is well', () => {
    expect(wholeStatus(well)).toMatchObject({ kind: 'all-well', state: 'ok', first: null, more: 0 });
  });
  it('names the first and counts the rest', () => {
    const conditions = [condition('critical'), condition('warning')];
    expect(
      wholeStatus({ ...well, well: 55, critical: 1, warning: 2, conditions, conditionCount: 3 }),
    ).toMatchObject({
      kind: 'some-well',
      state: 'critical',
      first: { title: conditions[0]?.title, affected: 0, incidentId: null },
      more: 2,
    });
  });
  it('is a warning for a condition of something that is no device, like an agent', () => {
    expect(wholeStatus({ ...well, conditions: [condition('warning')], conditionCount: 1 })).toMatchObject({
      kind: 'all-well',
      state: 'warning',
    });
  });
  it('names the cause rather than what hangs on it, and what is practised or held last', () => {
    const conditions = [condition('critical'), condition('critical'), condition('warning')];
    const held = { ...incident(2, 'critical'), heldBy: { id: 1, name: 'Umbau' } };
    const incidents = [held, { ...incident(3, 'critical'), drill: true }, incident(1, 'warning')];
    expect(
      wholeStatus(
        { ...well, well: 35, critical: 23, conditions, conditionCount: 27 },
        { open: 3, incidents },
      ),
    ).toMatchObject({ state: 'critical', first: { incidentId: 1, affected: 23 }, more: 2 });
    expect(wholeStatus(well, { open: 1, incidents: [held] })).toMatchObject({
      state: 'critical',
      first: { incidentId: 2 },
      more: 0,
    });
    const newer = incident(5, 'critical', { affected: 0 });
    expect(wholeStatus(well, { open: 2, incidents: [newer, incident(4, 'critical')] }).first).toMatchObject({
      incidentId: 4,
    });
    expect(wholeStatus(well, { open: 0, incidents: [] })).toMatchObject({ state: 'ok', first: null });
  });
  it('never calls silence health', () => {
    expect(wholeStatus({ ...well, well: 40, unknown: 18 })).toMatchObject({
      kind: 'some-well',
      state: 'unknown',
      unknown: 18,
    });
    expect(wholeStatus({ ...well, total: 0, well: 0 })).toMatchObject({ kind: 'nothing-monitored' });
  });
});

describe('the overview of a view', () => {
  it('of one room is the sum of its devices, once they are known', () => {
    const devices = new Map<number, { state: HealthState; conditions: Condition[] }>([
      [1, { state: 'critical', conditions: [condition('critical')] }],
      [2, { state: 'ok', conditions: [] }],
      [3, { state: 'unknown', conditions: [] }],
      [4, { state: 'warning', conditions: [condition('warning')] }],
    ]);
    expect(overviewOf({ overview: null, arrived: false, devices })).toBeNull();
    const sum = overviewOf({ overview: null, arrived: true, devices });
    expect(sum).toEqual({
      ...{ total: 4, well: 1, warning: 1, critical: 1, unknown: 1, conditionCount: 2 },
      conditions: [condition('critical'), condition('warning')],
    });
    expect(sum && wholeStatus(sum)).toMatchObject({ state: 'critical', kind: 'some-well', more: 1 });
  });
});
