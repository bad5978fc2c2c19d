import type { ClientToServerEvents, ServerToClientEvents, ViewName } from '@rackhaus/config/contract';
import { io, type Socket } from 'socket.io-client';

// 200 screens: `live-clients.ts URL VIEWS COOKIE …`, views separated by commas. Prints `ready` when all watch, and ends with
// its parent.
const [url = '', views = '', ...cookies] = process.argv.slice(2);
const wanted = views.split(',');
const sockets: Socket<ServerToClientEvents, ClientToServerEvents>[] = [];

function watch(socket: (typeof sockets)[number], view: ViewName): Promise<void> {
  return new Promise((resolve, reject) =>
    socket.emit('watch', { view, since: null }, (reply) =>
      reply.ok ? resolve() : reject(new Error(reply.message)),
    ),
  );
}

for (let n = 0; n < 200; n++) {
  const socket: (typeof sockets)[number] = io(url, {
    transports: ['websocket'],
    forceNew: true,
    extraHeaders: { cookie: cookies[n % cookies.length] ?? '' },
  });
  sockets.push(socket);
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', () => resolve());
    socket.once('connect_error', reject);
  });
  for (const view of wanted) await watch(socket, view);
}
process.stdout.write('ready\n');
process.stdin.on('end', () => process.exit(0)).resume();
