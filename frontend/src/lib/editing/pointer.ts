import type { Attachment } from 'svelte/attachments';
import { on } from 'svelte/events';
import { placeBox, rackFrame, type ViewSide } from '../rack/geometry.ts';
import { scrollAtEdges } from './edges.ts';
import type { Editing } from './editing.svelte.ts';
import type { Target } from './editor.svelte.ts';
import { snap } from './steps.ts';
import { placeOf } from './where.ts';

/** How far a pointer goes before it drags, and how long a finger rests before it picks up. */
const slackPx = 4;
const fingerSlackPx = 10;
const restMs = 350;

interface Press {
  readonly pointerId: number;
  readonly touch: boolean;
  readonly x: number;
  readonly y: number;
  /** What would be picked up; null: around which devices a band is drawn. */
  readonly pick: { readonly id: number; readonly view: ViewSide } | 'new' | null;
}

/**
 * Drag and drop on a page that is edited: with the mouse at once, with a finger after a short rest. Pointer events, so that mouse, pen and
 * finger are the same; what moves is looked at once per frame.
 */
export function editingPointer(editing: Editing): Attachment<HTMLElement> {
  return (root) => {
    let press: Press | null = null;
    let dragging = false;
    let rest: ReturnType<typeof setTimeout> | null = null;
    let frame = 0;
    let last = { x: 0, y: 0 };
    /** Millimetres from the top edge of the device to the pointer, in the drawing; null: it is held by its middle. */
    let grip: number | null = null;

    const stopResting = () => {
      if (rest) clearTimeout(rest);
      rest = null;
    };
    const end = () => {
      stopResting();
      cancelAnimationFrame(frame);
      if (press && root.hasPointerCapture(press.pointerId)) root.releasePointerCapture(press.pointerId);
      press = null;
      dragging = false;
      found = [];
      editing.pointAt(null);
      editing.drawBand(null);
    };

    function begin(): void {
      if (!press) return;
      stopResting();
      if (press.pick === null) dragging = !press.touch;
      else if (press.pick === 'new') dragging = editing.pickUpFresh('pointer');
      else {
        grip = gripOf(press.pick, press.y);
        dragging = editing.editor.pickUp(press.pick.id, 'pointer', press.pick.view);
      }
      if (dragging) {
        root.setPointerCapture(press.pointerId);
        frame = requestAnimationFrame(tick);
      } else end();
    }

    function gripOf({ id, view }: { id: number; view: ViewSide }, y: number): number | null {
      const item = editing.editor.movable(id);
      const place = item && placeOf(item.where);
      const drawing = place && drawings().find((each) => each.rackId === place.rackId && each.view === view);
      const rack = drawing && editing.editor.room?.racks.find((each) => each.id === drawing.rackId);
      if (!item || !place || !drawing || !rack) return null;
      const at = rackFrame(rack, editing.editor.types, view);
      const scale = drawing.rect.width / at.width;
      return (y - drawing.rect.top) / scale - placeBox(at, item.type, place, view).y;
    }

    /** Looked for once in a drag, and again when the page has made others: looking through thousands of ports takes its time. */
    let found: HTMLElement[] = [];
    function drawings() {
      if (found.length === 0 || !found.every((element) => element.isConnected))
        found = [...root.querySelectorAll<HTMLElement>('[data-drawing]')];
      return found.map((element) => ({
        rackId: Number(element.dataset.drawing),
        view: element.dataset.view === 'rear' ? ('rear' as const) : ('front' as const),
        rect: element.getBoundingClientRect(),
      }));
    }

    function tick(): void {
      if (!press || !dragging) return;
      frame = requestAnimationFrame(tick);
      scrollAtEdges(root, last);
      if (press.pick === null) editing.drawBand(bandOf(press, last));
      else {
        editing.pointAt({ ...last, touch: press.touch });
        editing.editor.aim(targetAt(last));
      }
    }

    function targetAt({ x, y }: { x: number; y: number }): Target | null {
      const held = editing.editor.held?.items[0];
      const stage = root.querySelector('[data-scroller]')?.getBoundingClientRect();
      if (!held || !stage) return null;
      const inStage = x >= stage.left && x < stage.right && y >= stage.top && y < stage.bottom;
      const drawing = drawings().find(({ rect }) => x >= rect.left - 10 && x < rect.right + 10);
      const zone = document.elementFromPoint(x, y)?.closest<HTMLElement>('[data-drop]')?.dataset.drop;
      if (zone === 'nowhere') return { kind: 'shelf', roomId: null };
      if (zone === 'room') return { kind: 'shelf', roomId: editing.editor.room?.id ?? null };
      const rack = drawing && editing.editor.room?.racks.find((each) => each.id === drawing.rackId);
      if (zone !== undefined || !inStage || !rack || !drawing) return null;
      const frame = rackFrame(rack, editing.editor.types, drawing.view);
      const scale = drawing.rect.width / frame.width;
      const high = Math.max(held.type.uHeight, 0.5) * 44.45;
      const top = (y - drawing.rect.top) / scale - (grip ?? high / 2);
      const at = { x: (x - drawing.rect.left) / scale, top };
      const place = snap(at, rack, frame, drawing.view, { type: held.type, back: held.back, fine: false });
      return { kind: 'rack', place };
    }

    function drop(): void {
      const { editor } = editing;
      editor.aim(targetAt(last));
      const zone = document.elementFromPoint(last.x, last.y)?.closest<HTMLElement>('[data-drop]')
        ?.dataset.drop;
      const items = editor.held?.items ?? [];
      if (zone === 'elsewhere' && items.every(({ version }) => version !== undefined))
        editing.leaving = [...items];
      else if (editor.target !== null && !editor.fits) {
        editing.said.refuse(editor.words());
        editor.drop();
      } else editor.drop();
      editor.putBack();
    }

    function down(event: PointerEvent): void {
      if (!editing.on || press || event.button !== 0 || !(event.target instanceof Element)) return;
      const touch = event.pointerType === 'touch';
      const pick = pickAt(event.target);
      const onStage = event.target.closest('[data-scroller]') !== null;
      if (pick === null && (touch || !onStage)) return;
      press = { pointerId: event.pointerId, touch, x: event.clientX, y: event.clientY, pick };
      last = { x: event.clientX, y: event.clientY };
      if (touch) rest = setTimeout(begin, restMs);
    }

    function move(event: PointerEvent): void {
      if (!press || event.pointerId !== press.pointerId) return;
      last = { x: event.clientX, y: event.clientY };
      if (dragging) return;
      const far = Math.hypot(last.x - press.x, last.y - press.y);
      if (press.touch && far > fingerSlackPx) end();
      else if (!press.touch && far > slackPx) begin();
    }

    function up(event: PointerEvent): void {
      if (!press || event.pointerId !== press.pointerId) return;
      last = { x: event.clientX, y: event.clientY };
      if (dragging) {
        swallowClick();
        if (press.pick === null) selectWithin(bandOf(press, last), event.shiftKey || event.ctrlKey);
        else drop();
      }
      end();
    }

    function selectWithin(band: DOMRectReadOnly, keep: boolean): void {
      if (!keep) editing.editor.selection.clear();
      for (const element of root.querySelectorAll<SVGElement>('[data-device]')) {
        const box = element.getBoundingClientRect();
        if (box.left < band.right && box.right > band.left && box.top < band.bottom && box.bottom > band.top)
          editing.editor.selection.add(Number(element.dataset.device));
      }
    }

    const off = [
      on(root, 'pointerdown', down),
      on(root, 'pointermove', move),
      on(root, 'pointerup', up),
      on(root, 'pointercancel', (event) => {
        if (press?.pointerId !== event.pointerId) return;
        if (dragging) editing.editor.putBack();
        end();
      }),
      // Once a finger has picked something up, it does not scroll.
      on(root, 'touchmove', (event) => dragging && event.preventDefault(), { passive: false }),
      on(root, 'contextmenu', (event) => {
        if (press?.touch) event.preventDefault();
      }),
      on(root, 'dragstart', (event) => {
        if (editing.on) event.preventDefault();
      }),
      on(window, 'keydown', (event) => {
        if (!dragging || event.key !== 'Escape') return;
        editing.editor.putBack();
        swallowClick();
        end();
      }),
    ];
    return () => {
      for (const stop of off) stop();
      if (dragging) editing.editor.putBack();
      end();
    };
  };
}

function pickAt(target: Element): Press['pick'] {
  const picked = target.closest<HTMLElement | SVGElement>('[data-pick], [data-device]');
  if (!picked) return null;
  if (picked.dataset.pick === 'new') return 'new';
  const view = picked.closest<HTMLElement>('[data-drawing]')?.dataset.view === 'rear' ? 'rear' : 'front';
  return { id: Number(picked.dataset.pick ?? picked.dataset.device), view };
}

function bandOf(from: { x: number; y: number }, to: { x: number; y: number }): DOMRectReadOnly {
  return DOMRectReadOnly.fromRect({
    x: Math.min(from.x, to.x),
    y: Math.min(from.y, to.y),
    width: Math.abs(to.x - from.x),
    height: Math.abs(to.y - from.y),
  });
}

/** The click that follows the end of a drag means nothing. */
function swallowClick(): void {
  const stop = on(
    window,
    'click',
    (event) => {
      event.preventDefault();
      event.stopPropagation();
    },
    { capture: true },
  );
  setTimeout(stop, 0);
}
