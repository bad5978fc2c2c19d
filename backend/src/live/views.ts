import { type LiveItem, liveItemKey, type ViewName } from '@rackhaus/config/contract';
import type { LiveDevice } from '../monitoring/live-device.ts';
import type { LiveState } from '../monitoring/live-state.ts';
import { deviceItem, parseView, portItem, readingItem } from './view-items.ts';

/** The sites that who watches is limited to; null: all. Only views of many places differ by it. */
export type Sites = ReadonlySet<number> | null;

/** What one view shows, and what of it a change touches. Holds nothing itself. */
export class Views {
  readonly #live: LiveState;
  readonly #overview: (sites: Sites) => LiveItem[];
  readonly #discovery: () => LiveItem[];
  readonly #messages: () => LiveItem[];
  readonly #revision: (deviceId: number | null) => number;

  constructor(options: {
    live: LiveState;
    /** Of these sites; null: of all. */
    overview: (sites: Sites) => LiveItem[];
    /** How far the looking through networks is. */
    discovery?: (() => LiveItem[]) | undefined;
    /** That messages of devices have come. */
    messages?: (() => LiveItem[]) | undefined;
    revision: (deviceId: number | null) => number;
  }) {
    this.#live = options.live;
    this.#overview = options.overview;
    this.#discovery = options.discovery ?? (() => []);
    this.#messages = options.messages ?? (() => []);
    this.#revision = options.revision;
  }

  /** Everything that the view shows now. */
  all(view: ViewName, sites: Sites): LiveItem[] {
    if (view === 'overview') return this.overview(sites);
    if (view === 'discovery') return this.discovery();
    if (view === 'messages') return this.messages();
    const items = this.#devicesOf(view, sites).flatMap((live) => this.#itemsOf(view, live, null));
    return [...items, this.#inventoryItem(view)];
  }

  /** The items of the view that may have changed with these entities of a device. */
  touched(view: ViewName, sites: Sites, deviceId: number, entities: ReadonlySet<string>): LiveItem[] {
    if (view === 'overview' || view === 'discovery' || view === 'messages') return [];
    const live = this.#live.devices.get(deviceId);
    if (!live || !this.#shows(view, sites, live)) return [];
    return [...this.#itemsOf(view, live, entities), this.#inventoryItem(view)];
  }

  /** The overview's items; they may change with every device. Lists and the navigation follow the inventory by it. */
  overview(sites: Sites): LiveItem[] {
    return [...this.#overview(sites), this.#inventoryItem('overview')];
  }

  /** The items of `discovery`; the list of what was found follows the inventory by it too. */
  discovery(): LiveItem[] {
    return [...this.#discovery(), this.#inventoryItem('discovery')];
  }

  /** The item of `messages`. */
  messages(): LiveItem[] {
    return this.#messages();
  }

  /** Screens of a single device or port also show what it says of itself, which has a revision of its own. */
  #inventoryItem(view: ViewName): LiveItem {
    const { kind } = parseView(view);
    const device =
      kind === 'device' || kind === 'port' ? this.#devicesOf(view, null)[0]?.device.id : undefined;
    return { type: 'inventory', view, revision: this.#revision(device ?? null) };
  }

  #devicesOf(view: ViewName, sites: Sites): LiveDevice[] {
    const { kind, id } = parseView(view);
    if (kind === 'device') {
      const live = this.#live.devices.get(id);
      return live ? [live] : [];
    }
    return [...this.#live.devices.values()].filter((live) => this.#shows(view, sites, live));
  }

  #shows(view: ViewName, sites: Sites, { device }: LiveDevice): boolean {
    const { kind, id } = parseView(view);
    switch (kind) {
      case 'room':
        return device.roomId === id;
      case 'rack':
        return device.rackId === id;
      case 'device':
        return device.id === id;
      case 'port':
        return device.ports.some((port) => port.id === id);
      case 'floor':
        return device.floorId === id;
      case 'services':
        return device.inService && (sites === null || sites.has(device.siteId ?? 0));
      default:
        return false;
    }
  }

  #itemsOf(view: ViewName, live: LiveDevice, entities: ReadonlySet<string> | null): LiveItem[] {
    const { kind, id } = parseView(view);
    const items: LiveItem[] = [deviceItem(live)];
    if (kind === 'floor' || kind === 'services') return items;
    for (const port of live.device.ports) {
      if (kind === 'port' && port.id !== id) continue;
      const item = portItem(live, port);
      if (item) items.push(item);
    }
    if (kind === 'room' || kind === 'rack') return items;
    const name = kind === 'port' ? live.device.ports.find((port) => port.id === id)?.name : undefined;
    for (const state of live.entities()) {
      const key = `${state.kind}/${state.entity}`;
      if (entities && !entities.has(key)) continue;
      if (kind === 'device' || (state.entity === name && (state.kind === 'port' || state.kind === 'outlet')))
        items.push(readingItem(live.device.id, state));
    }
    return items;
  }
}

/**
 * What an item is compared by. Views of many devices do not show when something was last heard, so that alone is no change there:
 * otherwise every poll of every device would be.
 */
export function comparable(view: ViewName, item: LiveItem): string {
  if (item.type === 'device' && /^(room|rack|floor|services)/.test(view))
    return JSON.stringify({ ...item, lastSeen: null });
  if (item.type === 'agent') return JSON.stringify({ ...item, lastSeen: null });
  return JSON.stringify(item);
}

export { liveItemKey };
