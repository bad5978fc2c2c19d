import type { LiveItem, ViewUpdate } from '@rackhaus/config/contract';
import { SvelteMap } from 'svelte/reactivity';

type Of<T extends LiveItem['type']> = Extract<LiveItem, { type: T }>;
export type LiveOverview = Of<'overview'>;
export type LiveDevice = Of<'device'>;
export type LivePort = Of<'port'>;
export type LiveReading = Of<'reading'>;
export type LiveAgent = Of<'agent'>;
export type LiveDrift = Of<'drift'>;
export type LiveIncidents = Of<'incidents'>;
export type LiveDiscovery = Of<'discovery'>;
export type LiveMessages = Of<'messages'>;

/** Everything known of one view, item by item: a change redraws what shows that item and nothing else. */
export class LiveStore {
  readonly devices = new SvelteMap<number, LiveDevice>();
  readonly ports = new SvelteMap<number, LivePort>();
  /** By `readingKey`. */
  readonly readings = new SvelteMap<string, LiveReading>();
  readonly agents = new SvelteMap<number, LiveAgent>();
  #overview = $state.raw<LiveOverview | null>(null);
  #drift = $state.raw<LiveDrift | null>(null);
  #incidents = $state.raw<LiveIncidents | null>(null);
  #discovery = $state.raw<LiveDiscovery | null>(null);
  #messages = $state.raw<LiveMessages | null>(null);
  #revision = $state(0);
  #arrived = $state(false);

  get overview(): LiveOverview | null {
    return this.#overview;
  }
  /** How many differences of documentation and observation wait; null: not known. */
  get drift(): LiveDrift | null {
    return this.#drift;
  }
  /** Incidents that are not over; null: not known. */
  get incidents(): LiveIncidents | null {
    return this.#incidents;
  }
  /** How far the looking through networks is; null: not known. */
  get discovery(): LiveDiscovery | null {
    return this.#discovery;
  }
  /** That devices have sent messages, of a store that watches `messages`. */
  get messages(): LiveMessages | null {
    return this.#messages;
  }
  /** Grows when the documentation of what the view shows has changed: read it in a resource to fetch that again. */
  get revision(): number {
    return this.#revision;
  }
  /** The first answer is in: what is missing now is not known, rather than not here yet. */
  get arrived(): boolean {
    return this.#arrived;
  }

  /** Takes in an update; a full one replaces everything. */
  apply(update: Pick<ViewUpdate, 'full' | 'items'>): void {
    if (update.full) this.#forgetAllBut(update.items);
    for (const item of update.items) this.#put(item);
    this.#arrived = true;
  }

  #put(item: LiveItem): void {
    switch (item.type) {
      case 'overview':
        this.#overview = item;
        break;
      case 'device':
        this.devices.set(item.id, item);
        break;
      case 'port':
        this.ports.set(item.id, item);
        break;
      case 'reading':
        this.readings.set(readingKey(item.deviceId, item.kind, item.entity), item);
        break;
      case 'agent':
        this.agents.set(item.id, item);
        break;
      case 'drift':
        this.#drift = item;
        break;
      case 'incidents':
        this.#incidents = item;
        break;
      case 'discovery':
        this.#discovery = item;
        break;
      case 'messages':
        this.#messages = item;
        break;
      case 'inventory':
        this.#revision = item.revision;
        break;
    }
  }

  #forgetAllBut(items: readonly LiveItem[]): void {
    const devices = new Set<number>();
    const ports = new Set<number>();
    const agents = new Set<number>();
    const readings = new Set<string>();
    for (const item of items) {
      if (item.type === 'device') devices.add(item.id);
      else if (item.type === 'port') ports.add(item.id);
      else if (item.type === 'agent') agents.add(item.id);
      else if (item.type === 'reading') readings.add(readingKey(item.deviceId, item.kind, item.entity));
    }
    keepOnly(this.devices, devices);
    keepOnly(this.ports, ports);
    keepOnly(this.agents, agents);
    keepOnly(this.readings, readings);
  }
}

/** What a reading is known by within a view. */
export function readingKey(deviceId: number, kind: LiveReading['kind'], entity: string): string {
  return `${deviceId}/${kind}/${entity}`;
}

function keepOnly<K>(map: Map<K, unknown>, wanted: ReadonlySet<K>): void {
  for (const key of [...map.keys()]) if (!wanted.has(key)) map.delete(key);
}
