import { randomUUID } from 'node:crypto';
import type { Server as HttpServer, IncomingMessage } from 'node:http';
import {
  type ClientToServerEvents,
  type ServerToClientEvents,
  ViewName,
  type ViewUpdate,
  WatchRequest,
} from '@rackhaus/config/contract';
import { Server, type Socket } from 'socket.io';
import type { LiveChange } from '../monitoring/live-state.ts';
import { LiveHub } from './hub.ts';
import type { Views } from './views.ts';

/** Who a socket belongs to; `key` names the session, so that all of its sockets can be closed when it ends. */
interface SocketSession {
  key: string;
}

/** What sockets have to know of sessions. */
export interface SocketSessions {
  identify(cookieHeader: string | undefined): Promise<{ readonly key: string } | null>;
  onEnded(listener: (sessionKey: string) => void): () => void;
}

type Events = Record<string, never>;
type LiveServer = Server<ClientToServerEvents, ServerToClientEvents, Events, SocketSession>;
type LiveSocket = Socket<ClientToServerEvents, ServerToClientEvents, Events, SocketSession>;

const beatMs = 5000;
const maxSockets = 2000;
const maxSocketsPerSession = 30;
const maxViewsPerSocket = 20;
/** Updates that wait for a slow client. Beyond it gets none until it has caught up, and then everything at once. */
const maxWaiting = { packets: 40, characters: 1_000_000 };
/** A client that takes nothing for this long is closed; it comes back when it can. */
const maxLagMs = 30_000;

/** The sockets of the screens: who may connect, what they watch, and how slow ones are kept from filling the memory. */
export class LiveSockets {
  readonly #io: LiveServer;
  readonly #hub: LiveHub;
  readonly #now: () => number;
  readonly #sessions: SocketSessions;
  readonly #publicUrl: string | null;
  readonly #onError: (error: unknown) => void;
  readonly #lagging = new Map<LiveSocket, { since: number; views: Set<ViewName> }>();
  #beat: NodeJS.Timeout | undefined;
  #stopListening: (() => void) | undefined;

  constructor(options: {
    views: Views;
    sessions: SocketSessions;
    publicUrl: string | null;
    now: () => number;
    onError: (error: unknown) => void;
  }) {
    this.#sessions = options.sessions;
    this.#publicUrl = options.publicUrl;
    this.#now = options.now;
    this.#onError = options.onError;
    this.#io = new Server({
      serveClient: false,
      // The largest thing that a client has to say is which view it watches.
      maxHttpBufferSize: 4096,
      transports: ['websocket', 'polling'],
      perMessageDeflate: false,
      httpCompression: false,
      pingInterval: 15_000,
      pingTimeout: 15_000,
      connectTimeout: 10_000,
      allowRequest: (request, done) => {
        const refused = this.#refusal(request);
        done(refused, refused === null);
      },
    });
    this.#hub = new LiveHub({
      views: options.views,
      epoch: randomUUID(),
      now: options.now,
      send: (update) => this.#send(update),
    });
  }

  /** Serves sockets at /socket.io of this server. */
  start(http: HttpServer): void {
    this.#io.use((socket, next) => {
      this.#admit(socket).then(
        (problem) => next(problem),
        (error: unknown) => {
          this.#onError(error);
          next(new Error('internal'));
        },
      );
    });
    this.#io.on('connection', (socket) => this.#connected(socket));
    this.#stopListening = this.#sessions.onEnded((key) =>
      this.#io.in(sessionRoom(key)).disconnectSockets(true),
    );
    this.#beat = setInterval(() => this.#everyBeat(), beatMs);
    this.#io.attach(http);
  }

  /** Closes all sockets. The HTTP server stays the caller's. */
  stop(): void {
    clearInterval(this.#beat);
    this.#stopListening?.();
    this.#io.disconnectSockets(true);
    // Not io.close(), which would close the HTTP server too.
    this.#io.engine?.close();
    this.#hub.stop();
  }

  changed(change: LiveChange): void {
    this.#hub.changed(change);
  }

  overviewChanged(): void {
    this.#hub.overviewChanged();
  }

  everythingChanged(): void {
    this.#hub.everythingChanged();
  }

  /** How many screens are connected. */
  get count(): number {
    return this.#io.engine?.clientsCount ?? 0;
  }

  /** Browsers say which page connects; pages of others may not. Programs do not say, and have no cookie to misuse. */
  #refusal(request: IncomingMessage): string | null {
    if (this.#io.engine.clientsCount >= maxSockets) return 'too-many';
    const { origin, host } = request.headers;
    if (origin === undefined || origin === this.#publicUrl) return null;
    return URL.canParse(origin) && new URL(origin).host === host ? null : 'forbidden';
  }

  async #admit(socket: LiveSocket): Promise<Error | undefined> {
    const session = await this.#sessions.identify(socket.request.headers.cookie);
    if (!session) return new Error('unauthenticated');
    const others = this.#io.of('/').adapter.rooms.get(sessionRoom(session.key))?.size ?? 0;
    if (others >= maxSocketsPerSession) return new Error('too-many');
    socket.data.key = session.key;
    return undefined;
  }

  #connected(socket: LiveSocket): void {
    socket.join(sessionRoom(socket.data.key));
    // The session may have ended between the handshake and here, before anybody could have told us.
    this.#sessions.identify(socket.request.headers.cookie).then(
      (session) => session ?? socket.disconnect(true),
      (error: unknown) => this.#onError(error),
    );
    const views = new Set<ViewName>();

    // Payloads come from outside, whatever their types say.
    socket.on('watch', (request: unknown, reply: unknown) => {
      if (typeof reply !== 'function') return;
      const parsed = WatchRequest.safeParse(request);
      if (!parsed.success) {
        reply({ ok: false, message: 'The request is not as the contract says.' });
        return;
      }
      const { view, since } = parsed.data;
      if (!views.has(view) && views.size >= maxViewsPerSocket) {
        reply({ ok: false, message: `At most ${maxViewsPerSocket} views can be watched at once.` });
        return;
      }
      const update = this.#hub.watch(view, since);
      if (views.has(view)) this.#hub.unwatch(view);
      views.add(view);
      this.#lagging.get(socket)?.views.delete(view);
      socket.join(view);
      reply({ ok: true, update });
    });
    socket.on('unwatch', (request: unknown) => {
      const parsed = ViewName.safeParse(request);
      if (!parsed.success || !views.delete(parsed.data)) return;
      socket.leave(parsed.data);
      this.#lagging.get(socket)?.views.delete(parsed.data);
      this.#hub.unwatch(parsed.data);
    });
    socket.on('disconnect', () => {
      for (const view of views) this.#hub.unwatch(view);
      this.#lagging.delete(socket);
    });
  }

  #send(update: ViewUpdate): void {
    const room = this.#io.of('/').adapter.rooms.get(update.view);
    for (const id of room ?? []) {
      const socket = this.#io.of('/').sockets.get(id);
      if (socket && isBehind(socket)) this.#pause(socket, update.view);
    }
    // Encoded once for all in the room.
    this.#io.to(update.view).emit('update', update);
  }

  #pause(socket: LiveSocket, view: ViewName): void {
    socket.leave(view);
    const lag = this.#lagging.get(socket);
    if (lag) {
      lag.views.add(view);
      return;
    }
    this.#lagging.set(socket, { since: this.#now(), views: new Set([view]) });
    socket.conn.once('drain', () => this.#resume(socket));
  }

  #resume(socket: LiveSocket): void {
    const lag = this.#lagging.get(socket);
    this.#lagging.delete(socket);
    for (const view of lag?.views ?? []) {
      socket.join(view);
      socket.emit('update', this.#hub.full(view));
    }
  }

  #everyBeat(): void {
    const now = this.#now();
    for (const [socket, { since }] of this.#lagging) if (now - since > maxLagMs) socket.disconnect(true);
    this.#io.emit('beat', { serverTime: now });
  }
}

/** Whether too much waits in engine.io because the connection takes no more. */
function isBehind(socket: LiveSocket): boolean {
  const buffer: unknown = Reflect.get(socket.conn, 'writeBuffer');
  if (!Array.isArray(buffer)) return false;
  let characters = 0;
  for (const packet of buffer) {
    const data: unknown = Reflect.get(Object(packet), 'data');
    if (typeof data === 'string') characters += data.length;
  }
  return buffer.length > maxWaiting.packets || characters > maxWaiting.characters;
}

function sessionRoom(key: string): string {
  return `session:${key}`;
}
