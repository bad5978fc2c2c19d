import * as https from 'node:https';
import { connect, type TLSSocket } from 'node:tls';

/** Reads "sha256:…" in hexadecimal, with or without colons; null when it is none. */
export function readFingerprint(text: string): string | null {
  const [, hex] = /^sha256:([0-9a-f:]+)$/i.exec(text.trim()) ?? [];
  const digits = hex?.replaceAll(':', '').toUpperCase() ?? '';
  return digits.length === 64 ? (digits.match(/../g) ?? []).join(':') : null;
}

/**
 * Connections to the one server whose certificate has this fingerprint (as node prints it: upper case, with colons), whoever has
 * signed it, whatever names and dates stand in it. Nothing is sent before it was compared.
 */
export class PinnedAgent extends https.Agent {
  readonly #fingerprint: string;

  constructor(fingerprint: string, options: https.AgentOptions) {
    // A resumed session need not show the certificate again.
    super({ ...options, maxCachedSessions: 0 });
    this.#fingerprint = fingerprint;
  }

  override createConnection(
    options: https.RequestOptions,
    callback?: (error: Error | null, stream: TLSSocket) => void,
  ): undefined {
    const { host, port, servername, signal } = options;
    const socket = connect({
      host: host ?? 'localhost',
      port: Number(port ?? 443),
      ...(servername ? { servername } : {}),
      ...(signal ? { signal } : {}),
      rejectUnauthorized: false,
      ALPNProtocols: ['http/1.1'],
    });
    const failed = (error: Error) => callback?.(error, socket);
    socket.once('error', failed);
    socket.once('secureConnect', () => {
      socket.off('error', failed);
      const shown = socket.getPeerCertificate().fingerprint256;
      if (shown === this.#fingerprint) {
        callback?.(null, socket);
        return;
      }
      socket.on('error', () => {});
      socket.destroy();
      callback?.(
        new Error(`the server shows another certificate than --fingerprint says: sha256:${shown}`),
        socket,
      );
    });
    return undefined;
  }
}
