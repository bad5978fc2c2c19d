import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Face } from '../contract/index.ts';
import { Face as FaceSchema } from '../contract/index.ts';
import type { Box } from './box.ts';
import { facesOf, loadDeviceTypes, portsOfType } from './index.ts';
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
        u_height: fc.constantFrom(0, 0.5, 1, 2, 4, 10, 42),
        form: fc.constantFrom(
          'full' as const,
          'half' as const,
          'vertical' as const,
          'none' as const,
          undefined,
        ),
        networkPorts: fc.constantFrom('front' as const, 'rear' as const, undefined),
        copper: names('1/', 96),
        fibre: names('2/', 12),
        outlets: names('o', 42),
        inlets: names('i', 4),
        jacks: fc.oneof(names('j', 48), names('j', 432)),
        trunks: names('t', 36),
        serial: names('s', 48),
        odd: names('x', 5),
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
          'console-server-ports': made.serial.map((name) => ({ name, type: 'rj-45' })),
          'console-ports': made.odd.map((name) => ({ name, type: 'de-9' })),
          'front-ports': made.jacks.map((name) => ({ name, type: '8p8c', rear_port: name })),
          'rear-ports': [
            ...made.jacks.map((name) => ({ name, type: '8p8c' })),
            ...made.trunks.map((name) => ({ name, type: 'mpo', positions: 12 })),
          ],
          rackhaus: { form: made.form, networkPorts: made.networkPorts },
        });
        expect(faultsOf(type)).toEqual([]);
      },
    ),
    { numRuns: 150 },
  );
});

const boxes = fc.record({
  x: fc.integer({ min: 16, max: 300 }),
  y: fc.integer({ min: 2, max: 60 }),
  w: fc.integer({ min: 1, max: 150 }),
  h: fc.integer({ min: 1, max: 25 }),
});

test('whatever a file places, what it does not place is drawn inside, and nothing is lost', () => {
  fc.assert(
    fc.property(
      fc.array(boxes, { maxLength: 30 }),
      fc.array(boxes, { maxLength: 3 }),
      fc.integer({ min: 0, max: 60 }),
      (vents, groups, ports) => {
        const type = DeviceTypeFile.parse({
          manufacturer: 'm',
          model: 'm',
          slug: 'm',
          u_height: 2,
          interfaces: Array.from({ length: ports }, (_, at) => ({ name: `${at + 1}`, type: '1000base-t' })),
          rackhaus: {
            front: {
              vents,
              groups: groups
                .map((box, at) => ({ ...box, ports: `${at + 1}` }))
                .filter((_group, at) => at < ports),
            },
          },
        });
        const { front, rear, widthMm, heightMm } = facesOf(type);
        const drawn = [...front.elements, ...rear.elements].filter((element) => element.kind === 'port');
        expect(drawn.map((port) => port.name).toSorted()).toEqual(
          type.interfaces.map((port) => port.name).toSorted(),
        );
        for (const { x, y, w, h } of drawn) {
          expect(Math.min(x, y, w, h)).toBeGreaterThan(0);
          expect(x + w).toBeLessThanOrEqual(widthMm + tolerance);
          expect(y + h).toBeLessThanOrEqual(heightMm + tolerance);
        }
        FaceSchema.parse(front);
      },
    ),
    { numRuns: 150 },
  );
});

describe('what says nothing of its faces', () => {
  const bare = { manufacturer: 'm', model: 'm', slug: 'm' };
  const outlets = Array.from({ length: 24 }, (_, at) => ({ name: `${at + 1}`, type: 'iec-60320-c13' }));
  const parse = (part: object) => facesOf(DeviceTypeFile.parse({ ...bare, ...part }));
  test('a strip of outlets of no height hangs at a rail; a wall socket does not', () => {
    expect(parse({ u_height: 0, 'power-outlets': outlets }).form).toBe('vertical');
    expect(parse({ u_height: 0, interfaces: [{ name: 'a', type: '1000base-t' }] }).form).toBe('none');
  });
  test('a server has its network ports behind, a switch in front', () => {
    const port = { name: 'eth0', type: '10gbase-t' };
    const server = parse({ interfaces: [port, { name: 'iLO', type: '1000base-t', mgmt_only: true }] });
    expect(server.rear.elements).toHaveLength(2);
    const other = parse({ interfaces: [port, { name: 'mgmt', type: '1000base-t', mgmt_only: true }] });
    expect(other.front.elements).toHaveLength(2);
  });
  test('a chassis without ports has empty faces and room for its name', () => {
    const faces = parse({ u_height: 10, 'module-bays': [{ name: 'A', position: 'A' }] });
    expect(faces.front).toMatchObject({ elements: [] });
    expect(faces.front.name).not.toBeNull();
  });
});
