import {
  type ClientToServerEvents,
  type ServerToClientEvents,
  type StreamPosition,
  type ViewName,
  ViewUpdate,
  WatchReply,
} from '@rackhaus/config/contract';
import { io, type Socket } from 'socket.io-client';
import { createContext } from 'svelte';
import { LiveStore } from './store.svelte.ts';

/** Silence longer than this means that the picture may be old: the backend beats every 5 s at most. */
const silenceMs = 12_000;
/** A view that nobody shows any more is kept this long, so that going back and forth does not fetch it again. */
const lingerMs = 3_000;

interface Watched {
  readonly store: LiveStore;
  watchers: number;
  position: StreamPosition | null;
  linger: ReturnType<typeof setTimeout> | null;
}

/** `connecting`: no picture yet. `live`: current. `stale`: was current until `staleSince`. */
export type ConnectionState = 'connecting' | 'live' | 'stale';

/**
 * The one live connection of this browser. Screens watch views; each view has one store however many watch it, is asked for again
 * from its last position after an interruption, and is given up when nobody shows it. The only importer of socket.io-client.
 */
export class LiveConnection {
  #socket: Socket<ServerToClientEvents, ClientToServerEvents> | null = null;
  #views = new Map<ViewName, Watched>();
  #state = $state<ConnectionState>('connecting');
  #heardAt = $state<number | null>(null);
  #serverAhead = $state(0);
  #silence: ReturnType<typeof setTimeout> | null = null;
  #url: string;
  #onRefused: () => void;
  /** The view that tells of everything that this browser may see. */
  readonly whole: ViewName;

  /**
   * `url`: where the backend is, by default where this page came from. `onRefused`: it did not let us in; see `retry`. `whole`: for
   * who may see one room only, that room.
   */
  constructor(options: { url?: string; onRefused: () => void; whole?: ViewName }) {
    this.whole = options.whole ?? 'overview';
    this.#url = options.url ?? '';
    this.#onRefused = options.onRefused;
  }

  get state(): ConnectionState {
    return this.#state;
  }
  /** When the picture was last known to be current (this browser's clock); null while it is. */
  get staleSince(): number | null {
    return this.#state === 'stale' ? this.#heardAt : null;
  }
  /** The backend's clock, by what it last said: durations on screen are counted by it. */
  serverNow(): number {
    return Date.now() + this.#serverAhead;
  }

  start(): void {
    if (this.#socket) return;
    const socket: Socket<ServerToClientEvents, ClientToServerEvents> = io(this.#url, {
      transports: ['websocket', 'polling'],
      reconnectionDelay: 500,
      reconnectionDelayMax: 4_000,
    });
    this.#socket = socket;
    socket.on('connect', () => {
      for (const view of this.#views.keys()) void this.#ask(view);
    });
    socket.on('update', (update) => this.#take(update));
    socket.on('beat', (beat) => this.#heard(beat.serverTime));
    socket.on('disconnect', (reason) => {
      this.#lost();
      // Ended by the server: the session is over, or it will say so at the next try.
      if (reason === 'io server disconnect') {
        this.#onRefused();
        socket.connect();
      }
    });
    socket.on('connect_error', () => {
      this.#lost();
      // Refused by the server, as against not reached: socket.io does not try again by itself then.
      if (!socket.active) this.#onRefused();
    });
  }

  stop(): void {
    this.#socket?.close();
    this.#socket = null;
    if (this.#silence) clearTimeout(this.#silence);
    for (const watched of this.#views.values()) if (watched.linger) clearTimeout(watched.linger);
    this.#views.clear();
    this.#state = 'connecting';
  }

  /** Tries again at once, after a refusal that has been settled. */
  retry(): void {
    if (this.#socket && !this.#socket.connected) this.#socket.connect();
  }

  /** What is known of a view. It fills while the view is watched. */
  store(view: ViewName): LiveStore {
    return this.#watched(view).store;
  }

  /** Watches a view until the returned function is called. */
  watch(view: ViewName): () => void {
    const watched = this.#watched(view);
    watched.watchers++;
    if (watched.linger) clearTimeout(watched.linger);
    watched.linger = null;
    if (watched.watchers === 1 && this.#socket?.connected) void this.#ask(view);
    let released = false;
    return () => {
      if (released) return;
      released = true;
      watched.watchers--;
      if (watched.watchers === 0) watched.linger = setTimeout(() => this.#drop(view), lingerMs);
    };
  }

  #watched(view: ViewName): Watched {
    const known = this.#views.get(view);
    if (known) return known;
    const made: Watched = { store: new LiveStore(), watchers: 0, position: null, linger: null };
    this.#views.set(view, made);
    return made;
  }

  #drop(view: ViewName): void {
    this.#views.delete(view);
    if (this.#socket?.connected) this.#socket.emit('unwatch', view);
  }

  async #ask(view: ViewName): Promise<void> {
    const watched = this.#views.get(view);
    const socket = this.#socket;
    if (!watched || !socket) return;
    let answer: unknown;
    try {
      answer = await socket.timeout(10_000).emitWithAck('watch', { view, since: watched.position });
    } catch {
      // No answer in time. If the connection is gone, `connect` asks again; otherwise ask again here.
      if (socket.connected && this.#views.get(view) === watched) void this.#ask(view);
      return;
    }
    const reply = WatchReply.parse(answer);
    if (reply.ok) this.#take(reply.update);
    else console.warn(`view ${view}: ${reply.message}`);
  }

  #take(payload: unknown): void {
    const parsed = ViewUpdate.safeParse(payload);
    if (!parsed.success) {
      console.error('An update is not what the contract promises', parsed.error);
      return;
    }
    const update = parsed.data;
    this.#heard(update.serverTime);
    const watched = this.#views.get(update.view);
    if (!watched) return;
    watched.store.apply(update);
    watched.position = update.position;
  }

  #heard(serverTime: number): void {
    const now = Date.now();
    this.#serverAhead = serverTime - now;
    this.#heardAt = now;
    this.#state = 'live';
    if (this.#silence) clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#lost(), silenceMs);
  }

  #lost(): void {
    if (this.#state === 'live') this.#state = 'stale';
  }
}

export const [getLive, setLive] = createContext<LiveConnection>();

/**
 * Watches a view for as long as the component lives, following it when it changes. To be called while a component is being set up;
 * read `.store` in markup or in a `$derived`.
 */
export function useView(view: () => ViewName): { readonly store: LiveStore } {
  const live = getLive();
  const name = $derived(view());
  const store = $derived(live.store(name));
  $effect(() => live.watch(name));
  return {
    get store() {
      return store;
    },
  };
}
