import type { RequestHandler } from 'express';
import type { Logger } from 'pino';

/**
 * One line a request: what, result, how long. No query, no cookies, no bodies, no addresses: a log is not a record of who
 * looked at what. Requests that only read and succeed are logged at `debug`.
 */
export function requestLog(log: Logger): RequestHandler {
  return (request, response, next) => {
    const started = performance.now();
    response.once('close', () => {
      const line = {
        requestId: response.locals.requestId,
        method: request.method,
        path: loggedPath(request.path),
        status: response.statusCode,
        ms: Math.round(performance.now() - started),
      };
      if (response.statusCode >= 500) log.error(line, 'request');
      else if (response.statusCode >= 400) log.info(line, 'request');
      else log.debug(line, 'request');
    });
    next();
  };
}

/** The address as it may stand in a log: what is long and random in it gives access to something (calendars, links in messages). */
export function loggedPath(path: string): string {
  return path.replace(/[\w-]{20,}/g, (part) => (/\d/.test(part) ? '[secret]' : part));
}
