import type { PortKind, RoomView } from '@rackhaus/config/contract';
import { on } from 'svelte/events';
import type { Connecting } from './connecting.svelte.ts';
import { type Misfit, misfit } from './fits.ts';

/** What a port is to somebody who connects: the beginning, one that fits, one that holds a cable, one that does not fit. */
export type PortPart = 'from' | 'to' | 'fits' | 'busy' | 'misfit';
export interface KnownPort {
  readonly id: number;
  readonly name: string;
  readonly kind: PortKind;
  readonly occupied: boolean;
  readonly device: string;
}

/** Ports of a room by id. */
export function portsOfRoom(room: RoomView): Map<number, KnownPort> {
  const devices = [...room.racks.flatMap((rack) => rack.devices), ...room.unracked];
  return new Map(
    devices.flatMap(({ name: device, ports }) =>
      ports.map((port) => [port.id, { ...port, device }] as const),
    ),
  );
}

/** What each port is now; none when nothing has been chosen that others could fit. */
export function partOf(
  port: KnownPort,
  chosen: { readonly fromId: number | null; readonly toId: number | null; readonly kind: PortKind | null },
): { readonly part: PortPart | null; readonly why: Misfit | null } {
  if (port.id === chosen.fromId) return { part: 'from', why: null };
  if (port.id === chosen.toId) return { part: 'to', why: null };
  if (chosen.kind === null) return { part: null, why: null };
  const why = misfit(chosen.kind, port.kind);
  if (why !== null) return { part: 'misfit', why };
  return { part: port.occupied ? 'busy' : 'fits', why: null };
}

/** A drag begins when the pointer has gone so far. */
const dragPx = 6;

/**
 * Pointer and keys on the drawing while somebody connects: a click or a drag chooses ports, Enter chooses the one that has the focus.
 * They come before those of the stage, which shows cards. @returns what takes them away again
 */
export function listen(
  root: HTMLElement,
  connecting: Connecting,
  told: {
    readonly pointer: (at: { x: number; y: number; touch: boolean } | null) => void;
    readonly over: (portId: number | null) => void;
  },
): () => void {
  let pressed: { id: number; x: number; y: number; began: boolean } | null = null;
  const portAt = (target: EventTarget | null) => {
    const element = target instanceof Element ? target.closest('[data-port]') : null;
    return element === null ? null : Number(element.getAttribute('data-port'));
  };
  const capture = { capture: true };
  const off = [
    on(
      root,
      'pointerdown',
      (event) => {
        const id = portAt(event.target);
        if (id === null || event.pointerType === 'touch' || event.button !== 0) return;
        event.preventDefault();
        const began = connecting.from === null && connecting.moving === null;
        pressed = { id, x: event.clientX, y: event.clientY, began };
        if (began) void connecting.pick(id);
      },
      capture,
    ),
    on(
      root,
      'pointermove',
      (event) => {
        told.pointer({ x: event.clientX, y: event.clientY, touch: event.pointerType === 'touch' });
        told.over(portAt(event.target));
      },
      capture,
    ),
    on(
      root,
      'pointerup',
      (event) => {
        if (pressed === null) return;
        const { id, x, y, began } = pressed;
        pressed = null;
        const at = portAt(document.elementFromPoint(event.clientX, event.clientY));
        const dragged = Math.hypot(event.clientX - x, event.clientY - y) > dragPx;
        if (at === null) return;
        // A drag ends where it is let go; a click on the second port is a choice too.
        if (dragged ? at !== id : !began) void connecting.pick(at);
      },
      capture,
    ),
    on(root, 'pointerleave', () => {
      told.pointer(null);
      told.over(null);
    }),
    on(
      root,
      'click',
      (event) => {
        const id = portAt(event.target);
        if (id === null) return;
        // The mouse has chosen already; a finger has only tapped.
        const touch = event instanceof PointerEvent && event.pointerType === 'touch';
        if (touch) void connecting.pick(id);
        event.stopPropagation();
        event.preventDefault();
      },
      capture,
    ),
    on(root, 'focusin', (event) => told.over(portAt(event.target))),
    on(
      root,
      'keydown',
      (event) => {
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        const id = portAt(event.target);
        if (id === null || !['Enter', ' ', 'c', 'C'].includes(event.key)) return;
        event.preventDefault();
        event.stopPropagation();
        void connecting.pick(id);
      },
      capture,
    ),
  ];
  return () => {
    for (const stop of off) stop();
  };
}

/** Marks the ports that are drawn, now and whenever others are; @returns what takes the marks away again */
export function mark(root: HTMLElement, partOfId: (id: number) => PortPart | null): () => void {
  const set = () => {
    for (const element of root.querySelectorAll('[data-port]')) {
      const part = partOfId(Number(element.getAttribute('data-port')));
      if (part === null) element.removeAttribute('data-part');
      else if (element.getAttribute('data-part') !== part) element.setAttribute('data-part', part);
    }
  };
  set();
  const observer = new MutationObserver(set);
  observer.observe(root, { childList: true, subtree: true });
  return () => {
    observer.disconnect();
    for (const element of root.querySelectorAll('[data-part]')) element.removeAttribute('data-part');
  };
}
