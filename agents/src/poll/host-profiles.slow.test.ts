import { loadProfiles } from '@rackhaus/config/profiles';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { LinesPoller } from '../testing/lines-poller.ts';

/** What recordings of healthy devices do not show: faults, oddities and models of which there is none. */

let lines: LinesPoller;
beforeAll(async () => {
  lines = new LinesPoller(await loadProfiles());
});
afterEach(() => lines.close());
const poll: LinesPoller['poll'] = (description, answers) => lines.poll(description, answers);

const netSnmp = (system: number) => `1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.8072.3.2.${system}`;

describe('who a host is', () => {
  it.each([
    [
      'Linux host 5.10.0-8-amd64 #1 SMP Debian x86_64',
      netSnmp(10),
      'linux',
      'Generic x86 64-bit',
      '5.10.0-8-amd64',
    ],
    [
      'Linux pve 6.5.11-7-pve #1 SMP PREEMPT x86_64',
      netSnmp(10),
      'proxmox',
      'Generic x86 64-bit',
      '6.5.11-7-pve',
    ],
    [
      'Hardware: Intel64 Family 6 Model 26 Stepping 4 AT/AT COMPATIBLE - Software: Windows Version 6.3 (Build 20348 Multiprocessor Free)',
      '1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.311.1.1.3.1.2',
      'windows',
      'Intel x64',
      'Server 2022 (21H2)',
    ],
    [
      'Hardware: AMD64 Family 25 Model 1 Stepping 1 AT/AT COMPATIBLE - Software: Windows Version 6.3 (Build 22631 Multiprocessor Free)',
      '1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.311.1.1.3.1.1',
      'windows',
      'AMD x64',
      '11 (23H2)',
    ],
    [
      'TrueNAS-11.2-U7 (b088). Hardware: amd64 Intel(R) Xeon(R) CPU E5-2620 v2 @ 2.10GHz. Software: FreeBSD 11.2',
      netSnmp(8),
      'truenas',
      'amd64 Intel(R) Xeon(R) CPU E5-2620 v2 @ 2.10GHz',
      '11.2-U7',
    ],
    [
      'TrueNAS-12.0-U8. Hardware: amd64 Intel(R) Xeon(R) CPU E5-2620. Software: FreeBSD 12.2',
      '1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.50536.3',
      'truenas',
      'amd64 Intel(R) Xeon(R) CPU E5-2620',
      '12.0-U8',
    ],
    ['CS141 v 2.10', '1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.99999', 'generex-ups', 'CS141', '2.10'],
    [
      'securityProbe 5ESV SEC-MX25V405n Jun 02 2016 10:57:49',
      '1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.3854.1',
      'akcp',
      'securityProbe 5ESV',
      '405n',
    ],
    [
      'VMware-vCenter-Server-Appliance 7.0.0.10100 build 16386292',
      '1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.6876.4.6',
      'vmware-vcsa',
      null,
      '7.0.0',
    ],
    ['Darwin Kernel Version 15', netSnmp(16), 'macosx', null, null],
    [
      'Integrated Lights-Out 4 2.50 Sep 23 2016',
      '1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.232.9.4.10',
      'hpe-ilo',
      null,
      '2.50',
    ],
  ])('%s', async (description, objectId, os, model, firmware) => {
    const { identity } = await poll(description, [objectId]);
    expect(identity).toMatchObject({ os, model, firmware });
  });

  it('tells probes of a PDU apart by the numbers of the MIB', async () => {
    const probes = '1.3.6.1.4.1.13742.6.3.6.3.1';
    const measured = '1.3.6.1.4.1.13742.6.5.5.3.1';
    const probe = (index: number, type: number, name: string, state: number, value: number) => [
      `${probes}.2.1.${index}|2|${type}`,
      `${probes}.4.1.${index}|4|${name}`,
      `${probes}.17.1.${index}|66|0`,
      `${measured}.3.1.${index}|2|${state}`,
      `${measured}.4.1.${index}|2|${value}`,
    ];
    const { values } = await poll('PX3 030600', [
      '1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.13742.6',
      ...probe(1, 17, 'Floor', 11, 0),
      ...probe(2, 18, 'Ceiling', 4, 0),
      ...probe(3, 43, 'Front', 0, 1),
      ...probe(4, 49, 'Handle', 0, 0),
    ]);
    expect(values).toMatchObject({
      'sensor.water Floor': 'wet',
      'sensor.state Floor': 'critical',
      'sensor.smoke Ceiling': 'quiet',
      'sensor.state Ceiling': 'ok',
      'sensor.door Front': 'open',
      'sensor.state Handle': 'ok',
    });
  });

  it('is the server beneath the operating system, where an agent says which', async () => {
    const { identity, values } = await poll('Linux host 5.10.0-8-amd64 x86_64', [
      netSnmp(10),
      '1.3.6.1.4.1.674.10892.1.300.10.1.9.1|4|PowerEdge R730',
      '1.3.6.1.4.1.674.10892.1.300.10.1.11.1|4|ABC1234',
      '1.3.6.1.4.1.674.10892.1.700.12.1.5.1.1|2|10',
      '1.3.6.1.4.1.674.10892.1.700.12.1.6.1.1|2|0',
      '1.3.6.1.4.1.674.10892.1.700.12.1.8.1.1|4|System Board Fan1',
    ]);
    expect(identity).toMatchObject({ os: 'linux', model: 'Dell PowerEdge R730', serial: 'ABC1234' });
    expect(values).toMatchObject({ 'fan.state System Board Fan1': 'critical' });
  });
});

describe('memory and volumes', () => {
  const storage = '1.3.6.1.2.1.25.2.3.1';
  const row = (index: number, type: string, name: string, units: number, size: number, used: number) => [
    `${storage}.2.${index}|6|1.3.6.1.2.1.25.${type}`,
    `${storage}.3.${index}|4|${name}`,
    `${storage}.4.${index}|2|${units}`,
    `${storage}.5.${index}|2|${size}`,
    `${storage}.6.${index}|2|${used}`,
  ];

  it('count buffers and cache in their own units, and not what is less than nothing', async () => {
    const { values } = await poll('FreeBSD host 10.0-RELEASE', [
      netSnmp(8),
      ...row(1, '2.1.2', 'Physical memory', 4096, 1_000_000, 500_000),
      ...row(6, '2.1.1', 'Memory buffers', 1024, 115_200, 4000),
      ...row(7, '2.1.1', 'Cached memory', 4096, 146_129, -146_249),
    ]);
    expect(values['memory.used Memory buffers']).toBe(4_096_000);
    expect(values['memory.used Physical memory']).toBe(2_048_000_000);
    expect(values).not.toHaveProperty('memory.used Cached memory');
  });

  it('are right above 2^31 units, and leave out what is no disk', async () => {
    const { values } = await poll('Linux host 5.10.0 x86_64', [
      netSnmp(10),
      ...row(31, '2.1.4', '/srv', 4096, -1_294_967_296, 1_500_000_000),
      ...row(32, '2.1.4', '/run/user/1000', 4096, 1000, 1),
      ...row(33, '2.1.4', '/var/lib/docker/overlay2/abc/merged', 4096, 1000, 1),
      ...row(34, '2.1.4', '/running', 4096, 1000, 500),
    ]);
    expect(values['storage.size /srv']).toBe(3_000_000_000 * 4096);
    expect(values['storage.fill /srv']).toBe(0.5);
    expect(values['storage.fill /running']).toBe(0.5);
    expect(Object.keys(values).filter((key) => key.startsWith('storage.fill'))).toHaveLength(2);
  });
});

describe('what is broken', () => {
  it('a disk of which S.M.A.R.T. foresees the end, and one that has failed', async () => {
    const disk = '1.3.6.1.4.1.674.10892.5.5.1.20.130.4.1';
    const { values } = await poll('', [
      '1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.674.10892.5',
      ...[1, 2, 3].flatMap((n) => [
        `${disk}.2.${n}|4|Disk ${n}`,
        `${disk}.4.${n}|2|${n === 3 ? 7 : 3}`,
        `${disk}.24.${n}|2|${n === 3 ? 5 : 3}`,
        `${disk}.31.${n}|2|${n === 2 ? 1 : 0}`,
      ]),
    ]);
    expect(values).toMatchObject({
      'storage.state Disk 1': 'ok',
      'storage.state Disk 2': 'warning',
      'storage.state Disk 3': 'critical',
    });
  });

  it('a RAID disk, its battery and its array', async () => {
    const { values } = await poll('Linux host 5.10.0 x86_64', [
      netSnmp(10),
      '1.3.6.1.4.1.3582.4.1.4.1.6.2.1.16.0|4|33 (Normal)',
      '1.3.6.1.4.1.3582.4.1.4.1.6.2.1.27.0|2|1',
      '1.3.6.1.4.1.3582.4.1.4.2.1.2.1.2.4|2|12',
      '1.3.6.1.4.1.3582.4.1.4.2.1.2.1.10.4|2|17',
      '1.3.6.1.4.1.3582.4.1.4.2.1.2.1.18.4|2|252',
    ]);
    expect(values).toMatchObject({
      'sensor.temperature RAID battery 0': 33,
      'sensor.state RAID battery 0': 'critical',
      'storage.state Disk 252:12 #4': 'critical',
    });
  });

  it('a volume of a DiskStation, on battery', async () => {
    const { values, identity } = await poll('Linux nas 4.4.180+ x86_64', [
      netSnmp(10),
      '1.3.6.1.4.1.6574.1.1.0|2|1',
      '1.3.6.1.4.1.6574.1.5.1.0|4|DS920+',
      '1.3.6.1.4.1.6574.1.5.3.0|4|DSM 7.2-64570',
      '1.3.6.1.4.1.6574.3.1.1.2.0|4|Volume 1',
      '1.3.6.1.4.1.6574.3.1.1.3.0|2|11',
      '1.3.6.1.4.1.6574.4.2.1.0|4|OB DISCHRG LB',
      '1.3.6.1.4.1.6574.4.3.6.1.0|2|120',
    ]);
    expect(identity).toMatchObject({ os: 'dsm', model: 'DS920+', firmware: '7.2-64570' });
    expect(values).toMatchObject({
      'storage.state Volume 1': 'critical',
      'ups.source': 'battery',
      'ups.battery': 'low',
      'ups.runtime': 120,
    });
  });

  it('a sensor of an array that says it in a sentence', async () => {
    const sensor = '1.3.6.1.3.94.1.8.1';
    const { values } = await poll('DELL EMC ME4024', [
      `${sensor}.3.16.1.1|4|CPU Temperature-Ctlr A`,
      `${sensor}.4.16.1.1|2|4`,
      `${sensor}.6.16.1.1|4|CPU Temperature-Ctlr A: 97 C 206.60F`,
      `${sensor}.3.16.1.2|4|Voltage 12V Loc: lower-PSU`,
      `${sensor}.4.16.1.2|2|3`,
      `${sensor}.6.16.1.2|4|Voltage 12V Loc: lower-PSU: 12.09`,
    ]);
    expect(values).toMatchObject({
      'sensor.temperature CPU Temperature-Ctlr A': 97,
      'sensor.state CPU Temperature-Ctlr A': 'warning',
      'sensor.voltage Voltage 12V Loc: lower-PSU': 12.09,
    });
  });
});
