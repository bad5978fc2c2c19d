import compression from 'compression';
import express, { type Express, type RequestHandler } from 'express';
import type { Logger } from 'pino';
import { apiDescription, apiRoutes } from './api-routes.ts';
import type { CallNotes } from './call-notes.ts';
import { type Frontend, serveFrontend } from './frontend.ts';
import { mountRoutes } from './mount.ts';
import type { OpenApi } from './openapi.ts';
import type { Gate } from './permission.ts';
import { noSuchRoute, problemReplies, requestId } from './problem.ts';
import type { Rates } from './rates.ts';
import { requestLog } from './request-log.ts';
import type { Route } from './route.ts';
import { sameOriginOnly } from './same-origin.ts';
import { securityHeaders } from './security-headers.ts';
import { tellServerTime } from './server-time.ts';

/** Everything that is answered over HTTP: the API from `routes`, its description, and the interface. */
export function createHttpApp(options: {
  routes: readonly Route[];
  gate: Gate;
  /** Hears of every call of `routes`. */
  notes?: CallNotes;
  /** Answers addresses that are not of this API, in their own way. */
  foreign?: RequestHandler;
  frontend: Frontend;
  publicUrl: string | null;
  /** Browsers reach this server over https, its own or that of a proxy. */
  https: boolean;
  /** As in the setting TRUST_PROXY. */
  trustProxy: string;
  checkReplies: boolean;
  rates?: Rates;
  log: Logger;
}): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  if (options.trustProxy !== '') app.set('trust proxy', options.trustProxy);

  app.use(requestId);
  app.use(requestLog(options.log));
  app.use(securityHeaders({ https: options.https }));
  app.use('/api/agent/', tellServerTime(Date.now));
  app.use(compression());
  app.use(sameOriginOnly(options.publicUrl));

  if (options.foreign) app.use(options.foreign);

  // Made when somebody asks: describing several hundred routes takes longer than all the rest of starting.
  let description: OpenApi | undefined;
  const routes: Route[] = [
    ...options.routes,
    ...apiRoutes(() => {
      description ??= apiDescription(routes, options.gate);
      return description;
    }),
  ];
  app.use(
    mountRoutes({
      ...(options.rates ? { rates: options.rates } : {}),
      routes,
      gate: options.gate,
      checkReplies: options.checkReplies,
      ...(options.notes === undefined ? {} : { notes: options.notes }),
    }),
  );
  app.use('/api', noSuchRoute);
  app.use(serveFrontend(options.frontend));
  app.use(noSuchRoute);
  app.use(problemReplies(options.log));
  return app;
}
