import type { RequestHandler } from 'express';
import { AppError } from '../problem.ts';

/**
 * Refuses requests that change something and that a browser sends on behalf of another site. The session cookie is
 * SameSite=Strict already; this holds where that does not (a neighbour under the same domain, an old browser).
 * Programs send neither header and are let through: they have no cookie that another site could use.
 */
export function sameOriginOnly(publicUrl: string | null): RequestHandler {
  return (request, _response, next) => {
    if (['GET', 'HEAD', 'OPTIONS'].includes(request.method)) return next();
    const site = request.get('Sec-Fetch-Site');
    const origin = request.get('Origin');
    const own = `${request.protocol}://${request.get('Host')}`;
    // Browsers send Sec-Fetch-Site only over https and to this machine itself; Origin always.
    const foreign =
      site !== undefined
        ? site !== 'same-origin' && site !== 'none'
        : origin !== undefined && origin !== own && origin !== publicUrl;
    if (foreign) throw new AppError('forbidden', 'This request came from another site.');
    next();
  };
}
