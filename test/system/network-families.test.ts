import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadProfiles, type ProfileSet } from '@rackhaus/config/profiles';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pollRecording } from '../bench/recognition/poll-recording.ts';

let folder: string;
let profiles: ProfileSet;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rackhaus-families-'));
  profiles = await loadProfiles();
});
afterAll(() => rm(folder, { recursive: true }));

/** A device that answers this and nothing else: what is read of it, by instance. */
async function device(
  description: string,
  objectId: string,
  values: Readonly<Record<string, string | number>> = {},
) {
  const lines = Object.entries({ '1.3.6.1.2.1.1.3.0': 1000, ...values }).map(
    ([oid, value]): readonly [string, string] => [oid, `${typeof value === 'number' ? 2 : 4}|${value}`],
  );
  lines.push(['1.3.6.1.2.1.1.1.0', `4x|${Buffer.from(description).toString('hex')}`]);
  lines.push(['1.3.6.1.2.1.1.2.0', `6|${objectId}`]);
  const byOid = ([a]: readonly [string, string], [b]: readonly [string, string]) =>
    a.localeCompare(b, 'en', { numeric: true });
  const file = join(folder, 'device.snmprec');
  await writeFile(
    file,
    lines
      .sort(byOid)
      .map(([oid, rest]) => `${oid}|${rest}\n`)
      .join(''),
  );
  const polled = await pollRecording(file, profiles);
  const at = (oid: string, id: string) =>
    polled.values.find((each) => each.id === id && each.oids.includes(oid))?.value;
  const readings = (id: string) =>
    Object.fromEntries(
      polled.values.filter((each) => each.id === id).map((each) => [each.entity, each.value]),
    );
  const { identity, neighbours } = polled.observation ?? {};
  return { identity, neighbours, at, readings };
}

const [ok, warning, critical, unknown] = [0, 1, 2, 3];

describe('what families of switches and firewalls mean', () => {
  it('an old switch without ENTITY-MIB is called as its sysObjectID says', async () => {
    const { identity } = await device(
      'Cisco Internetwork Operating System Software \r\nIOS (tm) C2950 Software (C2950-I6K2L2Q4-M), Version 12.1(22)EA14, RELEASE',
      '1.3.6.1.4.1.9.1.359',
    );
    expect(identity).toMatchObject({ os: 'ios', model: 'catalyst2950t24', firmware: '12.1(22)EA14' });
  });

  it('a firewall by itself misses no other unit; one of a pair does', async () => {
    const unit = '1.3.6.1.4.1.9.9.147.1.2.1.1.1';
    const asa = (detail: string) =>
      device('Cisco Adaptive Security Appliance Version 9.8(2)', '1.3.6.1.4.1.9.1.1421', {
        [`${unit}.2.7`]: 'Secondary unit',
        [`${unit}.3.7`]: 3,
        [`${unit}.4.7`]: detail,
      });
    expect((await asa('Failover Off')).at(`${unit}.3.7`, 'sensor.state')).toBe(unknown);
    expect((await asa('Failed unit')).at(`${unit}.3.7`, 'sensor.state')).toBe(critical);
    expect((await asa('not Configured')).at(`${unit}.3.7`, 'sensor.state')).toBeUndefined();
  });

  it('light that is told in watts is shown in dBm, whatever its scale', async () => {
    const sensor = '1.3.6.1.2.1.99.1.1.1';
    const arista = (scale: number, precision: number) =>
      device('Arista Networks EOS version 4.15.3F running on X', '1.3.6.1.4.1.30065.1.1', {
        '1.3.6.1.2.1.47.1.1.1.1.2.5': 'DOM RX Power for Ethernet1',
        [`${sensor}.1.5`]: 6,
        [`${sensor}.2.5`]: scale,
        [`${sensor}.3.5`]: precision,
        [`${sensor}.4.5`]: 5000,
        [`${sensor}.5.5`]: 1,
      });
    // 0.5000 mW and 500.0 uW.
    expect((await arista(8, 4)).at(`${sensor}.4.5`, 'sensor.opticalPower')).toBeCloseTo(-3.01, 2);
    expect((await arista(7, 1)).at(`${sensor}.4.5`, 'sensor.opticalPower')).toBeCloseTo(-3.01, 2);
  });

  it('stack ports of a switch by itself may be down', async () => {
    const stack = '1.3.6.1.4.1.2011.5.25.183.1';
    const { identity, at } = await device(
      'S5735-L24T4X-A1 \r\nHuawei Versatile Routing Platform Software \r\nVRP (R) software,Version 5.170 (S5735 V200R019C10SPC500)',
      '1.3.6.1.4.1.2011.2.23.725',
      {
        [`${stack}.20.1.3.0`]: 1,
        [`${stack}.20.1.3.1`]: 2,
        [`${stack}.21.1.5.0.1`]: 2,
        [`${stack}.21.1.5.1.1`]: 2,
        [`${stack}.21.1.5.1.2`]: 1,
      },
    );
    expect(identity).toMatchObject({ model: 'S5735-L24T4X-A1', firmware: '5.170 (V200R019C10SPC500)' });
    expect(at(`${stack}.21.1.5.0.1`, 'sensor.state')).toBe(unknown);
    expect(at(`${stack}.21.1.5.1.1`, 'sensor.state')).toBe(critical);
    expect(at(`${stack}.21.1.5.1.2`, 'sensor.state')).toBe(ok);
  });

  it('stack ports are down without trouble where nobody is behind them', async () => {
    const stack = '1.3.6.1.4.1.9.9.500.1';
    const port = `${stack}.2.2.1`;
    const member = (values: Readonly<Record<string, number>>) =>
      device(
        'Cisco IOS Software [Gibraltar], Catalyst L3 Switch Software (CAT9K_IOSXE)',
        '1.3.6.1.4.1.9.1.2494',
        {
          [`${stack}.1.1.0`]: 8,
          [`${stack}.2.1.1.3.1000`]: 1,
          [`${port}.1.60`]: 2,
          ...values,
        },
      );
    const alone = await member({ [`${stack}.1.3.0`]: 2, [`${port}.2.60`]: 0 });
    expect(alone.at(`${port}.1.60`, 'sensor.state')).toBe(unknown);
    const two = { [`${stack}.2.1.1.3.2000`]: 4, [`${port}.1.61`]: 1, [`${port}.2.61`]: 2000 };
    // A closed ring: the third member is only provisioned.
    const closed = await member({ ...two, [`${stack}.1.3.0`]: 1, [`${port}.2.60`]: 0 });
    expect(closed.at(`${port}.1.60`, 'sensor.state')).toBe(unknown);
    expect(closed.at(`${port}.1.61`, 'sensor.state')).toBe(ok);
    const broken = await member({ ...two, [`${stack}.1.3.0`]: 2, [`${port}.2.60`]: 0 });
    expect(broken.at(`${port}.1.60`, 'sensor.state')).toBe(warning);
  });

  it('an empty bay is no failure, a supply without mains a warning', async () => {
    const supply = '1.3.6.1.4.1.2272.1.4.8.1.1.2';
    const { at } = await device('VSP-4450GSX-PWR+ (8.1.5.0)', '1.3.6.1.4.1.1916.2.1', {
      '1.3.6.1.4.1.2272.1.1.7.0': '8.1.5.0',
      [`${supply}.1`]: 2,
      [`${supply}.2`]: 4,
    });
    expect(at(`${supply}.1`, 'supply.state')).toBe(ok);
    expect(at(`${supply}.2`, 'supply.state')).toBe(warning);
  });

  it('clients are counted by network over all radios, and by radio over all networks', async () => {
    const vap = '1.3.6.1.4.1.41112.1.6.1.2.1';
    const networks = [
      { ssid: 'Rathaus', radio: 'ng', clients: 3, channel: 11 },
      { ssid: 'Gast', radio: 'ng', clients: 4, channel: 11 },
      { ssid: 'Rathaus', radio: 'na', clients: 5, channel: 44 },
      { ssid: '', radio: 'na', clients: 1, channel: 44 },
    ];
    const { readings } = await device(
      'UAP-AC-Pro-Gen2 6.5.62.14788',
      '1.3.6.1.4.1.41112',
      Object.fromEntries(
        networks.flatMap(({ ssid, radio, clients, channel }, i) => [
          [`${vap}.4.${i}`, channel],
          [`${vap}.6.${i}`, ssid],
          [`${vap}.8.${i}`, clients],
          [`${vap}.9.${i}`, radio],
        ]),
      ),
    );
    expect(readings('sensor.count')).toEqual({
      'Rathaus clients': 8,
      'Gast clients': 4,
      'Radio ng clients': 7,
      'Radio na clients': 6,
    });
    expect(readings('sensor.frequency')).toEqual({
      'Radio ng frequency': 2_462_000_000,
      'Radio na frequency': 5_220_000_000,
    });
  });

  it('what a firewall calls its sensors says what they measure', async () => {
    const sensors = '1.3.6.1.4.1.12356.101.4.3.2.1';
    const names = ['CPU VTT', 'TS2', 'PS1 Fan 1', 'PS1 Fan Status', 'MAC_AVS_1V', 'DTS CPU'];
    const { at } = await device('our firewall', '1.3.6.1.4.1.12356.101.1.15000', {
      ...Object.fromEntries(names.map((name, i) => [`${sensors}.2.${i + 1}`, name])),
      ...Object.fromEntries(names.map((_, i) => [`${sensors}.3.${i + 1}`, `${i + 1}`])),
      ...Object.fromEntries(names.map((_, i) => [`${sensors}.4.${i + 1}`, 0])),
    });
    const measured = names.map((_, i) =>
      ['sensor.voltage', 'sensor.temperature', 'fan.speed'].filter(
        (id) => at(`${sensors}.3.${i + 1}`, id) !== undefined,
      ),
    );
    expect(measured).toEqual([
      ['sensor.voltage'],
      ['sensor.temperature'],
      ['fan.speed'],
      [],
      ['sensor.voltage'],
      ['sensor.temperature'],
    ]);
    expect(at(`${sensors}.4.4`, 'sensor.state')).toBe(ok);
  });

  it('a row of the neighbours that tells nothing is no neighbour', async () => {
    const remote = '1.0.8802.1.1.2.1.4.1.1';
    const { neighbours } = await device('MGS-3712', '1.3.6.1.4.1.890.1.5.8.47', {
      '1.3.6.1.2.1.31.1.1.1.1.7': 'swp06',
      [`${remote}.7.120.3.0`]: '',
      [`${remote}.9.120.3.0`]: '',
      [`${remote}.7.120.7.878`]: '1',
      [`${remote}.9.120.7.878`]: 'office-sw-d',
    });
    expect(neighbours).toMatchObject([{ remoteName: 'office-sw-d', remotePort: '1' }]);
  });

  it('neighbours are read from the second version of the MIB as well', async () => {
    const remote = '1.3.111.2.802.1.1.13.1.4.1.1';
    const { neighbours } = await device('Something', '1.3.6.1.4.1.99999.1', {
      '1.3.6.1.2.1.31.1.1.1.1.7': 'eth7',
      '1.3.6.1.2.1.2.2.1.8.7': 1,
      [`${remote}.7.120.7.1.3`]: 5,
      [`${remote}.8.120.7.1.3`]: 'Gi1/0/24',
      [`${remote}.10.120.7.1.3`]: 'core-1',
      '1.3.111.2.802.1.1.13.1.4.2.1.4.120.7.1.3.1.4.10.0.0.9': 1,
    });
    expect(neighbours).toMatchObject([
      { localPort: 'eth7', remoteName: 'core-1', remotePort: 'Gi1/0/24', managementAddress: '10.0.0.9' },
    ]);
  });

  it('a board without a serial number or model is called as its software says', async () => {
    const { identity } = await device('router', '1.3.6.1.4.1.14988.1', {
      '1.3.6.1.2.1.47.1.1.1.1.2.65536': 'RouterOS 6.40.5 (stable) on RB952Ui-5ac2nD',
      '1.3.6.1.4.1.14988.1.1.4.4.0': '6.40.5',
    });
    expect(identity).toMatchObject({ os: 'routeros', model: 'RB952Ui-5ac2nD', firmware: '6.40.5' });
  });
});
