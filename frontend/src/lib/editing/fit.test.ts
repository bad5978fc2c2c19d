import { type PlacedDevice, rackSlots, slotKey } from '@rackhaus/config/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitOf, freePlaces, type Ground, type Place, type Wanted } from './fit.ts';
import { deviceOf, groundOf, rackOf, typeOf } from './testing.ts';

const want = (type: Wanted['type'], place: Partial<Place>, change: Partial<Wanted> = {}): Wanted => ({
  id: 900,
  name: 'new',
  role: 'other',
  type,
  place: { rackId: 1, position: 1, face: 'front', side: 'full', ...place },
  ...change,
});
const misfit = (wanted: Wanted, ground: Ground) => fitOf([wanted], ground)[0]?.misfit;

describe('whether a device fits', () => {
  const deep = typeOf({ id: 1, uHeight: 2, fullDepth: true });
  const flat = typeOf({ id: 2 });
  const half = typeOf({ id: 3, form: 'half' });
  const strip = typeOf({ id: 4, form: 'vertical', uHeight: 0 });
  const loose = typeOf({ id: 5, form: 'none', uHeight: 0 });
  const rear = deviceOf(flat, { id: 10, name: 'hinten', position: 5, face: 'rear' });
  const left = deviceOf(half, { id: 11, name: 'links', position: 8, side: 'left' });
  const rail = deviceOf(strip, { id: 12, name: 'leiste', position: null, side: 'left' });
  const ground = groundOf([rackOf([rear, left, rail], 10)], [deep, flat, half, strip, loose]);

  it('says by whom a place is taken, and by whom its depth', () => {
    expect(misfit(want(flat, { position: 5, face: 'rear' }), ground)).toMatchObject({
      reason: 'occupied',
      by: { name: 'hinten' },
    });
    expect(misfit(want(deep, { position: 4 }), ground)).toMatchObject({
      reason: 'too-deep',
      by: { name: 'hinten' },
    });
    expect(misfit(want(flat, { position: 5 }), ground)).toBeNull();
  });
  it('lets two of half width share a unit', () => {
    expect(misfit(want(half, { position: 8, side: 'right' }), ground)).toBeNull();
    expect(misfit(want(half, { position: 8, side: 'left' }), ground)?.reason).toBe('occupied');
    expect(misfit(want(flat, { position: 8 }), ground)?.reason).toBe('occupied');
  });
  it('knows the rails, the ends of the rack, and what is not mounted', () => {
    expect(misfit(want(strip, { position: null, side: 'left' }), ground)?.reason).toBe('occupied');
    expect(misfit(want(strip, { position: null, side: 'right' }), ground)).toBeNull();
    expect(misfit(want(strip, { position: null, side: 'left', face: 'rear' }), ground)).toBeNull();
    expect(misfit(want(deep, { position: 10 }), ground)).toEqual({ reason: 'above', heightU: 10 });
    expect(misfit(want(loose, { position: 3 }), ground)?.reason).toBe('not-mountable');
  });
  it('does not stand in its own way, nor do those that move along', () => {
    const a = { id: rear.id, name: rear.name, role: rear.role, type: flat };
    expect(
      misfit({ ...a, place: { rackId: 1, position: 5, face: 'rear', side: 'full' } }, ground),
    ).toBeNull();
    const both = fitOf([want(flat, { position: 1 }), want(flat, { position: 1 }, { id: 901 })], ground);
    expect(both.map((fit) => fit.misfit?.reason)).toEqual([undefined, 'occupied']);
  });
  it('warns of weight and power, and does not count what only passes power on', () => {
    const heavy = groundOf([rackOf([rear], 10)], [deep, flat], {
      limits: [{ id: 1, version: 1, maxWeightKg: 20, maxPowerW: 500 }],
      loads: new Map([
        [deep.id, { id: deep.id, weightKg: 18, powerW: 600 }],
        [flat.id, { id: flat.id, weightKg: 4, powerW: null }],
      ]),
    });
    expect(fitOf([want(deep, { position: 1 })], heavy)[0]).toEqual({
      misfit: null,
      burdens: [
        { kind: 'weight', total: 22, limit: 20 },
        { kind: 'power', total: 600, limit: 500 },
      ],
    });
    const ups = fitOf([want(deep, { position: 1 }, { role: 'ups' })], heavy)[0];
    expect(ups?.burdens.map(({ kind }) => kind)).toEqual(['weight']);
  });
  it('finds the free places from the top down', () => {
    const places = freePlaces(
      want(deep, {}),
      rackOf([rear], 6),
      'front',
      groundOf([rackOf([rear], 6)], [flat]),
    );
    expect(places.map(({ position }) => position)).toEqual([3, 2, 1]);
    const shared = rackOf([left], 8);
    expect(freePlaces(want(half, {}), shared, 'front', groundOf([shared], [half]))[0]).toEqual({
      rackId: 1,
      position: 8,
      face: 'front',
      side: 'right',
    });
  });
});

it('says of any place what the unique slots of the database say', () => {
  const types = [
    typeOf({ id: 1 }),
    typeOf({ id: 2, uHeight: 2, fullDepth: true }),
    typeOf({ id: 3, uHeight: 0.5 }),
    typeOf({ id: 4, form: 'half' }),
    typeOf({ id: 5, form: 'vertical', uHeight: 0 }),
    typeOf({ id: 6, uHeight: 1.5, fullDepth: true }),
  ];
  const place = fc.record({
    type: fc.constantFrom(...types),
    halves: fc.integer({ min: 2, max: 18 }),
    face: fc.constantFrom<PlacedDevice['face']>('front', 'rear'),
    side: fc.constantFrom<'left' | 'right'>('left', 'right'),
  });
  fc.assert(
    fc.property(fc.array(place, { maxLength: 25 }), (wanted) => {
      const slots = new Set<string>();
      let devices: PlacedDevice[] = [];
      wanted.forEach(({ type, halves, face, side }, index) => {
        const at: Place = {
          rackId: 1,
          position: type.form === 'vertical' ? null : halves / 2,
          face,
          side: type.form === 'full' ? 'full' : side,
        };
        const own = rackSlots({ ...type, ...at }).map(slotKey);
        const free = own.every((slot) => !slots.has(slot));
        const inside = at.position === null || at.position + type.uHeight - 1 <= 9;
        const fit = fitOf([want(type, at, { id: index + 1 })], groundOf([rackOf(devices, 9)], types))[0];
        expect(fit?.misfit === null).toBe(free && inside);
        if (!free || !inside) return;
        for (const slot of own) slots.add(slot);
        devices = [...devices, deviceOf(type, { id: index + 1, ...at })];
      });
    }),
  );
});
