import type { Point, Size } from './geometry.ts';

/** How a plan is seen: a point `p` of it is on screen at `p * scale + (x, y)`, in pixels. */
export interface Camera {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

/** How much nearer than "everything fits" one can come. */
export const largestZoom = 12;
const margin = 16;

/** Everything is seen, in the middle. */
export function fit(plan: Size, view: Size): Camera {
  const scale = Math.max(
    1e-6,
    Math.min((view.width - 2 * margin) / plan.width, (view.height - 2 * margin) / plan.height),
  );
  return {
    scale,
    x: (view.width - plan.width * scale) / 2,
    y: (view.height - plan.height * scale) / 2,
  };
}

export function toPlan(camera: Camera, [x, y]: Point): Point {
  return [(x - camera.x) / camera.scale, (y - camera.y) / camera.scale];
}

export function toScreen(camera: Camera, [x, y]: Point): Point {
  return [x * camera.scale + camera.x, y * camera.scale + camera.y];
}

/** Comes nearer or goes away so that what is at a place on screen stays there, within what makes sense. */
export function zoomAt(camera: Camera, factor: number, at: Point, plan: Size, view: Size): Camera {
  const whole = fit(plan, view).scale;
  const scale = Math.min(whole * largestZoom, Math.max(whole, camera.scale * factor));
  const [px, py] = toPlan(camera, at);
  return kept({ scale, x: at[0] - px * scale, y: at[1] - py * scale }, plan, view);
}

export function panned(camera: Camera, dx: number, dy: number, plan: Size, view: Size): Camera {
  return kept({ ...camera, x: camera.x + dx, y: camera.y + dy }, plan, view);
}

/** The same middle at the same zoom in a view that has changed its size. */
export function resized(camera: Camera, plan: Size, before: Size, after: Size): Camera {
  const zoom = camera.scale / fit(plan, before).scale;
  const scale = fit(plan, after).scale * zoom;
  const [px, py] = toPlan(camera, [before.width / 2, before.height / 2]);
  return kept({ scale, x: after.width / 2 - px * scale, y: after.height / 2 - py * scale }, plan, after);
}

/** Brings a point into view, with some room around it. */
export function showing(camera: Camera, p: Point, plan: Size, view: Size): Camera {
  const [x, y] = toScreen(camera, p);
  const edge = Math.min(60, view.width / 4, view.height / 4);
  const dx = Math.max(edge - x, 0) + Math.min(view.width - edge - x, 0);
  const dy = Math.max(edge - y, 0) + Math.min(view.height - edge - y, 0);
  return dx === 0 && dy === 0 ? camera : panned(camera, dx, dy, plan, view);
}

/** The plan never leaves the view: what is smaller is in the middle, what is larger has no wide gap beside it. */
function kept(camera: Camera, plan: Size, view: Size): Camera {
  const { scale } = camera;
  return {
    scale,
    x: keptAlong(camera.x, plan.width * scale, view.width),
    y: keptAlong(camera.y, plan.height * scale, view.height),
  };
}

function keptAlong(offset: number, length: number, view: number): number {
  const gap = Math.max(margin, view / 3);
  if (length + 2 * margin <= view) return (view - length) / 2;
  return Math.min(gap, Math.max(view - length - gap, offset));
}
