import type { Attachment } from 'svelte/attachments';

/** Tells when an element comes near the visible part of its scroller (`data-scroller`) and when it leaves: what is far away need not be drawn. */
export function near(tell: (near: boolean) => void): Attachment<HTMLElement> {
  return (element) => {
    const observer = new IntersectionObserver(
      (entries) => {
        const last = entries.at(-1);
        if (last) tell(last.isIntersecting);
      },
      { root: element.closest('[data-scroller]'), rootMargin: '60% 80%' },
    );
    observer.observe(element);
    return () => observer.disconnect();
  };
}
