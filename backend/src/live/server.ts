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
import type { Gate } from '../http/permission.ts';
import type { Caller } from '../http/route.ts';
import type { LiveChange } from '../monitoring/live-state.ts';
import { AppError } from '../problem.ts';
import { Allowance } from './allowance.ts';
import { LiveHub, roomOf } from './hub.ts';
import { parseView } from './view-items.ts';
import type { Views } from './views.ts';

/** Who a socket belongs to; `key` names the session, so that all of its sockets can be closed when it ends. */
interface SocketSession {
  key: string;
  caller: Caller;
}

/** What sockets have to know of sessions. */
export interface SocketSessions {
  identify(
    cookieHeader: string | undefined,
  ): Promise<{ readonly key: string; readonly caller: Caller } | null>;
  onEnded(listener: (sessionKey: string) => void): () => void;
}

/** Decides who may watch what, as it decides about routes: "watch room" stands in the same table. */
export type WatchGate = Pick<Gate, 'permissionOf' | 'allow' | 'within'>;

type Events = Record<string, never>;
type LiveServer = Server<ClientToServerEvents, ServerToClientEvents, Events, SocketSession>;
type LiveSocket = Socket<ClientToServerEvents, ServerToClientEvents, Events, SocketSession>;

const beatMs = 5000;
const maxSockets = 2000;
const maxSocketsPerSession = 30;
/** Of one person, whatever number of sessions they have. */
const maxSocketsPerUser = 250;
/** A house behind one address has many screens; one client must not have them all. */
const maxSocketsPerAddress = 400;
/** What a socket may say: as much as somebody does who opens one screen after the other. */
const messages = { burst: 60, perSecond: 20 } as const;
const maxViewsPerSocket = 20;
/** Updates that wait for a slow client. Beyond it gets none until it has caught up, and then everything at once. */
const maxWaiting = { packets: 40, characters: 1_000_000 };
/** A client that takes nothing for this long is closed; it comes back when it can. */
const maxLagMs = 30_000;

/** Who has asked for what kind of view, and why they do not get it. */
export interface RefusedView {
  readonly caller: Caller;
  readonly address: string;
  readonly view: string;
  readonly reason: string;
}

/** The sockets of the screens: who may connect, what they watch, and how slow ones are kept from filling the memory. */
export class LiveSockets {
  readonly #io: LiveServer;
  readonly #hub: LiveHub;
  readonly #now: () => number;
  readonly #sessions: SocketSessions;
  readonly #gate: WatchGate;
  readonly #addressOf: (request: IncomingMessage) => string;
  readonly #publicUrl: string | null;
  readonly #perAddress = new Map<string, number>();
  readonly #perUser = new Map<number, number>();
  readonly #onError: (error: unknown) => void;
  readonly #onRefused: (refused: RefusedView) => void;
  readonly #lagging = new Map<LiveSocket, { since: number; views: Set<ViewName> }>();
  readonly #watching = new Map<LiveSocket, Set<ViewName>>();
  #beat: NodeJS.Timeout | undefined;
  #stopListening: (() => void) | undefined;

  constructor(options: {
    views: Views;
    sessions: SocketSessions;
    gate: WatchGate;
    addressOf?: (request: IncomingMessage) => string;
    publicUrl: string | null;
    now: () => number;
    onError: (error: unknown) => void;
    /** Told when somebody asks for a view that is not for them. */
    onRefused?: (refused: RefusedView) => void;
  }) {
    this.#sessions = options.sessions;
    this.#gate = options.gate;
    this.#addressOf = options.addressOf ?? ((request) => request.socket.remoteAddress ?? '');
    this.#publicUrl = options.publicUrl;
    this.#now = options.now;
    this.#onError = options.onError;
    this.#onRefused = options.onRefused ?? (() => {});
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
      send: (update, room) => this.#send(update, room),
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
    this.#io.engine.on(
      'connection',
      (connection: { request: IncomingMessage; once(event: 'close', listener: () => void): unknown }) => {
        const address = this.#addressOf(connection.request);
        count(this.#perAddress, address, 1);
        connection.once('close', () => count(this.#perAddress, address, -1));
      },
    );
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

  /** Notes that the looking through networks has got further, or has found something. */
  discoveryChanged(): void {
    this.#hub.discoveryChanged();
  }

  /** Notes that devices have sent messages. */
  messagesChanged(): void {
    this.#hub.messagesChanged();
  }

  everythingChanged(): void {
    this.#hub.everythingChanged();
    this.#leaveOtherSites();
  }

  /** How many screens are connected. */
  get count(): number {
    return this.#io.engine?.clientsCount ?? 0;
  }

  /** Browsers say which page connects; pages of others may not. Programs do not say, and have no cookie to misuse. */
  #refusal(request: IncomingMessage): string | null {
    if (this.#io.engine.clientsCount >= maxSockets) return 'too-many';
    if ((this.#perAddress.get(this.#addressOf(request)) ?? 0) >= maxSocketsPerAddress) return 'too-many';
    const { origin, host } = request.headers;
    if (origin === undefined || origin === this.#publicUrl) return null;
    return URL.canParse(origin) && new URL(origin).host === host ? null : 'forbidden';
  }

  async #admit(socket: LiveSocket): Promise<Error | undefined> {
    const session = await this.#sessions.identify(socket.request.headers.cookie);
    if (!session) return new Error('unauthenticated');
    const others = this.#io.of('/').adapter.rooms.get(sessionRoom(session.key))?.size ?? 0;
    if (others >= maxSocketsPerSession) return new Error('too-many');
    const user = userOf(session.caller);
    if (user !== null && (this.#perUser.get(user) ?? 0) >= maxSocketsPerUser) return new Error('too-many');
    socket.data.key = session.key;
    socket.data.caller = session.caller;
    return undefined;
  }

  #connected(socket: LiveSocket): void {
    socket.join(sessionRoom(socket.data.key));
    const user = userOf(socket.data.caller);
    if (user !== null) {
      count(this.#perUser, user, 1);
      socket.once('disconnect', () => count(this.#perUser, user, -1));
    }
    const allowance = new Allowance(messages, performance.now());
    socket.use((_packet, next) => {
      if (allowance.take(performance.now())) next();
      else socket.disconnect(true);
    });
    // The session may have ended between the handshake and here, before anybody could have told us.
    this.#sessions.identify(socket.request.headers.cookie).then(
      (session) => session ?? socket.disconnect(true),
      (error: unknown) => this.#onError(error),
    );
    const views = this.#views(socket);
    const sites = sitesOf(socket);
    // Whoever leaves while it is looked up whether they may see it has left.
    const wanted = new Set<ViewName>();

    // Payloads come from outside, whatever their types say.
    socket.on('watch', (request: unknown, reply: unknown) => {
      if (typeof reply !== 'function') return;
      const parsed = WatchRequest.safeParse(request);
      if (!parsed.success) {
        reply({ ok: false, message: 'The request is not as the contract says.' });
        return;
      }
      const { view, since } = parsed.data;
      if (!views.has(view) && wanted.size >= maxViewsPerSocket) {
        reply({ ok: false, message: `At most ${maxViewsPerSocket} views can be watched at once.` });
        return;
      }
      wanted.add(view);
      const show = () => {
        if (!socket.connected || !wanted.has(view)) return;
        const update = this.#hub.watch(view, since, sites);
        if (views.has(view)) this.#hub.unwatch(view, sites);
        views.add(view);
        this.#lagging.get(socket)?.views.delete(view);
        socket.join(roomOf(view, sites));
        reply({ ok: true, update });
      };
      const refuse = (error: unknown) => {
        if (!views.has(view)) wanted.delete(view);
        const isRefusal = error instanceof AppError;
        if (!isRefusal) this.#onError(error);
        else if (error.code === 'forbidden' || error.code === 'unauthenticated')
          this.#onRefused({
            caller: socket.data.caller,
            address: this.#addressOf(socket.request),
            view: parseView(view).kind,
            reason: error.details.reason ?? error.code,
          });
        reply({ ok: false, message: isRefusal ? error.message : 'Something went wrong on the server.' });
      };
      try {
        const looked = this.#maySee(socket, view);
        if (looked === null) show();
        else looked.then(show).catch(refuse);
      } catch (error) {
        refuse(error);
      }
    });
    socket.on('unwatch', (request: unknown) => {
      const parsed = ViewName.safeParse(request);
      if (!parsed.success) return;
      wanted.delete(parsed.data);
      this.#leave(socket, parsed.data);
    });
    socket.on('disconnect', () => {
      wanted.clear();
      for (const view of views) this.#hub.unwatch(view, sites);
      views.clear();
      this.#lagging.delete(socket);
      this.#watching.delete(socket);
    });
  }

  /** Looks into the table as a call does; null: nothing has to be looked up. @throws AppError, or rejects with one */
  #maySee(socket: LiveSocket, view: ViewName): Promise<void> | null {
    const { caller } = socket.data;
    const { kind, id } = parseView(view);
    const permission = this.#gate.permissionOf(`watch ${kind}`);
    this.#gate.allow(permission, caller);
    const isFree = sitesOf(socket) === null && (caller.kind !== 'person' || caller.room === undefined);
    return isFree ? null : this.#gate.within(caller, permission, { id });
  }

  /** What has moved to another site is not shown any more to who is not for that. */
  #leaveOtherSites(): void {
    for (const [socket, views] of this.#watching) {
      if (sitesOf(socket) === null) continue;
      for (const view of views)
        this.#maySee(socket, view)?.catch((error: unknown) => {
          if (!(error instanceof AppError)) this.#onError(error);
          this.#leave(socket, view);
        });
    }
  }

  #leave(socket: LiveSocket, view: ViewName): void {
    if (this.#watching.get(socket)?.delete(view) !== true) return;
    const sites = sitesOf(socket);
    socket.leave(roomOf(view, sites));
    this.#lagging.get(socket)?.views.delete(view);
    this.#hub.unwatch(view, sites);
  }

  /** The views that a socket watches. */
  #views(socket: LiveSocket): Set<ViewName> {
    const views = new Set<ViewName>();
    this.#watching.set(socket, views);
    return views;
  }

  #send(update: ViewUpdate, room: string): void {
    for (const id of this.#io.of('/').adapter.rooms.get(room) ?? []) {
      const socket = this.#io.of('/').sockets.get(id);
      if (socket && isBehind(socket)) this.#pause(socket, update.view);
    }
    // Encoded once for all in the room.
    this.#io.to(room).emit('update', update);
  }

  #pause(socket: LiveSocket, view: ViewName): void {
    socket.leave(roomOf(view, sitesOf(socket)));
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
      socket.join(roomOf(view, sitesOf(socket)));
      socket.emit('update', this.#hub.full(view, sitesOf(socket)));
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

/** The sites that the account is limited to; null: none. */
function sitesOf({ data: { caller } }: LiveSocket): ReadonlySet<number> | null {
  return caller.kind === 'person' ? caller.sites : null;
}

function sessionRoom(key: string): string {
  return `session:${key}`;
}

function userOf(caller: Caller): number | null {
  return caller.kind === 'person' ? caller.userId : null;
}

function count<K>(counts: Map<K, number>, key: K, by: 1 | -1): void {
  const next = (counts.get(key) ?? 0) + by;
  if (next > 0) counts.set(key, next);
  else counts.delete(key);
}
