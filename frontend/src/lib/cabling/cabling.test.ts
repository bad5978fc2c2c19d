import { describe, expect, it } from 'vitest';
import { besides } from './place-card.ts';

describe('the card beside a port', () => {
  const window = { width: 1000, height: 800 };
  const size = { width: 300, height: 200 };
  const at = (left: number, top: number) => ({ left, top, bottom: top + 10, width: 10 });
  it('stands below, or above where there is no room, and never outside', () => {
    expect(besides(at(500, 100), size, window)).toEqual({ x: 355, y: 118 });
    expect(besides(at(500, 700), size, window)).toEqual({ x: 355, y: 492 });
    expect(besides(at(0, 100), size, window).x).toBe(8);
    expect(besides(at(990, 100), size, window).x).toBe(692);
    expect(besides(at(500, 100), { width: 300, height: 900 }, window).y).toBe(8);
  });
});
