import type { Attachment } from 'svelte/attachments';

/**
 * Lays an element with a `popover` attribute above everything, dialogs too, below its anchor, or above it where there is more
 * room. It follows the anchor while things scroll. `match`: as wide as the anchor.
 */
export function floating(
  anchor: () => HTMLElement | undefined,
  options: { match?: boolean; onoutside?: () => void } = {},
): Attachment<HTMLElement> {
  return (element) => {
    element.showPopover();
    const place = () => {
      const at = anchor()?.getBoundingClientRect();
      if (!at) return;
      const width = options.match ? at.width : element.offsetWidth;
      const below = innerHeight - at.bottom;
      const up = below < 280 && at.top > below;
      element.style.left = `${Math.max(8, Math.min(at.left, innerWidth - width - 8))}px`;
      if (options.match) element.style.width = `${width}px`;
      element.style.maxHeight = `${Math.min(options.match ? 360 : 640, (up ? at.top : below) - 12)}px`;
      element.style.top = up ? 'auto' : `${at.bottom + 4}px`;
      element.style.bottom = up ? `${innerHeight - at.top + 4}px` : 'auto';
    };
    const outside = (event: Event) => {
      const { target } = event;
      if (!(target instanceof Node) || element.contains(target) || anchor()?.contains(target)) return;
      // What a control inside has opened lies beside it in the document.
      if (
        target instanceof Element &&
        target.closest('[popover]') &&
        !target.closest('[popover]')?.contains(element)
      )
        return;
      options.onoutside?.();
    };
    place();
    addEventListener('scroll', place, { capture: true, passive: true });
    addEventListener('resize', place);
    addEventListener('pointerdown', outside, { capture: true });
    return () => {
      removeEventListener('scroll', place, { capture: true });
      removeEventListener('resize', place);
      removeEventListener('pointerdown', outside, { capture: true });
    };
  };
}
