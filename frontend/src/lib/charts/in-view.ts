import type { Attachment } from 'svelte/attachments';

/** Tells whenever an element comes near the visible part of the page, or leaves it. */
export function inView(onchange: (visible: boolean) => void): Attachment {
  return (element) => {
    const observer = new IntersectionObserver(
      // On a busy page several moments come at once, the latest last.
      (entries) => onchange(entries.at(-1)?.isIntersecting ?? false),
      // A little ahead, so that a chart is there when it is scrolled to.
      { root: element.closest('main'), rootMargin: '160px' },
    );
    observer.observe(element);
    return () => observer.disconnect();
  };
}
