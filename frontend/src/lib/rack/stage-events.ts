import type { Attachment } from 'svelte/attachments';
import { on } from 'svelte/events';
import type { PortTarget, Stage } from './stage.svelte.ts';
import { StageKeys } from './stage-keys.ts';
import { anchoredScroll, nextZoom } from './zoom.ts';

/** Rest of the pointer before a port's card shows, and grace before it goes: sweeping across a switch should not flicker. */
const showMs = 140;
const hideMs = 250;
/** Another device is only picked out after a slightly longer rest. */
const deviceMs = 200;

/** Pointer, focus, keys and wheel on the element that holds the drawings; one set of listeners however many ports there are. */
export function stageEvents(stage: Stage): Attachment<HTMLElement> {
  return (root) => {
    const keys = new StageKeys(root);
    const observer = new MutationObserver(() => keys.settle());
    observer.observe(root, { childList: true, subtree: true });
    keys.settle();
    const nothing = { deviceId: null, port: null };
    const off = [
      on(root, 'focusin', ({ target }) => {
        if (!(target instanceof Element)) return;
        keys.focused(target);
        pointAt(stage, target, 0);
      }),
      on(root, 'focusout', () => stage.point(nothing, showMs)),
      on(root, 'keydown', (event) => {
        const { key, target } = event;
        if (!(target instanceof Element) || event.altKey || event.metaKey || event.ctrlKey) return;
        const onPort = target.matches('[data-stop="port"]');
        if (key === 'Escape') stage.dismiss();
        if (onPort && (key === 'Enter' || key === ' ')) pointAt(stage, target, 0);
        else if (!keys.pressed(key, target)) return;
        event.preventDefault();
      }),
      on(root, 'pointerover', ({ pointerType, target }) => {
        if (pointerType !== 'touch' && target instanceof Element) pointAt(stage, target, showMs);
      }),
      on(root, 'pointerleave', () => stage.point(nothing, hideMs)),
      on(root, 'click', ({ target }) => {
        // On a touch screen there is no hovering: a tap shows the port.
        if (target instanceof Element && target.matches('[data-stop="port"]')) pointAt(stage, target, 0);
      }),
      on(root, 'scroll', () => {
        if (stage.port) stage.dismiss();
      }),
      on(
        root,
        'wheel',
        (event) => {
          if (!event.ctrlKey) return;
          event.preventDefault();
          const box = root.getBoundingClientRect();
          const at = { x: event.clientX - box.left, y: event.clientY - box.top };
          zoomAround(root, stage, stage.zoom * Math.exp(-event.deltaY * 0.0022), at);
        },
        { passive: false },
      ),
    ];
    return () => {
      observer.disconnect();
      for (const stop of off) stop();
      stage.dismiss();
    };
  };
}

/** In, out, or (0) back to where everything fits, around the middle of what is seen. */
export function zoomStep(stage: Stage, direction: 1 | -1 | 0): void {
  const { scroller } = stage;
  if (!scroller) return;
  const zoom = direction === 0 ? 1 : nextZoom(stage.zoom, direction);
  zoomAround(scroller, stage, zoom, { x: scroller.clientWidth / 2, y: scroller.clientHeight / 2 });
}

/** Changes the zoom so that what is at a point of the scroller stays there. */
export function zoomAround(
  root: HTMLElement,
  stage: Stage,
  zoom: number,
  at: { x: number; y: number },
): void {
  const before = stage.zoom;
  stage.dismiss();
  stage.zoomTo(zoom);
  const ratio = stage.zoom / before;
  const left = anchoredScroll(root.scrollLeft, at.x, ratio);
  const top = anchoredScroll(root.scrollTop, at.y, ratio);
  // After the drawing has grown there is room to scroll to.
  requestAnimationFrame(() => root.scrollTo({ left, top, behavior: 'instant' }));
}

function pointAt(stage: Stage, target: Element, delayMs: number): void {
  const device = target.closest('[data-device]');
  const deviceId = device ? Number(device.getAttribute('data-device')) : null;
  const element = target.closest('[data-port]');
  const port: PortTarget | null =
    element && deviceId !== null
      ? { portId: Number(element.getAttribute('data-port')), deviceId, element }
      : null;
  stage.point({ deviceId, port }, port ? delayMs : Math.max(delayMs, deviceMs));
}
