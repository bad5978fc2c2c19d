import type { LiveItem, StreamPosition, ViewName, ViewUpdate } from '@rackhaus/config/contract';
import type { LiveChange } from '../monitoring/live-state.ts';
import { ViewStream } from './view-stream.ts';
import type { Views } from './views.ts';

/** Updates of a view are at least this far apart: changes are gathered and sent together, ten times less work than each. */
const apartMs = 200;
/** The first change after a quiet time waits only this long, for those that come with it. */
const soonMs = 20;
/** A view that nobody watches any more is kept for who comes back soon. */
const keptMs = 60_000;

interface Watched {
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
  readonly #send: (update: ViewUpdate) => void;
  readonly #watched = new Map<ViewName, Watched>();
  readonly #touched = new Map<number, Set<string>>();
  #overviewTouched = false;
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
    /** Gives an update to all who watch its view. */
    send: (update: ViewUpdate) => void;
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

  /** Notes that the inventory has changed, and so what any view shows. */
  everythingChanged(): void {
    this.#everythingTouched = true;
    this.#gather();
  }

  /** Begins to watch: what has changed since a position that is still known, or everything. */
  watch(view: ViewName, since: StreamPosition | null): ViewUpdate {
    const watched = this.#open(view);
    watched.watchers++;
    watched.leftAt = null;
    const changed = since?.epoch === this.#epoch ? watched.stream.changedSince(since.number) : null;
    return this.#update(watched.stream, changed);
  }

  /** Everything that a watched view shows, for one who could not follow. */
  full(view: ViewName): ViewUpdate {
    return this.#update(this.#open(view).stream, null);
  }

  unwatch(view: ViewName): void {
    const watched = this.#watched.get(view);
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
    for (const [view, { stream, leftAt }] of this.#watched) {
      if (leftAt !== null && leftAt <= old) this.#watched.delete(view);
      else this.#flushView(view, stream, number);
    }
    this.#touched.clear();
    this.#overviewTouched = false;
    this.#everythingTouched = false;
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#watched.clear();
  }

  #flushView(view: ViewName, stream: ViewStream, number: number): void {
    let changed: LiveItem[] | null = [];
    if (this.#everythingTouched) changed = stream.replace(this.#views.all(view), number);
    else if (view === 'overview') {
      if (this.#overviewTouched) changed = stream.replace(this.#views.overview(), number);
    } else {
      const items: LiveItem[] = [];
      for (const [deviceId, entities] of this.#touched)
        items.push(...this.#views.touched(view, deviceId, entities));
      changed = stream.update(items, number);
    }
    if (changed === null || changed.length > 0) this.#send(this.#update(stream, changed));
  }

  #open(view: ViewName): Watched {
    const known = this.#watched.get(view);
    if (known) return known;
    // What was gathered so far is part of the new view already; sending it again does no harm.
    const stream = new ViewStream(view, this.#views.all(view), ++this.#number);
    const watched = { stream, watchers: 0, leftAt: null };
    this.#watched.set(view, watched);
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
