import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Quantities } from '../format/quantity.ts';
import { displayLines } from './display.ts';
import { fitText } from './fit-text.ts';
import { overlayShare, overlayValue } from './overlay.ts';
import { portLook, portPath } from './port-shape.ts';
import { hottest, rackPower } from './rack-facts.ts';
import { nearestIndex } from './stage-keys.ts';
import {
  anchoredScroll,
  clampZoom,
  fitScale,
  fitsBeside,
  fitWidth,
  nextZoom,
  smallestScale,
} from './zoom.ts';

const measure = (text: string) => [...text].length * 0.5;

describe('text on a face', () => {
  it('is never wider than its box', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 60 }),
        fc.double({ min: 0, max: 200, noNaN: true }),
        (text, width) => {
          expect(measure(fitText(text, width, 10, measure)) * 10).toBeLessThanOrEqual(width + 1e-9);
        },
      ),
    );
  });
  it('is cut where it has to be', () => {
    expect(fitText('acc-untergeschoss', 1000, 10, measure)).toBe('acc-untergeschoss');
    expect(fitText('acc-untergeschoss', 30, 10, measure)).toBe('acc-u…');
    expect(fitText('acc', 4, 10, measure)).toBe('');
  });
});

describe('zoom', () => {
  it('fits by height while a rack stays readable, and never wider than the window', () => {
    const rack = { width: 567, height: 1915 };
    expect(fitScale({ width: 1000, height: 766 }, [rack], 20)).toBeCloseTo(0.4);
    expect(fitScale({ width: 1000, height: 766 }, Array(20).fill(rack), 20)).toBe(smallestScale);
    // A low window: still from top to bottom.
    expect(fitScale({ width: 1400, height: 500 }, [rack, rack, rack], 20) * rack.height).toBeCloseTo(500);
    expect(fitScale({ width: 150, height: 400 }, [rack], 20) * rack.width).toBeLessThanOrEqual(150);
    expect(fitWidth(350, [rack]) * rack.width).toBeCloseTo(350);
    expect(fitWidth(350, [rack, rack]) * rack.width).toBeLessThan(350);
  });
  it('has more beside them where these do not become much smaller', () => {
    const rack = { width: 567, height: 1915 };
    const three = [rack, rack, rack];
    // A room of three on a screen on the wall, and on the screen of a desk.
    expect(fitsBeside({ width: 1560, height: 780 }, three, three)).toBe(true);
    expect(fitsBeside({ width: 1100, height: 780 }, three, three)).toBe(false);
    // So many that they are scrolled anyhow.
    expect(fitsBeside({ width: 1560, height: 780 }, Array(20).fill(rack), Array(20).fill(rack))).toBe(false);
  });
  it('steps between its ends', () => {
    expect(nextZoom(1, 1)).toBe(1.25);
    expect(nextZoom(1, -1)).toBe(1);
    expect(nextZoom(1.9, -1)).toBe(1.6);
    expect(nextZoom(6, 1)).toBe(6);
    expect(clampZoom(100)).toBe(6);
    expect(clampZoom(0.2)).toBe(1);
  });
  it('keeps the point under the pointer', () => {
    expect(anchoredScroll(100, 50, 2)).toBe(250);
    expect(anchoredScroll(0, 50, 0.5)).toBe(0);
  });
});

describe('ports', () => {
  const element = { kind: 'port' as const, name: '1', shape: 'rj45' as const, x: 0, y: 0, w: 14, h: 13 };
  const port = { id: 1, name: '1', kind: 'network' as const, occupied: true };

  it('show what is known, and say when nothing is', () => {
    const live = { type: 'port' as const, id: 1, deviceId: 1, state: 'up' as const, speed: null, use: null };
    expect(portLook(port, live, true)).toBe('up');
    expect(portLook(port, undefined, true)).toBe('unknown');
    expect(portLook(port, undefined, false)).toBe('occupied');
    expect(portLook({ ...port, occupied: false }, undefined, false)).toBe('empty');
    expect(portLook({ ...port, kind: 'inlet' }, undefined, true)).toBe('occupied');
    expect(portLook(undefined, undefined, true)).toBe('empty');
    const outlet = { ...port, kind: 'power-outlet' as const };
    expect(portLook(outlet, live, true)).toBe('occupied');
    expect(portLook({ ...outlet, occupied: false }, live, true)).toBe('empty');
    expect(portLook(outlet, { ...live, state: 'down' }, true)).toBe('disabled');
  });
  it('differ in shape by state, not only in colour', () => {
    const looks = (['down', 'disabled', 'fault', 'unknown'] as const).map((look) =>
      portPath(element, look, false),
    );
    expect(new Set(looks).size).toBe(4);
    expect(portPath(element, 'up', true)).not.toBe(portPath({ ...element, shape: 'lc' }, 'up', true));
  });
});

describe('what a device shows', () => {
  const de = new Quantities('de-DE');
  const words = { load: (percent: string) => `Last ${percent}` };
  it('stands on its display', () => {
    expect(displayLines('ups', { charge: 0.71, runtime: 1380, load: 0.38 }, de, words)).toEqual([
      '71\u202f% · 23 min',
      'Last 38\u202f%',
    ]);
    expect(displayLines('sensor', { temperature: 22.4, humidity: 0.41 }, de, words)).toEqual([
      '22,4\u202f°C · 41\u202f%',
    ]);
    expect(displayLines('ups', {}, de, words)).toEqual([]);
  });
  it('tints by a scale with two ends', () => {
    expect(overlayValue('health', { temperature: 30 })).toBeNull();
    expect(overlayValue('temperature', { temperature: 30 })).toBe(30);
    expect(overlayValue('power', undefined)).toBeNull();
    expect(overlayShare('temperature', 10)).toBe(0);
    expect(overlayShare('temperature', 200)).toBe(1);
  });
  it('adds up in a rack without counting anything twice', () => {
    const of = (role: 'pdu' | 'ups' | 'server', power?: number) => ({
      name: role,
      role,
      headline: power === undefined ? {} : { power },
    });
    expect(rackPower([of('pdu', 500), of('pdu', 300), of('server', 400), of('ups', 2000)])).toBe(800);
    expect(rackPower([of('pdu'), of('server', 400), of('ups', 2000)])).toBe(400);
    expect(rackPower([of('pdu')])).toBeNull();
    expect(
      hottest([
        { name: 'a', role: 'server', headline: { temperature: 20 } },
        { name: 'b', role: 'server', headline: { temperature: 30 } },
      ]),
    ).toEqual({ name: 'b', temperature: 30 });
  });
});

describe('arrow keys', () => {
  const rect = (x: number, y: number) => ({ x, y, width: 10, height: 10 }) as DOMRectReadOnly;
  it('go to the nearest in their direction', () => {
    const grid = [rect(0, 0), rect(20, 0), rect(0, 20), rect(20, 20)];
    expect(nearestIndex(rect(0, 0), grid, { x: 1, y: 0 })).toBe(1);
    expect(nearestIndex(rect(0, 0), grid, { x: 0, y: 1 })).toBe(2);
    expect(nearestIndex(rect(20, 20), grid, { x: -1, y: 0 })).toBe(2);
    expect(nearestIndex(rect(0, 0), grid, { x: 0, y: -1 })).toBe(-1);
  });
});
