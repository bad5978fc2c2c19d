import {
  agentHeaders,
  type ClientToServerEvents,
  formatLines,
  type LiveItem,
  type Reading,
  type ServerToClientEvents,
  type StreamPosition,
  type ViewName,
  type ViewUpdate,
  WatchReply,
} from '@rackhaus/config/contract';
import { io, type Socket } from 'socket.io-client';
import { startTestServer, type TestDevices, type TestServer } from '../monitoring/testing.ts';

// Real sockets to a real server. For tests.

export type Client = Socket<ServerToClientEvents, ClientToServerEvents>;

/** A server with one agent that polls all devices. */
export interface LiveServer {
  readonly server: TestServer;
  readonly agent: { id: number; token: string };
  /** Ended by {@link close}. */
  connect(cookie: string | undefined, headers?: Record<string, string>): Client;
  /** Sends readings as the agent does; resolves when they are accepted. */
  deliver(...readings: Reading[]): Promise<void>;
  close(): Promise<void>;
}

export async function startLiveServer(devices: TestDevices): Promise<LiveServer> {
  const server = await startTestServer({ devices });
  const agent = await server.agent('local');
  const clients: Client[] = [];
  let sequence = 0;
  return {
    server,
    agent,
    connect(cookie, headers = {}) {
      const client: Client = io(server.url, {
        transports: ['websocket'],
        reconnection: false,
        forceNew: true,
        extraHeaders: { ...(cookie === undefined ? {} : { cookie }), ...headers },
      });
      clients.push(client);
      return client;
    },
    async deliver(...readings) {
      const reply = await fetch(`${server.url}/api/agent/readings`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${agent.token}`,
          'content-type': 'text/plain',
          [agentHeaders.outbox]: 'box',
          [agentHeaders.sequence]: String(++sequence),
        },
        body: formatLines(readings),
      });
      if (reply.status !== 204) throw new Error(`The readings were answered with ${reply.status}.`);
    },
    async close() {
      for (const client of clients.splice(0)) client.disconnect();
      await server.close();
    },
  };
}

/** Rejects when the handshake is refused. */
export const connected = (client: Client): Promise<void> =>
  new Promise((resolve, reject) => {
    client.once('connect', resolve);
    client.once('connect_error', reject);
  });

/** Resolves when the server has ended the connection. */
export const gone = (client: Client): Promise<void> =>
  new Promise((resolve) => {
    client.once('disconnect', () => resolve());
  });

/** Asks for a view and gives what it holds. */
export async function watch(
  client: Client,
  view: ViewName,
  since: StreamPosition | null = null,
): Promise<ViewUpdate> {
  const reply = WatchReply.parse(await client.emitWithAck('watch', { view, since }));
  if (!reply.ok) throw new Error(reply.message);
  return reply.update;
}

/** Resolves with the next update that holds an item like this. */
export function next(client: Client, wanted: (item: LiveItem) => boolean): Promise<ViewUpdate> {
  return new Promise((resolve) => {
    const listen = (update: ViewUpdate) => {
      if (!update.items.some(wanted)) return;
      client.off('update', listen);
      resolve(update);
    };
    client.on('update', listen);
  });
}
