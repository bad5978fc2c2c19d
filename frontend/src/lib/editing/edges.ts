/** Width of the rim in which holding something scrolls, and the most that one frame scrolls. */
const rimPx = 48;
const fastestPx = 14;

/** How far to scroll in a frame for a pointer at `at` within `from`..`to`: nothing in the middle, faster towards the edge. */
export function edgeSpeed(at: number, from: number, to: number): number {
  const rim = Math.min(rimPx, (to - from) / 4);
  if (rim <= 0) return 0;
  const into = at < from + rim ? at - from - rim : at > to - rim ? at - to + rim : 0;
  return Math.round((Math.max(-rim, Math.min(rim, into)) / rim) * fastestPx);
}

/** Scrolls the drawings, and where the page itself scrolls (a phone) that, while a pointer that holds something is at their rim. */
export function scrollAtEdges(root: HTMLElement, { x, y }: { x: number; y: number }): void {
  const stage = root.querySelector('[data-scroller]');
  const box = stage?.getBoundingClientRect();
  if (stage && box && y >= box.top && y <= box.bottom && x >= box.left - rimPx && x <= box.right) {
    const left = edgeSpeed(x, Math.max(0, box.left), Math.min(window.innerWidth, box.right));
    const top = stage.scrollHeight > stage.clientHeight ? edgeSpeed(y, box.top, box.bottom) : 0;
    if (left !== 0 || top !== 0) stage.scrollBy({ left, top, behavior: 'instant' });
  }
  const page = root.closest<HTMLElement>('main');
  if (page && page.scrollHeight > page.clientHeight) {
    const { top, bottom } = page.getBoundingClientRect();
    const by = edgeSpeed(y, Math.max(0, top), Math.min(window.innerHeight, bottom));
    if (by !== 0) page.scrollBy({ top: by, behavior: 'instant' });
  }
}
