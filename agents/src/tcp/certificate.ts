import { connect } from 'node:tls';

/** What a TLS server shows. */
export interface ShownCertificate {
  /** End of its validity, milliseconds since 1970. */
  readonly validUntil: number;
}

/** TCP ports on which the server speaks TLS from the first byte (IANA service names with "tls"; Proxmox and iDRAC consoles). */
export const tlsPorts: ReadonlySet<number> = new Set([
  443, 465, 636, 853, 989, 990, 993, 995, 5061, 8006, 8443,
]);

/**
 * The certificate that a server shows within `timeoutMs`; null when there is none to see. Whether it is trusted does not matter:
 * nothing is said to the server, and in a town hall's own network many are signed by themselves. Never rejects.
 */
export function shownCertificate(options: {
  host: string;
  /** By which a server with several certificates chooses, where `host` is the address that was found for it. */
  name?: string;
  port: number;
  timeoutMs: number;
  signal: AbortSignal;
}): Promise<ShownCertificate | null> {
  return new Promise((resolve) => {
    const { host, port, name = host } = options;
    const socket = connect({
      host,
      port,
      rejectUnauthorized: false,
      // A name is what a server with several certificates chooses by; an address must not be sent as one (RFC 6066 section 3).
      ...(/^[\d.]+$|:/.test(name) ? {} : { servername: name }),
    });
    const end = (certificate: ShownCertificate | null) => {
      clearTimeout(timer);
      options.signal.removeEventListener('abort', giveUp);
      socket.destroy();
      resolve(certificate);
    };
    const giveUp = () => end(null);
    const timer = setTimeout(giveUp, options.timeoutMs);
    options.signal.addEventListener('abort', giveUp, { once: true });
    socket.once('secureConnect', () => {
      const validUntil = Date.parse(socket.getPeerCertificate().valid_to);
      end(Number.isNaN(validUntil) ? null : { validUntil });
    });
    // Stays on after `end`: a socket without an error listener would end the process.
    socket.on('error', giveUp);
    if (options.signal.aborted) giveUp();
  });
}
