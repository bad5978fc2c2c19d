import type { PlanMark } from '@rackhaus/config/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fit, largestZoom, panned, resized, showing, toPlan, toScreen, zoomAt } from './camera.ts';
import { area, depthIn, inside, middleOf, normalTurn, type Point, within } from './geometry.ts';
import { markAt, neighbour } from './hit.ts';
import { snap } from './snap.ts';

const square: Point[] = [
  [0, 0],
  [10, 0],
  [10, 10],
  [0, 10],
];
const corner: Point[] = [
  [0, 0],
  [30, 0],
  [30, 10],
  [10, 10],
  [10, 30],
  [0, 30],
];
const coordinate = fc.double({ min: -1000, max: 1000, noNaN: true });
const point = fc.tuple(coordinate, coordinate);
const size = fc.record({
  width: fc.integer({ min: 50, max: 5000 }),
  height: fc.integer({ min: 50, max: 5000 }),
});

describe('polygons', () => {
  it('know what is inside of them, also where they have a notch', () => {
    expect(inside(square, [5, 5])).toBe(true);
    expect(inside(square, [15, 5])).toBe(false);
    expect(inside(corner, [20, 20])).toBe(false);
    expect(area(corner)).toBe(500);
  });

  it('have a middle that is inside', () => {
    expect(middleOf(square)).toEqual([5, 5]);
    expect(depthIn(corner, middleOf(corner))).toBeGreaterThan(3);
  });

  it('have the same area whichever corner is first, and wherever they are', () => {
    fc.assert(
      fc.property(
        fc.array(point, { minLength: 3, maxLength: 12 }),
        coordinate,
        coordinate,
        (points, dx, dy) => {
          const turned = [...points.slice(1), ...points.slice(0, 1)];
          const moved = points.map(([x, y]): Point => [x + dx, y + dy]);
          expect(area(turned)).toBeCloseTo(area(points), 3);
          expect(area(moved)).toBeCloseTo(area(points), 2);
        },
      ),
    );
  });
});

describe('snapping', () => {
  const none = { corners: [], neighbours: [], edge: null, reach: 5 };

  it('takes a corner that is near, before anything else', () => {
    expect(snap([13, 4], { ...none, corners: [[10, 1]], neighbours: [[14, 50]] })).toEqual([10, 1]);
  });

  it('stands straight under a neighbour', () => {
    expect(snap([102, 250], { ...none, neighbours: [[100, 10]] })).toEqual([100, 250]);
  });

  it('closes a rectangle: beside one neighbour and above the other', () => {
    const neighbours: Point[] = [
      [300, 200],
      [100, 10],
    ];
    expect(snap([103, 198], { ...none, neighbours })).toEqual([100, 200]);
  });

  it('turns at a right angle from a slanting wall', () => {
    const [x, y] = snap([2, 21], {
      ...none,
      edge: [
        [0, 0],
        [10, 10],
      ],
    });
    expect(x + y).toBeCloseTo(20);
  });

  it('leaves alone what is near nothing', () => {
    fc.assert(
      fc.property(point, (p) => {
        expect(snap(p, none)).toEqual(p);
      }),
    );
  });
});

describe('the camera', () => {
  it('finds the way back from the screen', () => {
    fc.assert(
      fc.property(size, size, point, (plan, view, p) => {
        const camera = fit(plan, view);
        const [x, y] = toPlan(camera, toScreen(camera, p));
        expect(x).toBeCloseTo(p[0], 4);
        expect(y).toBeCloseTo(p[1], 4);
      }),
    );
  });

  it('shows all of a plan that fits', () => {
    fc.assert(
      fc.property(size, size, (plan, view) => {
        const camera = fit(plan, view);
        for (const each of [
          [0, 0],
          [plan.width, plan.height],
        ] satisfies Point[]) {
          const [x, y] = toScreen(camera, each);
          expect(x).toBeGreaterThanOrEqual(-1);
          expect(x).toBeLessThanOrEqual(view.width + 1);
          expect(y).toBeGreaterThanOrEqual(-1);
          expect(y).toBeLessThanOrEqual(view.height + 1);
        }
      }),
    );
  });

  it('keeps what is under the pointer there while it comes nearer', () => {
    const plan = { width: 1000, height: 700 };
    const view = { width: 800, height: 600 };
    const before = zoomAt(fit(plan, view), 3, [400, 300], plan, view);
    const at: Point = [500, 200];
    const after = zoomAt(before, 1.4, at, plan, view);
    expect(toPlan(after, at)[0]).toBeCloseTo(toPlan(before, at)[0]);
    expect(toPlan(after, at)[1]).toBeCloseTo(toPlan(before, at)[1]);
  });

  it('never loses the plan, nor its measure, whatever one does', () => {
    const step = fc.oneof(
      fc.record({
        kind: fc.constant('zoom' as const),
        factor: fc.double({ min: 0.05, max: 20, noNaN: true }),
        at: point,
      }),
      fc.record({ kind: fc.constant('pan' as const), at: point }),
      fc.record({ kind: fc.constant('size' as const), size }),
    );
    fc.assert(
      fc.property(size, size, fc.array(step, { maxLength: 20 }), (plan, first, steps) => {
        let view = first;
        let camera = fit(plan, view);
        for (const each of steps) {
          if (each.kind === 'zoom') camera = zoomAt(camera, each.factor, each.at, plan, view);
          else if (each.kind === 'pan') camera = panned(camera, each.at[0], each.at[1], plan, view);
          else {
            camera = resized(camera, plan, view, each.size);
            view = each.size;
          }
          const whole = fit(plan, view).scale;
          expect(camera.scale).toBeGreaterThanOrEqual(whole * 0.999);
          expect(camera.scale).toBeLessThanOrEqual(whole * largestZoom * 1.001);
          const [left, top] = toScreen(camera, [0, 0]);
          const [right, bottom] = toScreen(camera, [plan.width, plan.height]);
          expect(left < view.width && right > 0 && top < view.height && bottom > 0).toBe(true);
        }
      }),
    );
  });

  it('brings what is asked for into view', () => {
    const plan = { width: 1000, height: 700 };
    const view = { width: 400, height: 300 };
    const camera = zoomAt(fit(plan, view), 6, [0, 0], plan, view);
    const [x, y] = toScreen(showing(camera, [900, 600], plan, view), [900, 600]);
    expect(x > 0 && x < 400 && y > 0 && y < 300).toBe(true);
  });
});

describe('what a pointer means', () => {
  const mark = (id: number, kind: PlanMark['kind'], points: Point[]): PlanMark => ({
    id,
    version: 1,
    kind,
    subjectId: id,
    points,
    turn: 0,
  });
  const hall = mark(1, 'room', [
    [0, 0],
    [100, 0],
    [100, 100],
    [0, 100],
  ]);
  const store = mark(2, 'room', [
    [10, 10],
    [40, 10],
    [40, 40],
    [10, 40],
  ]);
  const outlet = mark(3, 'outlet', [[80, 80]]);
  const rack = mark(4, 'rack', [[90, 80]]);
  const marks = [hall, store, outlet, rack];

  it('is the nearest thing within reach, else the smallest room', () => {
    expect(markAt(marks, [84, 80], 8)?.id).toBe(3);
    expect(markAt(marks, [86, 80], 8)?.id).toBe(4);
    expect(markAt(marks, [20, 20], 8)?.id).toBe(2);
    expect(markAt(marks, [60, 20], 8)?.id).toBe(1);
    expect(markAt(marks, [160, 20], 8)).toBeNull();
  });

  it('goes on with the arrow keys', () => {
    const middle = (each: PlanMark) =>
      middleOf(each.points.length > 2 ? each.points : [...each.points, ...each.points]);
    expect(neighbour([outlet, rack], outlet, middle, [1, 0])?.id).toBe(4);
    expect(neighbour([outlet, rack], outlet, middle, [-1, 0])).toBeNull();
  });
});

it('keeps points on the picture and turns within a circle', () => {
  expect(within([-3, 900], { width: 100, height: 80 })).toEqual([0, 80]);
  expect([normalTurn(-90), normalTurn(450), normalTurn(360)]).toEqual([270, 90, 0]);
});
