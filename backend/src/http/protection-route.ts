import { Protection } from '@rackhaus/config/contract';
import type { Certificates } from '../tls/certificates.ts';
import { forwardedFor, type Proxies } from './proxies.ts';
import { defineRoute, type Route } from './route.ts';

/** How this server is reached, for administrators who set up a certificate or a proxy. */
export function protectionRoute(deps: {
  certificates: Certificates | null;
  proxies: Proxies;
  publicUrl: string | null;
}): Route {
  const { certificates, proxies, publicUrl } = deps;
  return defineRoute({
    method: 'get',
    path: '/api/protection',
    summary: 'The certificate, and how the connection of this very call came here.',
    reply: Protection,
    handle: ({ request }) => {
      const near = request.socket.remoteAddress ?? '';
      const forwarded = forwardedFor(request);
      const believed = proxies.believes(near);
      const address = proxies.callerOf(request);
      return {
        certificate: certificates === null ? null : shownOf(certificates),
        connection: {
          encrypted: request.protocol === 'https',
          address,
          proxies: believed
            ? [...forwarded.slice(forwarded.lastIndexOf(address) + 1), near.replace(/^::ffff:/, '')]
            : [],
          unknownProxy: forwarded.length > 0 && !believed ? near.replace(/^::ffff:/, '') : null,
          publicUrl,
        },
      };
    },
  });
}

function shownOf(certificates: Certificates): NonNullable<Protection['certificate']> {
  const { subject, issuer, names, validFrom, validTo, fingerprint } = certificates.current;
  return {
    source: certificates.source,
    file: certificates.source === 'files' ? certificates.files.certFile : null,
    subject,
    issuer,
    names: [...names],
    validFrom,
    validTo,
    fingerprint,
    problem: certificates.problem,
  };
}
