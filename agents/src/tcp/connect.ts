import { connect } from 'node:net';

/** Whether the port accepts a connection within `timeoutMs`. Sends nothing and hangs up at once. Never rejects. */
export function acceptsConnection(options: {
  host: string;
  port: number;
  timeoutMs: number;
  signal: AbortSignal;
}): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: options.host, port: options.port });
    const end = (accepted: boolean) => {
      clearTimeout(timer);
      options.signal.removeEventListener('abort', giveUp);
      socket.destroy();
      resolve(accepted);
    };
    const giveUp = () => end(false);
    // Not socket.setTimeout: it does not cover the name lookup.
    const timer = setTimeout(giveUp, options.timeoutMs);
    options.signal.addEventListener('abort', giveUp, { once: true });
    socket.once('connect', () => end(true));
    // Stays on after `end`: a socket without an error listener would end the process.
    socket.on('error', () => end(false));
    if (options.signal.aborted) end(false);
  });
}
