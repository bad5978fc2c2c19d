import type { Attachment } from 'svelte/attachments';
import { on } from 'svelte/events';
import type { PlanCamera } from './camera.svelte.ts';
import { toPlan } from './camera.ts';
import type { Point } from './geometry.ts';

/** What a pointer does on a plan besides moving the camera. Points are in the units of the plan, `reach` too. */
export interface PlanPointer {
  /** Something begins to be dragged here: then the camera stays. */
  grab(point: Point, reach: number, target: Element): boolean;
  drag(point: Point, free: boolean): void;
  /** @param moved false: it was only a press, and is a tap as well */
  release(moved: boolean): void;
  hover(point: Point, reach: number, free: boolean): void;
  leave(): void;
  tap(point: Point, reach: number, target: Element, twice: boolean): void;
}

const slackPx = 4;
const reachPx = { mouse: 10, pen: 12, touch: 22 } as const;
/** Pixels of a line of text, for wheels that count in lines. */
const linePx = 16;

/** Mouse, pen, one finger, two fingers and the wheel on the element through which a plan is seen. */
export function planPointer(camera: PlanCamera, plan: PlanPointer): Attachment<HTMLElement> {
  return (root) => {
    const down = new Map<number, Point>();
    let start: Point | null = null;
    let moved = false;
    let grabbed = false;

    const place = (event: { clientX: number; clientY: number }): Point => {
      const box = root.getBoundingClientRect();
      return [event.clientX - box.left, event.clientY - box.top];
    };
    const pointOf = (event: PointerEvent) => toPlan(camera.now, place(event));
    const reachOf = ({ pointerType }: PointerEvent) =>
      (pointerType === 'touch' ? reachPx.touch : pointerType === 'pen' ? reachPx.pen : reachPx.mouse) /
      camera.now.scale;
    const targetOf = ({ target }: Event) => (target instanceof Element ? target : root);

    const off = [
      on(root, 'pointerdown', (event) => {
        if (event.button !== 0 && event.button !== 1) return;
        down.set(event.pointerId, place(event));
        if (down.size === 1) {
          start = place(event);
          moved = false;
          grabbed = event.button === 0 && plan.grab(pointOf(event), reachOf(event), targetOf(event));
        } else if (grabbed) {
          grabbed = false;
          plan.release(moved);
        }
        root.setPointerCapture(event.pointerId);
      }),
      on(root, 'pointermove', (event) => {
        const before = down.get(event.pointerId);
        const here = place(event);
        if (before === undefined) {
          plan.hover(pointOf(event), reachOf(event), event.altKey);
          return;
        }
        if (start !== null && Math.hypot(here[0] - start[0], here[1] - start[1]) > slackPx) moved = true;
        if (down.size > 1) {
          const other = [...down].find(([id]) => id !== event.pointerId)?.[1];
          if (other !== undefined) pinch(camera, other, before, here);
          moved = true;
        } else if (grabbed) {
          if (moved) plan.drag(pointOf(event), event.altKey);
        } else if (moved) camera.pan(here[0] - before[0], here[1] - before[1]);
        down.set(event.pointerId, here);
      }),
      on(root, 'pointerup', (event) => {
        if (!down.delete(event.pointerId)) return;
        if (down.size > 0) return;
        if (grabbed) plan.release(moved);
        if (!moved && event.button === 0)
          plan.tap(pointOf(event), reachOf(event), targetOf(event), event.detail > 1);
        grabbed = false;
        start = null;
      }),
      on(root, 'pointercancel', (event) => {
        if (!down.delete(event.pointerId) || !grabbed) return;
        grabbed = false;
        plan.release(moved);
      }),
      on(root, 'pointerleave', () => plan.leave()),
      on(
        root,
        'wheel',
        (event) => {
          event.preventDefault();
          const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? linePx : 1;
          // A touchpad scrolls in both directions; a wheel, and two fingers drawn apart (which count as Ctrl), zoom.
          const sideways = event.deltaX !== 0 && !event.ctrlKey;
          if (sideways || event.shiftKey) camera.pan(-event.deltaX * unit, -event.deltaY * unit);
          else camera.zoomBy(Math.exp(-event.deltaY * unit * (event.ctrlKey ? 0.01 : 0.0018)), place(event));
        },
        { passive: false },
      ),
    ];
    return () => {
      for (const stop of off) stop();
    };
  };
}

/** One of two fingers has moved: the plan goes along with both. */
function pinch(camera: PlanCamera, other: Point, before: Point, after: Point): void {
  const length = (p: Point) => Math.hypot(p[0] - other[0], p[1] - other[1]);
  const middle = (p: Point): Point => [(p[0] + other[0]) / 2, (p[1] + other[1]) / 2];
  const [from, to] = [middle(before), middle(after)];
  camera.pan(to[0] - from[0], to[1] - from[1]);
  if (length(before) > 8) camera.zoomBy(length(after) / length(before), to);
}
