import type { Attachment } from 'svelte/attachments';
import { cancelIdle, whenIdle } from '../ui/idle.ts';

/** How far beyond what is seen things are made ready, as a share of it. */
const ahead = '60% 80%';

/**
 * Tells when an element comes near the visible part of its scroller (`data-scroller`) and when it leaves: what is far away need not be
 * drawn. What is in sight comes first; what is only near waits until the browser has nothing else to do.
 */
export function near(tell: (near: boolean) => void): Attachment<HTMLElement> {
  return (element) => {
    const root = element.closest('[data-scroller]');
    let observer: IntersectionObserver | null = null;
    let idle: number | null = null;
    const observe = (rootMargin: string, told: (near: boolean) => void) => {
      observer?.disconnect();
      observer = new IntersectionObserver(
        (entries) => {
          const last = entries.at(-1);
          if (last) told(last.isIntersecting);
        },
        { root, rootMargin },
      );
      observer.observe(element);
    };
    const later = (then: () => void) => {
      if (idle !== null) cancelIdle(idle);
      idle = whenIdle(() => {
        idle = null;
        then();
      });
    };
    observe('0px', (seen) => {
      if (seen) tell(true);
      // One after the other: each rack that is drawn ahead is a task of its own.
      later(() => observe(ahead, (is) => (is ? later(() => tell(true)) : later(() => tell(false)))));
    });
    return () => {
      observer?.disconnect();
      if (idle !== null) cancelIdle(idle);
    };
  };
}
