import type { DeviceTypeView, PlacedDevice, RackView } from '@rackhaus/config/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deviceBoxes, freeUnits, openingMm, rackFrame, unitMm, unitsOf, visibleFrom } from './geometry.ts';
import { rackRows } from './rack-rows.ts';

const noFace = { elements: [], name: null };
let nextId = 1;
function type(change: Partial<DeviceTypeView> = {}): DeviceTypeView {
  return {
    id: nextId++,
    manufacturer: 'Any',
    model: 'Thing',
    slug: 'any-thing',
    uHeight: 1,
    fullDepth: false,
    form: 'full',
    widthMm: openingMm,
    heightMm: unitMm,
    front: noFace,
    rear: noFace,
    ...change,
  };
}
function device(of: DeviceTypeView, change: Partial<PlacedDevice> = {}): PlacedDevice {
  return {
    id: nextId++,
    name: 'thing',
    typeId: of.id,
    role: 'other',
    monitored: false,
    rackId: 1,
    position: 1,
    face: 'front',
    side: 'full',
    ports: [],
    ...change,
  };
}
const rack = (devices: PlacedDevice[], heightU = 42): RackView => ({
  id: 1,
  name: 'Schrank',
  purpose: '',
  heightU,
  usedU: 0,
  devices,
});
const byId = (...types: DeviceTypeView[]) => new Map(types.map((each) => [each.id, each]));

describe('rack geometry', () => {
  it('puts unit 1 at the bottom and the highest unit at the top', () => {
    const one = type();
    const top = device(one, { position: 42 });
    const bottom = device(one, { position: 1 });
    const both = rack([bottom, top]);
    const frame = rackFrame(both, byId(one), 'front');
    const [first, last] = deviceBoxes(both, byId(one), 'front');
    expect(first?.device).toBe(top);
    expect(first?.y).toBeCloseTo(frame.openingY);
    expect((last?.y ?? 0) + unitMm).toBeCloseTo(frame.height - frame.openingY);
  });

  it('keeps every device inside the opening, at any position and height', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 60 }), (heightU, position) => {
        fc.pre(position <= heightU);
        const one = type({ uHeight: heightU - position + 1 });
        const only = rack([device(one, { position })], heightU);
        const frame = rackFrame(only, byId(one), 'front');
        const box = deviceBoxes(only, byId(one), 'front')[0];
        expect(box?.y).toBeGreaterThanOrEqual(frame.openingY - 0.01);
        expect((box?.y ?? 0) + (box?.h ?? 0)).toBeLessThanOrEqual(frame.height - frame.openingY + 0.01);
      }),
    );
  });

  it('shows from behind what reaches through, left and right exchanged', () => {
    const half = type({ form: 'half', widthMm: openingMm / 2, fullDepth: true });
    const left = device(half, { side: 'left' });
    const frame = rackFrame(rack([left]), byId(half), 'front');
    expect(deviceBoxes(rack([left]), byId(half), 'front')[0]).toMatchObject({
      x: frame.openingX,
      back: false,
    });
    expect(deviceBoxes(rack([left]), byId(half), 'rear')[0]).toMatchObject({
      x: frame.openingX + openingMm / 2,
      back: true,
    });
    expect(visibleFrom(left, type({ fullDepth: false }), 'rear')).toBe(false);
  });

  it('widens the frame for what hangs at a rail, only on the side that shows it', () => {
    const strip = type({ form: 'vertical', uHeight: 0, widthMm: 56, heightMm: 1800 });
    const hung = rack([device(strip, { position: null, side: 'left', face: 'rear' })]);
    const plain = rackFrame(rack([]), byId(), 'rear');
    expect(rackFrame(hung, byId(strip), 'front').width).toBe(plain.width);
    const rear = rackFrame(hung, byId(strip), 'rear');
    expect(rear.width).toBeGreaterThan(plain.width + 56);
    const box = deviceBoxes(hung, byId(strip), 'rear')[0];
    // Left from the front is right from behind.
    expect(box?.x).toBeGreaterThan(rear.openingX + openingMm);
    expect(box?.y).toBeGreaterThanOrEqual(0);
  });

  it('names units and free runs', () => {
    const two = type({ uHeight: 2 });
    const one = type();
    const placed = rack([device(two, { position: 3 }), device(one, { position: 1 })], 6);
    expect(unitsOf(device(two, { position: 3 }), two)).toBe('3–4');
    expect(unitsOf(device(one, { position: 7 }), one)).toBe('7');
    expect(unitsOf(device(one, { position: null }), one)).toBeNull();
    expect(freeUnits(placed, byId(one, two))).toEqual([
      { from: 5, to: 6 },
      { from: 2, to: 2 },
    ]);
    expect(
      rackRows(placed, byId(one, two)).map((row) => (row.kind === 'free' ? row.units : row.device.position)),
    ).toEqual(['5–6', 3, '2', 1]);
  });
});
