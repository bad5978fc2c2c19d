import { agentHeaders } from '@rackhaus/config/contract';
import type { RequestHandler } from 'express';

/** Has every answer carry the time at which it begins, so that an agent can compare its clock. */
export function tellServerTime(now: () => number): RequestHandler {
  return (_request, response, next) => {
    response.writeHead = new Proxy(response.writeHead, {
      apply(writeHead, self, args) {
        response.setHeader(agentHeaders.time, String(now()));
        return Reflect.apply(writeHead, self, args);
      },
    });
    next();
  };
}
