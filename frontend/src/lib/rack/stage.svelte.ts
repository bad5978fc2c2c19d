import type { Overlay } from './overlay.ts';
import { clampZoom } from './zoom.ts';

/** What a person has chosen on a stage of racks: zoom, overlay, and what is under the pointer or has the focus. */
export class Stage {
  #zoom = $state(1);
  #deviceId = $state<number | null>(null);
  #port = $state.raw<HotPort | null>(null);
  #timer: ReturnType<typeof setTimeout> | null = null;
  overlay: Overlay = $state('health');
  /** What the drawings have of the window, in pixels; nothing until they are there. */
  width = $state(0);
  height = $state(0);
  /** The element that scrolls the drawings; null until they are there. */
  scroller: HTMLElement | null = $state.raw(null);

  /** Times the scale at which everything fits. */
  get zoom(): number {
    return this.#zoom;
  }
  /** The device that was last pointed at or focused. */
  get deviceId(): number | null {
    return this.#deviceId;
  }
  get port(): HotPort | null {
    return this.#port;
  }

  zoomTo(zoom: number): void {
    this.#zoom = clampZoom(zoom);
  }

  /** Shows a port, or none, after a short rest: sweeping across a switch should not flicker. */
  point(target: { deviceId: number | null; port: PortTarget | null }, delayMs: number): void {
    this.hold();
    this.#timer = setTimeout(() => {
      this.#timer = null;
      if (target.deviceId !== null) this.#deviceId = target.deviceId;
      const { port } = target;
      this.#port = port && {
        portId: port.portId,
        deviceId: port.deviceId,
        rect: port.element.getBoundingClientRect(),
      };
    }, delayMs);
  }
  /** The pointer has left what was shown. */
  leave(): void {
    this.point({ deviceId: null, port: null }, 250);
  }
  /** What is shown stays: the pointer has moved onto it. */
  hold(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }
  dismiss(): void {
    this.hold();
    this.#port = null;
  }
}

/** A port in the drawing. Where it is counts when its card appears: until then the drawing may have moved. */
export interface PortTarget {
  readonly portId: number;
  readonly deviceId: number;
  readonly element: Element;
}

export interface HotPort {
  readonly portId: number;
  readonly deviceId: number;
  /** Where it is on screen. */
  readonly rect: DOMRectReadOnly;
}
