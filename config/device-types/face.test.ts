import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Face } from '../contract/index.ts';
import { Face as FaceSchema } from '../contract/index.ts';
import { parseYaml } from '../yaml/index.ts';
import type { Box } from './box.ts';
import { facesOf, loadDeviceTypes, portsOfType } from './index.ts';
import { expandRange } from './port-range.ts';
import { DeviceTypeFile } from './schema.ts';

const types = await loadDeviceTypes();
const tolerance = 1e-6;

/** Everything that is wrong with the faces of a type, in words. */
function faultsOf(type: DeviceTypeFile): string[] {
  const faces = facesOf(type);
  const ear = faces.form === 'full' || faces.form === 'half' ? 16 : 0;
  const faults: string[] = [];
  for (const side of ['front', 'rear'] as const) {
    const face: Face = faces[side];
    FaceSchema.parse(face);
    const boxes: (Box & { what: string })[] = face.elements.map((e) => ({
      ...e,
      what: `${side} ${e.kind} ${e.kind === 'port' ? e.name : ''}`,
    }));
    if (face.name !== null) boxes.push({ ...face.name, what: `${side} name` });
    for (const [i, a] of boxes.entries()) {
      if (
        a.x < ear - tolerance ||
        a.x + a.w > faces.widthMm - ear + tolerance ||
        a.y < -tolerance ||
        a.y + a.h > faces.heightMm + tolerance
      )
        faults.push(`${a.what} is outside: ${JSON.stringify(a)}`);
      for (const b of boxes.slice(i + 1))
        if (
          Math.min(a.x + a.w, b.x + b.w) - Math.max(a.x, b.x) > tolerance &&
          Math.min(a.y + a.h, b.y + b.h) - Math.max(a.y, b.y) > tolerance
        )
          faults.push(`${a.what} overlaps ${b.what}`);
    }
  }
  const drawn = [...faces.front.elements, ...faces.rear.elements].flatMap((e) =>
    e.kind === 'port' ? [e.name] : [],
  );
  const ports = portsOfType(type).map((port) => port.name);
  if (drawn.toSorted().join() !== ports.toSorted().join())
    faults.push(`drawn ports ${drawn} are not the ports ${ports}`);
  return faults;
}

describe('the types that come with Rackhaus', () => {
  test.each([...types])('%s: ports inside, apart, each on one face', (_slug, type) => {
    expect(faultsOf(type)).toEqual([]);
  });

  test.each([...types])('%s has a name area on the front, and its file is named after it', (slug, type) => {
    expect(type.slug).toBe(slug);
    if (type.model.startsWith('Rangierfeld')) return;
    expect(facesOf(type).front.name).not.toBeNull();
  });
});

test('whatever ports a type has, they are drawn inside and apart', () => {
  const names = (prefix: string, most: number) =>
    fc.integer({ min: 0, max: most }).map((n) => Array.from({ length: n }, (_, i) => `${prefix}${i + 1}`));
  fc.assert(
    fc.property(
      fc.record({
        u_height: fc.constantFrom(0, 0.5, 1, 2, 4, 10),
        form: fc.constantFrom('full' as const, 'half' as const, 'vertical' as const, 'none' as const),
        networkPorts: fc.constantFrom('front' as const, 'rear' as const),
        copper: names('1/', 96),
        fibre: names('2/', 12),
        outlets: names('o', 42),
        inlets: names('i', 4),
        jacks: names('j', 48),
      }),
      (made) => {
        const type = DeviceTypeFile.parse({
          manufacturer: 'm',
          model: 'm',
          slug: 'm',
          u_height: made.u_height,
          interfaces: [
            ...made.copper.map((name) => ({ name, type: '1000base-t' })),
            ...made.fibre.map((name) => ({ name, type: '10gbase-x-sfpp' })),
          ],
          'power-outlets': made.outlets.map((name) => ({ name, type: 'iec-60320-c13' })),
          'power-ports': made.inlets.map((name) => ({ name, type: 'iec-60320-c14' })),
          'front-ports': made.jacks.map((name) => ({ name, type: '8p8c', rear_port: name })),
          'rear-ports': made.jacks.map((name) => ({ name, type: '8p8c' })),
          rackhaus: { form: made.form, networkPorts: made.networkPorts },
        });
        expect(faultsOf(type)).toEqual([]);
      },
    ),
    { numRuns: 150 },
  );
});

test('a range names its ports', () => {
  expect(expandRange('1/1/9-1/1/11')).toEqual(['1/1/9', '1/1/10', '1/1/11']);
  expect(expandRange('1-3, COM')).toEqual(['1', '2', '3', 'COM']);
  expect(expandRange('a-b')).toEqual(['a-b']);
});

test('files of the device-type library are taken as they are', () => {
  const type = parseYaml(
    'ups.yaml',
    `manufacturer: Maker
model: U 1500
slug: maker-u-1500
description: ''
default_platform: ''
u_height: 2.0
is_full_depth: true
subdevice_role: ''
front_image: true
power-ports:
  - { name: Input, type: iec-60320-c14, maximum_draw: '', allocated_draw: '', label: '' }
power-outlets:
  - { name: Output 1, type: iec-60320-c13, power_port: Input, feed_leg: '' }
interfaces:
  - { name: eth0, type: 1000base-t, enabled: true, mgmt_only: true, bridge: '', poe_mode: '', rf_role: '' }
module-bays:
  - { name: Card slot, position: '1' }
console-server-ports:
  - { name: COM, type: rj-45 }
`,
    DeviceTypeFile,
  );
  expect(portsOfType(type).map((port) => `${port.kind} ${port.name} ${port.shape}`)).toEqual([
    'network eth0 rj45',
    'power-outlet Output 1 iec-c13',
    'inlet Input iec-c14',
  ]);
  expect(faultsOf(type)).toEqual([]);
});

describe('a type that contradicts itself is refused', () => {
  const base = { manufacturer: 'm', model: 'm', slug: 'm' };
  test.each([
    [
      'two ports of one name',
      { interfaces: [{ name: '1', type: '1000base-t' }], 'power-ports': [{ name: '1' }] },
      'is the name of another port',
    ],
    [
      'a front port without rear port',
      { 'front-ports': [{ name: '1', type: '8p8c', rear_port: 'R' }] },
      'is not one of rear-ports',
    ],
    [
      'a lane used twice',
      {
        'front-ports': [
          { name: '1', type: 'lc', rear_port: 'R' },
          { name: '2', type: 'lc', rear_port: 'R' },
        ],
        'rear-ports': [{ name: 'R', type: 'lc', positions: 2 }],
      },
      'belongs to another front port',
    ],
    [
      'a lane that is not there',
      {
        'front-ports': [{ name: '1', type: 'lc', rear_port: 'R', rear_port_position: 3 }],
        'rear-ports': [{ name: 'R', type: 'lc', positions: 2 }],
      },
      'must be at most 2',
    ],
  ])('%s', (_name, part, message) => {
    const result = DeviceTypeFile.safeParse({ ...base, ...part });
    expect(result.success).toBe(false);
    expect(result.error?.issues.map((issue) => issue.message).join()).toContain(message);
  });
});
