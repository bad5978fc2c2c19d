/**
 * The keyboard on a stage of racks: one tab stop for the devices, one for the ports of the device that has the focus. Arrows go to the
 * nearest neighbour in their direction, by where things are drawn. Escape leads from a port back to its device.
 */
export class StageKeys {
  #root: HTMLElement;
  /** Somebody has been here: the tab stop stays where they were. */
  #visited = false;

  constructor(root: HTMLElement) {
    this.#root = root;
  }

  /** Makes sure that the Tab key can get in, at the first device until one was chosen. To be called when what is drawn has changed. */
  settle(): void {
    // Ports that were drawn only when their device got the focus.
    const { activeElement } = document;
    if (activeElement?.matches('[data-stop="device"]') && this.#root.contains(activeElement)) {
      const ports = this.#portsOf(activeElement);
      if (!ports.some((port) => port.getAttribute('tabindex') === '0')) this.#only('port', ports[0]);
    }
    const known = this.#root.querySelector('[data-stop="device"][tabindex="0"]');
    if (known && this.#visited) return;
    const first = this.#root.querySelector('[data-stop="device"]');
    if (first && first !== known) this.#only('device', first);
  }

  /** Moves the tab stops along with the focus. */
  focused(target: Element): void {
    this.#visited = true;
    if (target.matches('[data-stop="device"]')) {
      this.#only('device', target);
      this.#only('port', this.#portsOf(target)[0]);
    } else if (target.matches('[data-stop="port"]')) this.#only('port', target);
  }

  /** Answers a key on a stop; true when it was one of ours. */
  pressed(key: string, target: Element): boolean {
    const kind = target.getAttribute('data-stop');
    if (kind !== 'device' && kind !== 'port') return false;
    if (key === 'Escape' && kind === 'port') return focus(this.#deviceOf(target));
    const direction = directions[key];
    if (!direction) return false;
    const among =
      kind === 'device' ? [...this.#root.querySelectorAll('[data-stop="device"]')] : this.#portsOf(target);
    return focus(nearest(target, among, direction));
  }

  #deviceOf(stop: Element): Element | null {
    return stop.closest('[data-device]')?.querySelector('[data-stop="device"]') ?? null;
  }

  #portsOf(stop: Element): Element[] {
    return [...(stop.closest('[data-device]')?.querySelectorAll('[data-stop="port"]') ?? [])];
  }

  #only(kind: 'device' | 'port', chosen: Element | undefined): void {
    for (const other of this.#root.querySelectorAll(`[data-stop="${kind}"][tabindex="0"]`))
      other.setAttribute('tabindex', '-1');
    chosen?.setAttribute('tabindex', '0');
  }
}

interface Direction {
  readonly x: -1 | 0 | 1;
  readonly y: -1 | 0 | 1;
}
const directions: Readonly<Record<string, Direction>> = {
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
};

/** The rectangle that comes next in a direction: the least way along it, with deviation across it counted double. */
export function nearestIndex(
  from: DOMRectReadOnly,
  others: readonly DOMRectReadOnly[],
  direction: Direction,
): number {
  let best = -1;
  let bestCost = Number.POSITIVE_INFINITY;
  const centre = (rect: DOMRectReadOnly) => ({ x: rect.x + rect.width / 2, y: rect.y + rect.height / 2 });
  const start = centre(from);
  others.forEach((other, index) => {
    const end = centre(other);
    const along = (end.x - start.x) * direction.x + (end.y - start.y) * direction.y;
    const across = Math.abs((end.x - start.x) * direction.y) + Math.abs((end.y - start.y) * direction.x);
    if (along < 1) return;
    // Within one column or row nothing across is counted: a switch of one unit lies under a server of two.
    const cost = along + 2 * across;
    if (cost < bestCost) {
      bestCost = cost;
      best = index;
    }
  });
  return best;
}

function nearest(from: Element, among: readonly Element[], direction: Direction): Element | null {
  const index = nearestIndex(
    from.getBoundingClientRect(),
    among.map((element) => element.getBoundingClientRect()),
    direction,
  );
  return among[index] ?? null;
}

function focus(element: Element | null): boolean {
  if (element instanceof SVGElement) element.focus();
  return true;
}
