import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeBox, rackFrame, unitMm, type ViewSide } from '../rack/geometry.ts';
import type { Place } from './fit.ts';
import { follow, offsetOf, snap, stepped } from './steps.ts';
import { rackOf, typeOf } from './testing.ts';

const flat = typeOf();
const half = typeOf({ id: 2, form: 'half' });
const strip = typeOf({ id: 3, form: 'vertical', uHeight: 0, heightMm: 1800, widthMm: 60 });
const racks = [rackOf([], 42, 1), rackOf([], 24, 2), rackOf([], 42, 3)];
const at = (change: Partial<Place> = {}): Place => ({
  rackId: 1,
  position: 10,
  face: 'front',
  side: 'full',
  ...change,
});

describe('where a device snaps to', () => {
  it('is the place that it is drawn at, whatever place that is', () => {
    const types = [flat, half, typeOf({ id: 4, uHeight: 3 }), typeOf({ id: 5, uHeight: 0.5 })];
    fc.assert(
      fc.property(
        fc.constantFrom(...types),
        fc.integer({ min: 1, max: 39 }),
        fc.constantFrom<ViewSide>('front', 'rear'),
        fc.constantFrom<'left' | 'right'>('left', 'right'),
        fc.double({ min: -0.2, max: 0.2, noNaN: true }),
        (type, position, view, side, off) => {
          const rack = rackOf([]);
          const frame = rackFrame(rack, new Map(), view);
          const place = at({ position, face: view, side: type.form === 'half' ? side : 'full' });
          const box = placeBox(frame, type, place, view);
          const held = { x: box.x + box.w / 2 + (type.form === 'half' ? 0 : 1), top: box.y + off * unitMm };
          expect(snap(held, rack, frame, view, { type, back: false, fine: false })).toEqual(place);
        },
      ),
    );
  });
  it('is the rail at that side for what hangs, and turns what is seen from behind', () => {
    const rack = rackOf([]);
    const frame = rackFrame(rack, new Map(), 'rear');
    const held = { type: strip, back: false, fine: false };
    expect(snap({ x: 0, top: 0 }, rack, frame, 'rear', held)).toMatchObject({ side: 'right', face: 'rear' });
    expect(snap({ x: 100, top: 0 }, rack, frame, 'rear', { ...held, type: flat, back: true })).toMatchObject({
      face: 'front',
    });
  });
});

describe('the keyboard', () => {
  it('goes by units, and not out of the rack', () => {
    expect(stepped(at(), 'up', flat, racks, 'front')).toEqual(at({ position: 11 }));
    expect(stepped(at({ position: 42 }), 'up', flat, racks, 'front')).toBeNull();
    expect(stepped(at({ position: 1 }), 'down', flat, racks, 'front')).toBeNull();
    expect(stepped(at({ position: 10.5 }), 'up', flat, racks, 'front')).toEqual(at({ position: 11 }));
    expect(stepped(at(), 'down', flat, racks, 'front', true)).toEqual(at({ position: 9.5 }));
  });
  it('goes to the other half first, then to the next rack, which may be lower', () => {
    const left = at({ side: 'left', position: 40 });
    expect(stepped(left, 'right', half, racks, 'front')).toEqual({ ...left, side: 'right' });
    expect(stepped({ ...left, side: 'right' }, 'right', half, racks, 'front')).toEqual(
      at({ rackId: 2, side: 'left', position: 24 }),
    );
    expect(stepped(left, 'left', half, racks, 'front')).toBeNull();
    // From behind, what is at the right hand is the left half.
    expect(stepped({ ...left, side: 'right' }, 'right', half, racks, 'rear')).toEqual(left);
  });
  it('flips the face', () => {
    expect(stepped(at(), 'flip', flat, racks, 'front')).toEqual(at({ face: 'rear' }));
  });
});

describe('several at once', () => {
  it('keep their distance', () => {
    const first = at();
    const second = at({ rackId: 2, position: 7, face: 'rear' });
    const offset = offsetOf(second, first, racks);
    expect(offset).toEqual({ racks: 1, units: -3 });
    const own = { from: second, side: second.side };
    expect(follow({ from: first, to: at({ rackId: 2, position: 12 }) }, own, offset, racks)).toEqual(
      at({ rackId: 3, position: 9, face: 'rear' }),
    );
    expect(follow({ from: first, to: at({ face: 'rear' }) }, own, offset, racks)?.face).toBe('front');
    expect(follow({ from: first, to: at({ rackId: 3 }) }, own, offset, racks)).toBeNull();
  });
});
