import { loadProfiles } from '@rackhaus/config/profiles';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { LinesPoller } from '../testing/lines-poller.ts';

/** Families of which there is no recording: storage networks, power, climate. By what their MIBs say. */

let lines: LinesPoller;
beforeAll(async () => {
  lines = new LinesPoller(await loadProfiles());
});
afterEach(() => lines.close());

const objectId = (number: string) => `1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.${number}`;

describe('a Fibre Channel switch', () => {
  it('says who it is by the number of its board, and reads modules, not empty cages and dark ones', async () => {
    const base = '1.3.6.1.4.1.1588.2.1.1.1';
    const port = '16.0.0.39.1.2.3.4.0.0.0.0.0.0.0.0';
    const { identity, values } = await lines.poll('Fibre Channel Switch.', [
      objectId('1588.2.1.1.1'),
      '1.3.6.1.2.1.75.1.1.4.1.3.1|6|1.3.6.1.4.1.1588.2.1.1.133',
      `${base}.1.6.0|4|v8.1.2g`,
      ...[
        [1, 1, 4, 42, 'TEMP #1'],
        [2, 2, 3, 900, 'FAN #1'],
        [3, 2, 6, -2147483648, 'FAN #2'],
        [4, 3, 2, 0, 'Power Supply #1'],
      ].flatMap(([row, type, status, value, name]) => [
        `${base}.1.22.1.2.${row}|2|${type}`,
        `${base}.1.22.1.3.${row}|2|${status}`,
        `${base}.1.22.1.4.${row}|2|${value}`,
        `${base}.1.22.1.5.${row}|4|${name}`,
      ]),
      `${base}.6.2.1.36.1|4|tape`,
      `${base}.28.1.1.4.${port}.1|4|-2.5`,
      `${base}.28.1.1.4.${port}.2|4|NA`,
      `${base}.28.1.1.5.${port}.1|4|-inf`,
    ]);
    expect(identity).toMatchObject({ os: 'fabos', vendor: 'Brocade', model: '6520', firmware: 'v8.1.2g' });
    expect(values).toMatchObject({
      'sensor.temperature TEMP #1': 42,
      'fan.speed FAN #1': 900,
      'fan.state FAN #1': 'warning',
      'supply.state Power Supply #1': 'critical',
      'sensor.opticalPower tape receive power': -2.5,
    });
    const optics = Object.keys(values).filter((key) => key.startsWith('sensor.opticalPower'));
    expect(optics).toHaveLength(1);
    expect(Object.keys(values).filter((key) => key.endsWith('FAN #2'))).toEqual([]);
  });
});

describe('a controller of DC power', () => {
  it('is no UPS and no plain Linux, although it looks like both', async () => {
    const site = '1.3.6.1.4.1.2011.6.164.1';
    const { identity, values } = await lines.poll('Linux GSE200M 2.6.27-SPEAr310 armv5tejl', [
      objectId('8072.3.2.10'),
      `${site}.1.1.4.0|4|HUAWEI SMU`,
      `${site}.2.2.1.1.5.1|4|V100R002C01B104SP04`,
      `${site}.4.2.3.0|2|3`,
      `${site}.4.4.2.1.3.1|2|875`,
      `${site}.6.1.3.0|2|535`,
      `${site}.6.1.4.0|2|7`,
    ]);
    expect(identity).toMatchObject({ os: 'huawei-smu', firmware: 'V100R002C01B104SP04' });
    expect(values).toMatchObject({
      'sensor.state Batteries': 'critical',
      'sensor.voltage DC output in all': 53.5,
      'sensor.current DC output in all': 7,
      'ups.charge': 0.875,
    });
  });
});

describe('a unit that watches racks', () => {
  it('reads each sensor by its type', async () => {
    const sensors = '1.3.6.1.4.1.2606.4.2.3.5.2.1';
    const sensor = (row: number, type: number, name: string, status: number, value: number) => [
      `${sensors}.2.${row}|2|${type}`,
      `${sensors}.3.${row}|4|${name}`,
      `${sensors}.4.${row}|2|${status}`,
      `${sensors}.5.${row}|2|${value}`,
    ];
    const { identity, values } = await lines.poll('CMC-TC/PUII SN 123456 HW V3.10 - SW V2.70', [
      objectId('2606.4'),
      '1.3.6.1.4.1.2606.4.1.3.0|2|3',
      '1.3.6.1.4.1.2606.4.2.1.0|2|1',
      ...sensor(1, 10, 'Rack', 9, 41),
      ...sensor(2, 12, 'Air', 4, 45),
      ...sensor(3, 58, 'Water', 4, 14),
      ...sensor(4, 40, 'Fan', 4, 2900),
      ...sensor(5, 73, 'Strip', 4, 12),
      ...sensor(6, 15, 'Lock', 5, 0),
    ]);
    expect(identity).toMatchObject({ serial: '123456', firmware: '2.70', model: 'CMC-TC/PUII' });
    expect(values).toMatchObject({
      'sensor.state Overall status': 'warning',
      'sensor.state Processing unit': 'critical',
      'sensor.temperature Rack': 41,
      'sensor.state Rack': 'critical',
      'sensor.humidity Air': 0.45,
      'sensor.temperature Water': 14,
      'fan.speed Fan': 2900,
      'sensor.power Strip': 1200,
    });
    expect(values).not.toHaveProperty('sensor.humidity Lock');
  });

  it('shows that a sensor is invalid, and not what it says meanwhile', async () => {
    const sensors = '1.3.6.1.4.1.21796.3.3.3.1';
    const { values } = await lines.poll('Poseidon 3268 SNMP Supervisor v3.1.8', [
      objectId('21796.3.3'),
      `${sensors}.2.1|4|Rack`,
      `${sensors}.4.1|2|0`,
      `${sensors}.6.1|2|-500`,
      `${sensors}.9.1|2|0`,
    ]);
    expect(values['sensor.state Rack']).toBe('unknown');
    expect(values).not.toHaveProperty('sensor.temperature Rack');
  });
});

describe('an older disk station', () => {
  it('says its temperatures and fans in texts', async () => {
    const base = '1.3.6.1.4.1.24681.1.2';
    const { identity, values } = await lines.poll('Linux TS-459 Pro II 4.0.7', [
      objectId('24681'),
      `${base}.1.0|4|12.50 %`,
      `${base}.5.0|4|41 C/106 F`,
      `${base}.6.0|4|38 C/100 F`,
      `${base}.12.0|4|TS-459 Pro II`,
      `${base}.15.1.2.1|4|System FAN 1`,
      `${base}.15.1.3.1|4|1048 RPM`,
    ]);
    expect(identity).toMatchObject({ os: 'qnap', model: 'TS-459 Pro II', firmware: '4.0.7' });
    expect(values).toMatchObject({
      'sensor.temperature CPU': 41,
      'sensor.temperature System': 38,
      'fan.speed System FAN 1': 1048,
      'device.cpu': 0.125,
    });
  });
});

describe('a UPS that leaves out where its output comes from', () => {
  const poll = async (secondsOnBattery: number, more: string[] = []) =>
    (
      await lines.poll('UPS', [
        objectId('2254.2.4'),
        '1.3.6.1.2.1.33.1.1.2.0|4|Model 1',
        '1.3.6.1.2.1.33.1.2.1.0|2|2',
        `1.3.6.1.2.1.33.1.2.2.0|2|${secondsOnBattery}`,
        '1.3.6.1.2.1.33.1.2.4.0|2|90',
        ...more,
      ])
    ).values;

  it('is on battery while it counts the seconds, and not where it counts none', async () => {
    expect(await poll(12)).toMatchObject({ 'ups.source': 'battery', 'ups.charge': 0.9 });
    expect(await poll(0)).not.toHaveProperty(['ups.source']);
    expect(await poll(-1)).not.toHaveProperty(['ups.source']);
    expect(await poll(65_535)).not.toHaveProperty(['ups.source']);
  });

  it('is believed where it says so itself', async () => {
    expect(await poll(12, ['1.3.6.1.2.1.33.1.4.1.0|2|3'])).toMatchObject({ 'ups.source': 'normal' });
  });
});
