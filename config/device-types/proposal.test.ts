import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DeviceTypeFile, facesOf, loadDeviceTypes, proposedFaces } from './index.ts';

const types = await loadDeviceTypes();

/** Where every port is, to a fifth of a millimetre. */
function places(type: DeviceTypeFile) {
  const faces = facesOf(type);
  return (['front', 'rear'] as const).flatMap((side) =>
    faces[side].elements.map((element) => ({
      side,
      what: element.kind === 'port' ? `${element.name} ${element.shape}` : element.kind,
      box: [element.x, element.y, element.w, element.h],
    })),
  );
}

function expectSame(type: DeviceTypeFile): void {
  const { front, rear } = proposedFaces(type);
  const said = DeviceTypeFile.parse({ ...type, rackhaus: { ...type.rackhaus, front, rear } });
  const byName = (list: ReturnType<typeof places>) =>
    list.toSorted((a, b) => `${a.side}${a.what}`.localeCompare(`${b.side}${b.what}`));
  const before = byName(places(type));
  const after = byName(places(said));
  expect(after.map(({ side, what }) => `${side} ${what}`)).toEqual(
    before.map(({ side, what }) => `${side} ${what}`),
  );
  for (const [index, { what, box }] of before.entries())
    for (const [at, value] of box.entries())
      expect(Math.abs(value - (after[index]?.box[at] ?? 0)), what).toBeLessThan(0.2);
}

test.each([...types])('%s is drawn the same from what is proposed', (_slug, type) => expectSame(type));

test('so is a type that says nothing', () => {
  const names = (prefix: string, most: number) =>
    fc.integer({ min: 0, max: most }).map((n) => Array.from({ length: n }, (_, at) => `${prefix}${at + 1}`));
  fc.assert(
    fc.property(
      fc.constantFrom('full' as const, 'half' as const, 'vertical' as const, 'none' as const),
      names('1/', 60),
      names('s', 9),
      names('o', 30),
      (form, copper, fibre, outlets) =>
        expectSame(
          DeviceTypeFile.parse({
            manufacturer: 'm',
            model: 'm',
            slug: 'm',
            interfaces: [
              ...copper.map((name) => ({ name, type: '1000base-t' })),
              ...fibre.map((name) => ({ name, type: '10gbase-x-sfpp' })),
            ],
            'power-outlets': outlets.map((name) => ({ name, type: 'iec-60320-c13' })),
            rackhaus: { form },
          }),
        ),
    ),
    { numRuns: 60 },
  );
});
