import type { FaceElement, PortView } from '@rackhaus/config/contract';
import type { LivePort } from '../live/store.svelte.ts';

export type PortElement = Extract<FaceElement, { kind: 'port' }>;

/** How a port looks: its live state where something watches it, else what the documentation says. */
export type PortLook = LivePort['state'] | 'occupied' | 'empty';

/** The look of a port. A monitored port of which nothing has been heard is unknown; a passive one is what its cords make it. */
export function portLook(
  port: PortView | undefined,
  live: LivePort | undefined,
  monitored: boolean,
): PortLook {
  if (!port) return live?.state ?? 'empty';
  // That a power outlet is on asks for nothing: what counts is whether something is plugged in, or that it is off.
  if (live?.state === 'down' && port.kind === 'power-outlet') return 'disabled';
  if (live && !(live.state === 'up' && port.kind === 'power-outlet')) return live.state;
  if (monitored && port.kind === 'network') return 'unknown';
  return port.occupied ? 'occupied' : 'empty';
}

/**
 * The outline of a port as an SVG path in millimetres, with what tells its state without colour: a stroke across for disabled, a cross
 * for a fault, hatching for unknown. Without `detailed` the outline is a plain rectangle, for drawings in which a port is a few pixels.
 * One path per port keeps a wall of racks light.
 */
export function portPath(element: PortElement, look: PortLook, detailed: boolean): string {
  const { x, y, w, h } = element;
  return (detailed ? outline(element) : rect(x, y, w, h)) + marks(element, look);
}

function outline({ shape, x, y, w, h }: PortElement): string {
  switch (shape) {
    case 'rj45': {
      const notch = h * 0.16;
      const side = w * 0.28;
      return `M${r(x)} ${r(y)}h${r(w)}v${r(h - notch)}h${r(-side)}v${r(notch)}h${r(-(w - 2 * side))}v${r(-notch)}h${r(-side)}z`;
    }
    case 'lc':
    case 'sc': {
      const each = w * 0.44;
      return `${rect(x, y, each, h)}${rect(x + w - each, y, each, h)}`;
    }
    case 'usb':
      return rect(x, y + h * 0.15, w, h * 0.7);
    case 'serial': {
      const inset = w * 0.08;
      return `M${r(x)} ${r(y)}h${r(w)}l${r(-inset)} ${r(h)}h${r(-(w - 2 * inset))}z`;
    }
    case 'iec-c13':
    case 'iec-c14':
    case 'iec-c19':
    case 'iec-c20': {
      const cut = Math.min(w, h) * 0.25;
      return `M${r(x + cut)} ${r(y)}h${r(w - 2 * cut)}l${r(cut)} ${r(cut)}v${r(h - cut)}h${r(-w)}v${r(-(h - cut))}z`;
    }
    case 'schuko':
    case 'terminal': {
      const radius = Math.min(w, h) / 2;
      const left = x + w / 2 - radius;
      return `M${r(left)} ${r(y + h / 2)}a${r(radius)} ${r(radius)} 0 1 0 ${r(2 * radius)} 0a${r(radius)} ${r(radius)} 0 1 0 ${r(-2 * radius)} 0z`;
    }
    default:
      return rect(x, y, w, h);
  }
}

function marks({ x, y, w, h }: PortElement, look: PortLook): string {
  switch (look) {
    case 'disabled':
      return `M${r(x)} ${r(y + h)}l${r(w)} ${r(-h)}`;
    case 'fault':
      return `M${r(x)} ${r(y)}l${r(w)} ${r(h)}M${r(x)} ${r(y + h)}l${r(w)} ${r(-h)}`;
    case 'unknown':
      return `M${r(x + w * 0.5)} ${r(y)}l${r(-w * 0.5)} ${r(h * 0.5)}M${r(x + w)} ${r(y + h * 0.5)}l${r(-w * 0.5)} ${r(h * 0.5)}M${r(x + w)} ${r(y)}L${r(x)} ${r(y + h)}`;
    default:
      return '';
  }
}

function rect(x: number, y: number, w: number, h: number): string {
  return `M${r(x)} ${r(y)}h${r(w)}v${r(h)}h${r(-w)}z`;
}

/** A hundredth of a millimetre is finer than any screen. */
function r(value: number): number {
  return Math.round(value * 100) / 100;
}
