import type { Request } from 'express';
import type { PasskeySite } from './webauthn.ts';

/** Where this browser sees Rackhaus, which is what its passkeys are for. */
export function siteOf(request: Request, publicUrl: string | null): PasskeySite {
  const { hostname, origin } = new URL(originOf(request, publicUrl));
  return { host: hostname, origin };
}

/** For links that are sent to people. */
export function originOf(request: Request, publicUrl: string | null): string {
  return new URL(publicUrl ?? `${request.protocol}://${request.get('Host')}`).origin;
}
