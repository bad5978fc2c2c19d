/** A binary heap of things with a due time, earliest first. Removed items are passed over when they surface. */
export class DueQueue<T extends { readonly due: number; readonly removed: boolean }> {
  #heap: T[] = [];

  push(item: T): void {
    const heap = this.#heap;
    let index = heap.length;
    heap.push(item);
    while (index > 0) {
      const above = (index - 1) >> 1;
      const parent = heap[above];
      if (parent === undefined || parent.due <= item.due) break;
      heap[index] = parent;
      index = above;
    }
    heap[index] = item;
  }

  /** The earliest item that was not removed. */
  peek(): T | undefined {
    let first = this.#heap[0];
    while (first?.removed) {
      this.#shift();
      first = this.#heap[0];
    }
    return first;
  }

  /** Takes the earliest item out. */
  pop(): T | undefined {
    const first = this.peek();
    if (first !== undefined) this.#shift();
    return first;
  }

  #shift(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let index = 0;
    for (;;) {
      let below = 2 * index + 1;
      let child = heap[below];
      const right = heap[below + 1];
      if (child === undefined) break;
      if (right !== undefined && right.due < child.due) {
        below++;
        child = right;
      }
      if (last.due <= child.due) break;
      heap[index] = child;
      index = below;
    }
    heap[index] = last;
  }
}
