import { tick } from 'svelte';
import type { Attachment } from 'svelte/attachments';
import { on } from 'svelte/events';
import { m } from '../paraglide/messages.js';
import type { Editing } from './editing.svelte.ts';
import { faceFor, type Step } from './steps.ts';
import { typing } from './typing.ts';

const steps: Readonly<Record<string, Step>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
  f: 'flip',
  F: 'flip',
  Tab: 'flip',
};

/**
 * The keyboard on a page that is edited (E, which begins and ends, is the button's): Space or Enter picks a device up, arrows move it, F or Tab turns to the other
 * face, Enter drops, Escape puts it back, Delete deletes what is selected.
 */
export function editingKeys(editing: Editing): Attachment<HTMLElement> {
  return (root) => {
    const { editor } = editing;

    function held(event: KeyboardEvent): void {
      const { key } = event;
      const step = steps[key];
      const id = editor.held?.items[0].id ?? null;
      if (step) {
        const target = editor.step(step, editing.side, event.altKey);
        const ghost = editor.ghosts[0];
        if (step === 'flip' && target?.kind === 'rack' && ghost)
          editing.turn(faceFor(target.place.face, ghost.item.back));
      } else if (key === 'Enter' || key === ' ') {
        if (editor.drop()) void focusOn(id);
        else editing.said.refuse(editor.words());
      } else if (key === 'Escape') {
        editing.announce(m.editing_put_back({ name: editor.held?.items[0].name ?? '' }));
        editor.putBack();
        void focusOn(id);
      } else return;
      event.preventDefault();
      event.stopPropagation();
    }

    /** Where the device is drawn now, or lies on the shelf. */
    async function focusOn(id: number | null): Promise<void> {
      await tick();
      const drawn = root.querySelector<SVGElement>(`[data-device="${id}"] [data-stop="device"]`);
      (drawn ?? root.querySelector<HTMLElement>(`[data-pick="${id}"]`))?.focus();
    }

    function pressed(event: KeyboardEvent): void {
      const { key, target } = event;
      if (!(target instanceof Element) || document.querySelector('dialog[open]')) return;
      const plain = !event.ctrlKey && !event.metaKey;
      if (editing.on && editor.held?.by === 'keyboard') {
        if (plain) held(event);
        return;
      }
      if (!plain || event.altKey || typing(target)) return;
      if (!editing.on || !root.contains(target)) return;
      const id = idAt(target);
      const picks = key === ' ' || key === 'Enter';
      if ((key === 'Delete' || key === 'Backspace') && (id !== null || editor.selection.size > 0)) {
        if (id !== null && !editor.selection.has(id)) editor.selectOnly(id);
        void editing.removeSelected();
      } else if (picks && target.matches('[data-pick="new"]')) editing.pickUpFresh('keyboard');
      else if (picks && id !== null) editor.pickUp(id, 'keyboard', viewAt(target) ?? editing.side);
      else return;
      event.preventDefault();
      event.stopPropagation();
    }

    const off = [
      on(window, 'keydown', pressed, { capture: true }),
      // A click selects while one edits; the page of a device is one button away.
      on(
        root,
        'click',
        (event) => {
          if (!editing.on || !(event.target instanceof Element)) return;
          const onStage = event.target.closest('[data-scroller]') !== null;
          const id = idAt(
            event.target.closest('[data-device]')?.querySelector('[data-stop="device"]') ?? null,
          );
          if (id !== null && onStage) {
            event.preventDefault();
            event.stopPropagation();
            if (event.ctrlKey || event.metaKey || event.shiftKey) editor.toggle(id);
            else editor.selectOnly(id);
          } else if (onStage && event.target.closest('a, button') === null) editor.selection.clear();
        },
        { capture: true },
      ),
    ];
    return () => {
      for (const stop of off) stop();
    };
  };
}

/** The device of a stop in a drawing or of a row on the shelf. */
function idAt(target: Element | null): number | null {
  if (!target?.matches('[data-stop="device"], [data-pick]')) return null;
  const owner = target.closest<HTMLElement | SVGElement>('[data-pick], [data-device]');
  const id = Number(owner?.dataset.pick ?? owner?.dataset.device);
  return Number.isInteger(id) ? id : null;
}

function viewAt(target: Element): 'front' | 'rear' | null {
  const view = target.closest<HTMLElement>('[data-drawing]')?.dataset.view;
  return view === 'front' || view === 'rear' ? view : null;
}
