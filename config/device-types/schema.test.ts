import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FileError, parseYaml } from '../yaml/index.ts';
import { DeviceTypeFile, factsOf, libraryYaml, loadDeviceTypes, notesOf, portsOfType } from './index.ts';
import { expandRange, joinRange } from './port-range.ts';

const base = { manufacturer: 'Maker', model: 'M 1', slug: 'maker-m-1' };
const parse = (part: object) => DeviceTypeFile.parse({ ...base, ...part });
const said = (type: DeviceTypeFile) =>
  portsOfType(type).map(
    (port) =>
      `${port.kind} ${port.name} ${port.shape}${port.twoSided ? ' jack' : ''}${port.lanes > 1 ? ` of ${port.lanes}` : ''}${
        port.inner === null ? '' : ` > ${port.inner.rear}.${port.inner.lane}`
      }`,
  );

test('a range names its ports', () => {
  expect(expandRange('1/1/9-1/1/11')).toEqual(['1/1/9', '1/1/10', '1/1/11']);
  expect(expandRange('1-3, COM')).toEqual(['1', '2', '3', 'COM']);
  expect(expandRange('a-b')).toEqual(['a-b']);
});

test('names make a range, and the range makes the names', () => {
  expect(joinRange(['1/1/1', '1/1/2', '1/1/3', 'COM', '7'])).toBe('1/1/1-1/1/3, COM, 7');
  expect(joinRange(['a, b'])).toBeNull();
  const part = fc.stringMatching(/^[a-z/ -]{0,3}$/);
  fc.assert(
    fc.property(fc.array(fc.tuple(part, fc.nat({ max: 12 })), { maxLength: 12 }), (pairs) => {
      const names = pairs.map(([prefix, number]) => `${prefix.trim()}${number}`);
      const text = joinRange(names);
      if (text !== null) expect(expandRange(text)).toEqual(names);
    }),
  );
});

describe('files of the device-type library are taken as they are', () => {
  test('a UPS, with empty texts where NetBox writes what it does not know', () => {
    const type = parseYaml(
      'ups.yaml',
      `---
manufacturer: Maker
model: U 1500
slug: maker-u-1500
description: ''
default_platform: ''
part_number: null
u_height: 2.0
is_full_depth: true
subdevice_role: ''
airflow: null
weight: null
weight_unit: ''
front_image: true
_is_powered: false
power-ports:
  - { name: Input, type: iec-60320-c14, maximum_draw: '', allocated_draw: '', label: '' }
power-outlets:
  - { name: Output 1, type: iec-60320-c13, power_port: Input, feed_leg: '' }
interfaces:
  - { name: eth0, type: 1000base-t, enabled: true, mgmt_only: true, bridge: '', poe_mode: '', rf_role: '' }
  - { name: wifi1, type: ieee802.11ax, description: 5 GHz }
rear-ports:
module-bays:
  - { name: Card slot, position: '1' }
console-server-ports:
  - { name: COM, type: rj-45 }
`,
      DeviceTypeFile,
    );
    expect(said(type)).toEqual([
      'network eth0 rj45',
      'console COM rj45',
      'power-outlet Output 1 iec-c13',
      'inlet Input iec-c14',
    ]);
    expect(notesOf(type)).toEqual([
      { kind: 'module-bays', count: 1 },
      { kind: 'no-plug', count: 1 },
    ]);
  });

  test('a console server, whose kinds of port each begin with 1', () => {
    const type = parse({
      'console-ports': [{ name: '1', type: 'de-9' }],
      'console-server-ports': [{ name: '1', type: 'rj-45' }],
      'power-ports': [{ name: '1', type: 'iec-60320-c14', maximum_draw: 30, allocated_draw: 15 }],
      interfaces: [{ name: 'eth0', type: '100base-tx', mgmt_only: true }],
    });
    expect(said(type)).toEqual([
      'network eth0 rj45',
      'console Console 1 serial',
      'console 1 rj45',
      'inlet Power 1 iec-c14',
    ]);
    expect(notesOf(type)).toEqual([{ kind: 'renamed', from: '1', to: 'Console 1', count: 2 }]);
  });

  test('what takes part of a rack unit', () => {
    expect(parse({ u_height: 0.6 }).u_height).toBe(1);
    expect(parse({ u_height: 0.3 }).u_height).toBe(0.5);
    expect(parse({ u_height: 0 }).u_height).toBe(0);
  });

  test('ports of modules come with the module', () => {
    const type = parse({ interfaces: [{ name: 'Gi{module}/0/1', type: '1000base-t' }] });
    expect(portsOfType(type)).toEqual([]);
    expect(notesOf(type)).toEqual([{ kind: 'module-ports', count: 1 }]);
  });
});

test('weight and power are said in base units', () => {
  expect(factsOf(parse({ weight: 11, weight_unit: 'lb' })).weightKg).toBeCloseTo(4.99, 2);
  expect(factsOf(parse({ weight: 900, weight_unit: 'g' })).weightKg).toBe(0.9);
  expect(factsOf(parse({ weight: 16, weight_unit: 'oz' })).weightKg).toBeCloseTo(0.454, 3);
  expect(factsOf(parse({ is_powered: false }))).toMatchObject({ weightKg: null, powered: false });
  const supplies = [
    { name: 'PSU 1', maximum_draw: 800, allocated_draw: 300 },
    { name: 'PSU 2', maximum_draw: 750 },
  ];
  expect(
    factsOf(
      parse({
        'power-ports': supplies,
        interfaces: [{ name: '1', type: '1000base-t', poe_mode: 'pse', poe_type: 'type2-ieee802.3at' }],
      }),
    ),
  ).toEqual({ weightKg: null, maximumDrawW: 800, allocatedDrawW: 300, poePorts: 1, powered: true });
});

describe('inner wiring says the same in both forms', () => {
  const rear = (positions: number) => ({ 'rear-ports': [{ name: 'T', type: 'mpo', positions }] });
  const fronts = (count: number, part: object = {}) =>
    Array.from({ length: count }, (_, at) => ({ name: `L${at + 1}`, type: 'lc', ...part }));

  test('a cassette', () => {
    const old = parse({
      ...rear(12),
      'front-ports': fronts(12).map((port, at) => ({ ...port, rear_port: 'T', rear_port_position: at + 1 })),
    });
    const now = parse({
      ...rear(12),
      'front-ports': fronts(12, { positions: 1 }),
      'port-mappings': fronts(12).map(({ name }, at) => ({
        front_port: name,
        front_port_position: 1,
        rear_port: 'T',
        rear_port_position: at + 1,
      })),
    });
    expect(portsOfType(now)).toEqual(portsOfType(old));
    expect(said(now)).toContain('front L5 lc > T.5');
    expect(said(now)).toContain('rear T sc of 12');
  });

  test('a panel of jacks; positions may be left out', () => {
    const ports = [{ name: 'Port 1', type: '8p8c' }];
    const old = parse({
      'front-ports': ports.map((port) => ({ ...port, rear_port: port.name })),
      'rear-ports': ports,
    });
    const now = parse({
      'front-ports': ports,
      'rear-ports': ports,
      'port-mappings': [{ front_port: 'Port 1', rear_port: 'Port 1' }],
    });
    expect(said(old)).toEqual(['front Port 1 rj45 jack']);
    expect(portsOfType(now)).toEqual(portsOfType(old));
  });

  test('a file that says it in both forms', () => {
    const type = parse({
      'front-ports': [{ name: 'F', type: 'lc', rear_port: 'R' }],
      'rear-ports': [{ name: 'R', type: 'lc' }],
      'port-mappings': [{ front_port: 'F', rear_port: 'R' }],
    });
    expect(said(type)).toEqual(['front F lc > R.1', 'rear R lc']);
  });

  test('duplex couplers on a trunk: a pair is a lane, crossed or not', () => {
    const type = parse({
      ...rear(12),
      'front-ports': fronts(6, { positions: 2 }),
      'port-mappings': fronts(6).flatMap(({ name }, at) => [
        { front_port: name, front_port_position: 1, rear_port: 'T', rear_port_position: 2 * at + 2 },
        { front_port: name, front_port_position: 2, rear_port: 'T', rear_port_position: 2 * at + 1 },
      ]),
    });
    expect(said(type)).toContain('rear T sc of 6');
    expect(said(type)).toContain('front L3 lc > T.3');
    expect(notesOf(type)).toEqual([{ kind: 'blocks', rear: 'T', size: 2 }]);
  });

  test('a front port that leads nowhere is a port all the same', () => {
    expect(said(parse({ 'front-ports': fronts(1) }))).toEqual(['front L1 lc']);
  });
});

describe('a type that contradicts itself is refused, with what is wrong', () => {
  const front = (name: string, part: object) => ({ name, type: 'lc', ...part });
  const rear = (name: string, positions: number) => ({ name, type: 'lc', positions });
  const map = (front_port: string, rear_port: string, position: number, front_port_position = 1) => ({
    front_port,
    front_port_position,
    rear_port,
    rear_port_position: position,
  });
  test.each([
    [
      'two ports of one name',
      { 'power-ports': [{ name: '1' }, { name: '1' }] },
      'is the name of another port',
    ],
    ['no rear port', { 'front-ports': [front('1', { rear_port: 'R' })] }, '"R" is not one of rear-ports'],
    [
      'no front port',
      { 'rear-ports': [rear('R', 1)], 'port-mappings': [map('F', 'R', 1)] },
      '"F" is not one of',
    ],
    [
      'a lane used twice',
      {
        'front-ports': [front('1', { rear_port: 'R' }), front('2', { rear_port: 'R' })],
        'rear-ports': [rear('R', 2)],
      },
      'belongs to another front port, "1"',
    ],
    [
      'a lane that is not there',
      {
        'front-ports': [front('1', { rear_port: 'R', rear_port_position: 3 })],
        'rear-ports': [rear('R', 2)],
      },
      'must be at most 2',
    ],
    [
      'a position that a front port does not have',
      {
        'front-ports': [front('1', {})],
        'rear-ports': [rear('R', 2)],
        'port-mappings': [map('1', 'R', 1, 2)],
      },
      'must be at most 1, the positions of "1"',
    ],
    [
      'a front port that leads to two rear ports',
      {
        'front-ports': [front('1', { positions: 2 })],
        'rear-ports': [rear('A', 1), rear('B', 1)],
        'port-mappings': [map('1', 'A', 1, 1), map('1', 'B', 1, 2)],
      },
      'front port "1" leads to several rear ports ("A", "B")',
    ],
    [
      'blocks that are not side by side',
      {
        'front-ports': [front('1', { positions: 2 }), front('2', { positions: 2 })],
        'rear-ports': [rear('R', 4)],
        'port-mappings': [map('1', 'R', 1, 1), map('1', 'R', 3, 2), map('2', 'R', 2, 1), map('2', 'R', 4, 2)],
      },
      'front port "1" takes positions 1, 3 of "R"',
    ],
    ['a weight without its unit', { weight: 3 }, 'needs weight_unit'],
    [
      'a face with a port that is not there',
      { rackhaus: { front: { groups: [{ ports: '1-4', x: 30, y: 5 }] } } },
      'the type has no port "1"',
    ],
    [
      'a face with something outside',
      { rackhaus: { rear: { vents: [{ x: 400, y: 5, w: 200, h: 10 }] } } },
      'is outside the outline of 483 × 44 mm',
    ],
  ])('%s', (_name, part, message) => {
    const result = DeviceTypeFile.safeParse({ ...base, ...part });
    expect(result.success).toBe(false);
    expect(result.error?.issues.map((issue) => issue.message).join()).toContain(message);
  });

  test('an unknown key is named with its file and line', () => {
    const text =
      'manufacturer: M\nmodel: M\nslug: m\ninterfaces:\n  - name: a\n    type: 1000base-t\n    speed: 10\n';
    expect(() => parseYaml('m.yaml', text, DeviceTypeFile)).toThrow(
      new FileError('m.yaml', [{ line: 7, path: 'interfaces.0', message: 'unknown key "speed"' }]),
    );
  });
});

describe('written as a file of the library and read again', () => {
  test('every type that comes with Rackhaus is the same', async () => {
    for (const type of (await loadDeviceTypes()).values()) {
      const again = parseYaml('again.yaml', libraryYaml(type, true), DeviceTypeFile);
      expect(portsOfType(again)).toEqual(portsOfType(type));
      expect(again.rackhaus).toEqual(type.rackhaus);
      expect({ ...again, 'front-ports': [], 'port-mappings': [] }).toEqual({
        ...type,
        'front-ports': [],
        'port-mappings': [],
      });
    }
  });

  test('without our own part it has only keys that the library knows', () => {
    const type = parse({
      'front-ports': [{ name: 'F', type: 'lc', rear_port: 'R', color: 'aabbcc' }],
      'rear-ports': [{ name: 'R', type: 'lc' }],
      rackhaus: { form: 'half' },
    });
    expect(libraryYaml(type, false)).toBe(`---
manufacturer: Maker
model: M 1
slug: maker-m-1
u_height: 1
is_full_depth: true
front-ports:
  - name: F
    color: aabbcc
    type: lc
rear-ports:
  - name: R
    type: lc
    positions: 1
port-mappings:
  - front_port: F
    front_port_position: 1
    rear_port: R
    rear_port_position: 1
`);
  });
});
