import { loadNutTemplate } from '@rackhaus/config/checks';
import { expect, it } from 'vitest';
import { Findings } from '../result.ts';
import { readVariables } from './meaning.ts';
import { parseLine } from './words.ts';

const template = await loadNutTemplate();
function read(variables: Record<string, string>) {
  const findings = new Findings();
  readVariables(new Map(Object.entries(variables)), template, findings);
  const values = (kind: string, entity = '') =>
    findings.readings.readings(1, 0).find((one) => one.kind === kind && one.entity === entity)?.values;
  return { findings, values };
}

it('parts the words of a line, in quotes and with backslashes', () => {
  expect(parseLine(String.raw`VAR ups ups.alarm "Akku \"A\" fehlt \\"`)).toEqual([
    'VAR',
    'ups',
    'ups.alarm',
    String.raw`Akku "A" fehlt \ `.trimEnd(),
  ]);
  expect(parseLine('UPS usv ""')).toEqual(['UPS', 'usv', '']);
});

it.each([
  ['OL', { source: 3, battery: 2, replaceBattery: 0 }],
  ['OL CHRG', { source: 3, battery: 2, replaceBattery: 0 }],
  ['OB DISCHRG', { source: 5, battery: 2, replaceBattery: 0 }],
  ['OB LB', { source: 5, battery: 3, replaceBattery: 0 }],
  ['OL BOOST RB', { source: 6, battery: 2, replaceBattery: 1 }],
  ['OL TRIM', { source: 7, battery: 2, replaceBattery: 0 }],
  ['BYPASS', { source: 4, battery: 2, replaceBattery: 0 }],
])('knows what %s means', (status, states) => {
  expect(read({ 'ups.status': status }).values('ups')).toEqual(states);
});

it('says nothing of a UPS that the driver has not asked yet', () => {
  expect(read({ 'ups.status': 'WAIT' }).values('ups')).toBeUndefined();
});

it('brings values to the units of the catalogue and keeps limits and words', () => {
  const { findings, values } = read({
    'ups.status': 'ALARM OL',
    'ups.alarm': 'Replace battery!',
    'battery.charge': '64',
    'battery.charge.low': '20',
    'battery.runtime': '900',
    'input.voltage': '229.1',
    'ups.load': '41',
    'device.mfr': 'Werk',
    'ups.test.result': 'Done and passed',
  });
  expect(values('ups')).toMatchObject({ charge: 0.64, runtime: 900, load: 0.41, test: 1 });
  expect(values('line', 'Input 1')).toEqual({ voltage: 229.1 });
  expect(values('sensor', 'Alarms')).toEqual({ state: 2 });
  expect(findings.identity.vendor).toBe('Werk');
  const [ups, alarms] = ['ups', 'sensor'].map((kind) => findings.entities().find((one) => one.kind === kind));
  expect(ups?.limits?.charge).toEqual({
    lowCritical: 0.2,
    lowWarning: null,
    highWarning: null,
    highCritical: null,
  });
  expect(alarms?.words).toEqual({ state: 'Replace battery!' });
});
