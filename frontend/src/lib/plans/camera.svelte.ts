import { type Camera, fit, largestZoom, panned, resized, showing, toPlan, zoomAt } from './camera.ts';
import type { Point, Size } from './geometry.ts';

const step = 1.4;
/** After this rest a zoomed picture is drawn anew, sharp. */
const settleMs = 160;

/** How a plan is looked at: the camera, the size of the window onto it, and whether it is moving at the moment. */
export class PlanCamera {
  #plan: () => Size;
  #view = $state.raw<Size>({ width: 0, height: 0 });
  #camera = $state.raw<Camera | null>(null);
  #moving = $state(false);
  #rested = $state.raw<Camera | null>(null);
  #rest: ReturnType<typeof setTimeout> | null = null;

  constructor(options: { plan: () => Size }) {
    this.#plan = options.plan;
  }

  /** Until it has been moved, everything is seen. */
  get now(): Camera {
    return this.#camera ?? fit(this.#plan(), this.#view);
  }
  /** While it moves, speed counts more than sharpness. */
  get moving(): boolean {
    return this.#moving;
  }
  /**
   * Where it last rested. Symbols and names are sized by it: while one comes nearer they grow with the picture, which
   * costs nothing, and are brought to their own size once the movement ends.
   */
  get calm(): Camera {
    return this.#moving ? (this.#rested ?? this.now) : this.now;
  }
  /** {@link zoom} where it last rested. */
  get calmZoom(): number {
    return this.calm.scale / fit(this.#plan(), this.#view).scale;
  }
  get view(): Size {
    return this.#view;
  }
  /** Times the scale at which everything fits. */
  get zoom(): number {
    return this.now.scale / fit(this.#plan(), this.#view).scale;
  }
  get farthest(): boolean {
    return this.zoom <= 1.001;
  }
  get nearest(): boolean {
    return this.zoom >= largestZoom * 0.999;
  }
  /** The point of the plan in the middle of what is seen. */
  get middle(): Point {
    return toPlan(this.now, [this.#view.width / 2, this.#view.height / 2]);
  }

  resize(size: Size): void {
    if (size.width === this.#view.width && size.height === this.#view.height) return;
    if (this.#camera !== null && this.#view.width > 0)
      this.#camera = resized(this.#camera, this.#plan(), this.#view, size);
    this.#view = size;
  }
  zoomBy(factor: number, at: Point): void {
    this.#move(zoomAt(this.now, factor, at, this.#plan(), this.#view));
  }
  /** One step in or out around the middle, or (0) back to everything. */
  stepTo(direction: 1 | -1 | 0): void {
    if (direction === 0) this.whole();
    else this.zoomBy(direction > 0 ? step : 1 / step, [this.#view.width / 2, this.#view.height / 2]);
  }
  pan(dx: number, dy: number): void {
    this.#move(panned(this.now, dx, dy, this.#plan(), this.#view));
  }
  /** Brings a point into view. */
  show(point: Point): void {
    const next = showing(this.now, point, this.#plan(), this.#view);
    if (next !== this.now) this.#move(next);
  }
  whole(): void {
    this.#camera = null;
    this.close();
  }
  /** Ends what would still happen by itself. */
  close(): void {
    if (this.#rest !== null) clearTimeout(this.#rest);
    this.#rest = null;
    this.#moving = false;
  }

  #move(camera: Camera): void {
    if (!this.#moving) this.#rested = this.now;
    this.#camera = camera;
    this.#moving = true;
    if (this.#rest !== null) clearTimeout(this.#rest);
    this.#rest = setTimeout(() => {
      this.#rest = null;
      this.#moving = false;
    }, settleMs);
  }
}
