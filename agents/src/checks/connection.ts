import { X509Certificate } from 'node:crypto';
import { connect as connectPlain, isIP, type Socket } from 'node:net';
import {
  checkServerIdentity,
  connect as connectSecure,
  createSecureContext,
  getCACertificates,
  type SecureContext,
  type TLSSocket,
} from 'node:tls';
import type { SeenCertificate, TlsSettings } from '@rackhaus/config/contract';
import { CheckFailure } from './result.ts';

/** Where something is: `name` is what its certificate must be for, `address` where it was found. */
export interface Place {
  readonly name: string;
  readonly address: string;
  readonly port: number;
}

/** Whom this machine trusts: what node brings along and what the machine itself has been given, read when it is first asked for. */
export class Authorities {
  #public: SecureContext | null = null;
  #own: { readonly text: string; readonly context: SecureContext } | null = null;

  /** @throws CheckFailure when the authority's certificate cannot be read */
  contextFor({ trust, authority }: TlsSettings): SecureContext {
    if (trust !== 'authority' || authority === null) {
      this.#public ??= createSecureContext({
        ca: [...new Set([...getCACertificates('default'), ...getCACertificates('system')])],
      });
      return this.#public;
    }
    if (this.#own?.text === authority) return this.#own.context;
    try {
      const context = createSecureContext({ ca: authority });
      this.#own = { text: authority, context };
      return context;
    } catch (error) {
      throw new CheckFailure('certificate-untrusted', messageOf(error), { answered: false });
    }
  }
}

/** Opens a connection. @throws CheckFailure */
export function openConnection(place: Place, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connectPlain({ host: place.address, port: place.port });
    // Stays on: a socket without an error listener would end the process.
    socket.on('error', (error) => reject(failureOf(error, false)));
    const giveUp = () => {
      socket.destroy();
      reject(new CheckFailure('timeout', null, { answered: false }));
    };
    signal.addEventListener('abort', giveUp, { once: true });
    socket.once('close', () => signal.removeEventListener('abort', giveUp));
    socket.once('connect', () => {
      // From here on whoever works with it knows best what a timeout means.
      signal.removeEventListener('abort', giveUp);
      resolve(socket);
    });
    if (signal.aborted) giveUp();
  });
}

/** Speaks TLS from here on, and looks at the certificate before anything is said. @throws CheckFailure */
export async function secure(
  socket: Socket,
  place: Place,
  options: {
    readonly tls: TlsSettings;
    readonly authorities: Authorities;
    readonly now: number;
    readonly signal: AbortSignal;
  },
): Promise<{ readonly socket: TLSSocket; readonly certificate: SeenCertificate }> {
  const { tls, signal } = options;
  const secured = connectSecure({
    socket,
    secureContext: options.authorities.contextFor(tls),
    // What is wrong with it is said in words below; nothing is sent before.
    rejectUnauthorized: false,
    checkServerIdentity: (_, certificate) => checkServerIdentity(place.name, certificate),
    // An address must not be sent as a name (RFC 6066 section 3).
    ...(isIP(place.name) === 0 ? { servername: place.name } : {}),
  });
  try {
    await new Promise<void>((resolve, reject) => {
      secured.on('error', (error) => reject(tlsFailure(error)));
      secured.once('close', () => reject(new CheckFailure('closed')));
      signal.addEventListener('abort', () => reject(new CheckFailure('timeout', null)), { once: true });
      secured.once('secureConnect', resolve);
      if (signal.aborted) reject(new CheckFailure('timeout'));
    });
    const { raw } = secured.getPeerCertificate();
    if (raw === undefined) throw new CheckFailure('no-tls', 'no certificate was shown');
    const certificate = seen(new X509Certificate(raw));
    judge(certificate, { tls, now: options.now, problem: problemOf(secured) });
    return { socket: secured, certificate };
  } catch (error) {
    secured.destroy();
    throw error;
  }
}

function judge(
  certificate: SeenCertificate,
  { tls, now, problem }: { tls: TlsSettings; now: number; problem: string | null },
): void {
  if (tls.trust === 'any') return;
  const fail = (outcome: ConstructorParameters<typeof CheckFailure>[0], detail: string | null) => {
    throw new CheckFailure(outcome, detail, { certificate });
  };
  if (tls.trust === 'pinned') {
    if (tls.fingerprint === null) fail('certificate-untrusted', certificate.issuer);
    if (tls.fingerprint !== certificate.fingerprint) fail('certificate-changed', certificate.fingerprint);
    return;
  }
  if (certificate.validUntil < now) fail('certificate-expired', dayOf(certificate.validUntil));
  if (problem === null) return;
  if (problem === 'CERT_HAS_EXPIRED') fail('certificate-expired', dayOf(certificate.validUntil));
  if (problem === 'CERT_NOT_YET_VALID') fail('certificate-not-yet', null);
  if (problem === 'ERR_TLS_CERT_ALTNAME_INVALID') fail('certificate-name', certificate.subject);
  fail('certificate-untrusted', certificate.issuer);
}

/** The day of a moment, as `2026-11-23`. */
export function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

function problemOf(socket: TLSSocket): string | null {
  if (socket.authorized) return null;
  const problem: unknown = socket.authorizationError;
  return problem instanceof Error
    ? 'code' in problem
      ? String(problem.code)
      : problem.message
    : String(problem);
}

function seen(certificate: X509Certificate): SeenCertificate {
  const { subject, issuer, subjectAltName, validTo, fingerprint256 } = certificate;
  const names = subjectAltName?.replaceAll(/(DNS|IP Address):/g, '') ?? '';
  return {
    fingerprint: fingerprint256.replaceAll(':', '').toLowerCase(),
    subject: (names || nameIn(subject)).slice(0, 300),
    issuer: nameIn(issuer).slice(0, 300),
    validUntil: Date.parse(validTo),
  };
}

/** The common name of a distinguished one, or its organisation. */
function nameIn(text: string | undefined): string {
  const lines = (text ?? '').split('\n');
  const of = (key: string) => lines.find((line) => line.startsWith(`${key}=`))?.slice(key.length + 1);
  return of('CN') ?? of('O') ?? lines.join(', ');
}

/** What an error of a socket means. */
export function failureOf(error: unknown, answered = true): CheckFailure {
  if (error instanceof CheckFailure) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const none = { answered: false };
  if (code === 'ECONNREFUSED') return new CheckFailure('refused', null, none);
  if (['EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL', 'ENETDOWN', 'EHOSTDOWN'].includes(code))
    return new CheckFailure('no-route', null, none);
  if (code === 'ETIMEDOUT') return new CheckFailure('timeout', null, { answered });
  if (['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE'].includes(code))
    return new CheckFailure('closed', null, { answered });
  return new CheckFailure('failed', messageOf(error), { answered });
}

function tlsFailure(error: unknown): CheckFailure {
  const failure = failureOf(error);
  return failure.outcome === 'failed' ? new CheckFailure('no-tls', shortened(failure.detail)) : failure;
}

/** OpenSSL's `…:SSL routines:ssl3_get_record:wrong version number:…` as people may read it. */
function shortened(text: string | null): string | null {
  return /SSL routines:[^:]*:([^:]+)/.exec(text ?? '')?.[1] ?? text;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
