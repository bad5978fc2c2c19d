import type { LiveItem, StreamPosition, ViewName, ViewUpdate } from '@rackhaus/config/contract';
import type { LiveChange } from '../monitoring/live-state.ts';
import { ViewStream } from './view-stream.ts';
import type { Sites, Views } from './views.ts';

/** Updates of a view are at least this far apart: changes are gathered and sent together, ten times less work than each. */
const apartMs = 200;
/** The first change after a quiet time waits only this long, for those that come with it. */
const soonMs = 20;
/** A view that nobody watches any more is kept for who comes back soon. */
const keptMs = 60_000;

interface Watched {
  readonly view: ViewName;
  readonly sites: Sites;
  readonly stream: ViewStream;
  watchers: number;
  /** When the last watcher left; null while there are any. */
  leftAt: number | null;
}

/**
 * The watched views and their numbered changes. Views exist only while somebody watches them, so nothing is worked out or
 * sent that no screen shows.
 */
export class LiveHub {
  readonly #views: Views;
  readonly #epoch: string;
  readonly #now: () => number;
  readonly #send: (update: ViewUpdate, room: string) => void;
  readonly #watched = new Map<string, Watched>();
  readonly #touched = new Map<number, Set<string>>();
  #overviewTouched = false;
  #discoveryTouched = false;
  #messagesTouched = false;
  #everythingTouched = false;
  /** The number of the last change of all. */
  #number = 0;
  #timer: NodeJS.Timeout | undefined;
  #flushedAt = 0;

  constructor(options: {
    views: Views;
    /** Different at each start of the process. */
    epoch: string;
    now: () => number;
    /** Gives an update to all who watch its view, and are limited to the same sites: those of a {@link roomOf}. */
    send: (update: ViewUpdate, room: string) => void;
  }) {
    this.#views = options.views;
    this.#epoch = options.epoch;
    this.#now = options.now;
    this.#send = options.send;
  }

  /** Notes that readings or states have changed. */
  changed(change: LiveChange): void {
    if (this.#watched.size === 0) return;
    for (const [deviceId, entities] of change) {
      const touched = this.#touched.get(deviceId);
      if (touched) for (const key of entities) touched.add(key);
      else this.#touched.set(deviceId, new Set(entities));
    }
    this.overviewChanged();
  }

  /** Notes that something that only the overview shows has changed: agents. */
  overviewChanged(): void {
    this.#overviewTouched = true;
    this.#gather();
  }

  /** Notes that the looking through networks has got further, or has found something. */
  discoveryChanged(): void {
    this.#discoveryTouched = true;
    this.#gather();
  }

  /** Notes that devices have sent messages. */
  messagesChanged(): void {
    if (this.#watched.size === 0) return;
    this.#messagesTouched = true;
    this.#gather();
  }

  /** Notes that the inventory has changed, and so what any view shows. */
  everythingChanged(): void {
    this.#everythingTouched = true;
    this.#gather();
  }

  /** Begins to watch: what has changed since a position that is still known, or everything. */
  watch(view: ViewName, since: StreamPosition | null, sites: Sites = null): ViewUpdate {
    const watched = this.#open(view, sites);
    watched.watchers++;
    watched.leftAt = null;
    const changed = since?.epoch === this.#epoch ? watched.stream.changedSince(since.number) : null;
    return this.#update(watched.stream, changed);
  }

  /** Everything that a watched view shows, for one who could not follow. */
  full(view: ViewName, sites: Sites = null): ViewUpdate {
    return this.#update(this.#open(view, sites).stream, null);
  }

  unwatch(view: ViewName, sites: Sites = null): void {
    const watched = this.#watched.get(roomOf(view, sites));
    if (!watched) return;
    watched.watchers--;
    if (watched.watchers <= 0) watched.leftAt = this.#now();
  }

  /** Sends what was gathered, and forgets views that were left long ago. By itself this happens in time. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#flushedAt = performance.now();
    const number = ++this.#number;
    const old = this.#now() - keptMs;
    for (const [room, watched] of this.#watched) {
      if (watched.leftAt !== null && watched.leftAt <= old) this.#watched.delete(room);
      else this.#flushView(room, watched, number);
    }
    this.#touched.clear();
    this.#overviewTouched = false;
    this.#discoveryTouched = false;
    this.#messagesTouched = false;
    this.#everythingTouched = false;
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#watched.clear();
  }

  #flushView(room: string, { view, sites, stream }: Watched, number: number): void {
    let changed: LiveItem[] | null = [];
    if (this.#everythingTouched) changed = stream.replace(this.#views.all(view, sites), number);
    else if (view === 'overview') {
      if (this.#overviewTouched) changed = stream.replace(this.#views.overview(sites), number);
    } else if (view === 'discovery') {
      if (this.#discoveryTouched) changed = stream.replace(this.#views.discovery(), number);
    } else if (view === 'messages') {
      if (this.#messagesTouched) changed = stream.replace(this.#views.messages(), number);
    } else {
      const items: LiveItem[] = [];
      for (const [deviceId, entities] of this.#touched)
        items.push(...this.#views.touched(view, sites, deviceId, entities));
      changed = stream.update(items, number);
    }
    if (changed === null || changed.length > 0) this.#send(this.#update(stream, changed), room);
  }

  #open(view: ViewName, sites: Sites): Watched {
    const room = roomOf(view, sites);
    const known = this.#watched.get(room);
    if (known) return known;
    // What was gathered so far is part of the new view already; sending it again does no harm.
    const stream = new ViewStream(view, this.#views.all(view, sites), ++this.#number);
    const watched = { view, sites, stream, watchers: 0, leftAt: null };
    this.#watched.set(room, watched);
    return watched;
  }

  #update(stream: ViewStream, changed: LiveItem[] | null): ViewUpdate {
    return {
      view: stream.view,
      position: { epoch: this.#epoch, number: stream.number },
      full: changed === null,
      serverTime: this.#now(),
      items: changed ?? stream.items,
    };
  }

  #gather(): void {
    this.#timer ??= setTimeout(
      () => this.flush(),
      Math.max(soonMs, this.#flushedAt + apartMs - performance.now()),
    );
  }
}

/** Who sees the same of a view. What shows one place is the same for all who may see it; the others differ by the sites of an account. */
export function roomOf(view: ViewName, sites: Sites): string {
  if (sites === null || view.includes(':')) return view;
  return `${view}@${[...sites].sort((a, b) => a - b).join()}`;
}
