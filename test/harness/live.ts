import {
  type ClientToServerEvents,
  type LiveItem,
  liveItemKey,
  type ServerToClientEvents,
  type ViewName,
  ViewUpdate,
  WatchReply,
} from '@rackhaus/config/contract';
import { io, type Socket } from 'socket.io-client';

export interface Watching {
  /** What the view shows at the moment, by `liveItemKey`. */
  readonly items: ReadonlyMap<string, LiveItem>;
  close(): void;
}

/** Watches one view over the live connection, as a screen does. Resolves with its first picture. */
export async function watch(url: string, cookie: string, view: ViewName): Promise<Watching> {
  const socket: Socket<ServerToClientEvents, ClientToServerEvents> = io(url, {
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    extraHeaders: { cookie },
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', () => resolve());
    socket.once('connect_error', reject);
  });
  const items = new Map<string, LiveItem>();
  const take = (update: ViewUpdate) => {
    if (update.full) items.clear();
    for (const item of update.items) items.set(liveItemKey(item), item);
  };
  socket.on('update', (update) => take(ViewUpdate.parse(update)));
  const reply = WatchReply.parse(await socket.timeout(5000).emitWithAck('watch', { view, since: null }));
  if (!reply.ok) throw new Error(reply.message);
  take(reply.update);
  return { items, close: () => socket.disconnect() };
}
