import { createHash } from 'node:crypto';
import type { RequestHandler } from 'express';
import helmet from 'helmet';
import type { Frontend } from './frontend.ts';

/**
 * Security headers for everything. Scripts and styles come from this server only; what is written into index.html itself
 * (the start of the application) is allowed by its hash.
 */
export function securityHeaders(options: { frontend: Frontend; https: boolean }): RequestHandler {
  const { indexHtml, styleAttributes } = options.frontend;
  const html = indexHtml ?? '';
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'", ...inlineHashes(html, 'script')],
        scriptSrcAttr: ["'none'"],
        styleSrc: ["'self'", ...inlineHashes(html, 'style')],
        // SvelteKit's announcer for screen readers has one. These hashes allow exactly these texts as attributes.
        ...(styleAttributes.length > 0
          ? { styleSrcAttr: ["'unsafe-hashes'", ...styleAttributes.map(hashSource)] }
          : {}),
        imgSrc: ["'self'", 'data:', 'blob:'],
        fontSrc: ["'self'"],
        // 'self' includes web sockets to the same host and port.
        connectSrc: ["'self'"],
        workerSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    // Browsers ignore these two over http, one of them with a warning for every page.
    strictTransportSecurity: options.https ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    crossOriginOpenerPolicy: options.https ? { policy: 'same-origin' } : false,
    originAgentCluster: options.https,
    referrerPolicy: { policy: 'same-origin' },
    xFrameOptions: { action: 'deny' },
  });
}

/** The CSP sources of the inline elements of a page, e.g. `'sha256-…'`. */
export function inlineHashes(html: string, element: 'script' | 'style'): string[] {
  const found = html.matchAll(
    new RegExp(`<${element}(?<attributes>[^>]*)>(?<text>[\\s\\S]*?)</${element}>`, 'gi'),
  );
  return [...found]
    .filter(({ groups }) => groups?.text !== '' && !/\ssrc\s*=/i.test(groups?.attributes ?? ''))
    .map(({ groups }) => hashSource(groups?.text ?? ''));
}

function hashSource(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
