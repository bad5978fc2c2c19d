import type { CheckSecret, CheckSettings } from '@rackhaus/config/contract';
import { dayOf } from './connection.ts';
import type { CheckContext } from './context.ts';
import { HttpClient, type HttpReply } from './http-client.ts';
import { CheckFailure, type Findings } from './result.ts';

const mostBody = 1_000_000;
const mostRedirects = 5;
const dayMs = 86_400_000;

/** Fetches a page and looks at what comes. @returns the certificate of the last server @throws CheckFailure */
export async function checkHttp(
  settings: CheckSettings<'http'>,
  secret: CheckSecret | null,
  context: CheckContext,
  findings: Findings,
) {
  let url = new URL(settings.url);
  const { origin } = url;
  for (let hops = 0; ; hops++) {
    const { reply, certificate } = await fetchOnce(
      url,
      settings,
      url.origin === origin ? secret : null,
      context,
    );
    const next = settings.followRedirects ? redirectOf(reply, url) : null;
    if (next !== null) {
      if (hops >= mostRedirects) throw new CheckFailure('redirects');
      url = next;
      continue;
    }
    findings.note('status', String(reply.status));
    if (url.href !== new URL(settings.url).href) findings.note('url', url.href);
    const withCertificate = (outcome: 'certificate-expired' | 'certificate-soon', until: number) => {
      throw new CheckFailure(outcome, dayOf(until), { certificate });
    };
    const until = certificate?.validUntil ?? Number.POSITIVE_INFINITY;
    if (until < context.now && settings.trust !== 'any') withCertificate('certificate-expired', until);
    judge(reply, settings, secret !== null, certificate);
    if (settings.certificateDays !== null && until < context.now + settings.certificateDays * dayMs)
      withCertificate('certificate-soon', until);
    return certificate;
  }
}

async function fetchOnce(
  url: URL,
  settings: CheckSettings<'http'>,
  secret: CheckSecret | null,
  context: CheckContext,
) {
  const name = url.hostname.replaceAll(/[[\]]/g, '');
  const encrypted = url.protocol === 'https:';
  const place = {
    name,
    address: await context.resolve(name),
    port: url.port === '' ? (encrypted ? 443 : 80) : Number(url.port),
  };
  const client = new HttpClient({ origin: url, place, tls: encrypted ? settings : null, ...context });
  try {
    const reply = await client.request({
      method: settings.method,
      path: `${url.pathname}${url.search}`,
      headers: { accept: '*/*', ...(secret === null ? {} : { authorization: authorization(secret) }) },
      mostBytes: mostBody,
    });
    return { reply, certificate: client.certificate };
  } finally {
    client.close();
  }
}

/** The header that a secret becomes (RFC 7617, RFC 6750). */
export function authorization(secret: CheckSecret): string {
  if (secret.kind === 'token') return `Bearer ${secret.token}`;
  return `Basic ${Buffer.from(`${secret.user}:${secret.password}`).toString('base64')}`;
}

function redirectOf({ status, headers }: HttpReply, from: URL): URL | null {
  if (![301, 302, 303, 307, 308].includes(status) || headers.location === undefined) return null;
  if (!URL.canParse(headers.location, from.href)) return null;
  const to = new URL(headers.location, from);
  return to.protocol === 'http:' || to.protocol === 'https:' ? to : null;
}

function judge(
  reply: HttpReply,
  settings: CheckSettings<'http'>,
  signsIn: boolean,
  certificate: HttpClient['certificate'],
): void {
  const { status } = reply;
  const right =
    settings.status.length > 0
      ? settings.status.includes(status)
      : (status >= 200 && status < 300) || (!settings.followRedirects && status >= 300 && status < 400);
  if (!right)
    throw new CheckFailure(status === 401 && signsIn ? 'wrong-password' : 'status', String(status), {
      certificate,
    });
  const text = settings.contains === null && settings.lacks === null ? '' : textOf(reply);
  if (settings.contains !== null && !text.includes(settings.contains))
    throw new CheckFailure('text-missing', settings.contains, { certificate });
  if (settings.lacks !== null && text.includes(settings.lacks))
    throw new CheckFailure('text-found', settings.lacks, { certificate });
}

function textOf({ headers, body }: HttpReply): string {
  const charset = /charset="?([\w-]+)/i.exec(headers['content-type'] ?? '')?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(charset).decode(body);
  } catch (error) {
    // A server may name a charset that nobody knows: most of such pages are readable all the same.
    if (error instanceof RangeError) return body.toString('utf8');
    throw error;
  }
}
