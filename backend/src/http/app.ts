import compression from 'compression';
import express, { type Express } from 'express';
import type { Logger } from 'pino';
import { apiDescription, apiRoutes } from './api-routes.ts';
import { type Frontend, serveFrontend } from './frontend.ts';
import { type Admit, mountRoutes } from './mount.ts';
import type { OpenApi } from './openapi.ts';
import { noSuchRoute, problemReplies, requestId } from './problem.ts';
import { requestLog } from './request-log.ts';
import type { Route } from './route.ts';
import { sameOriginOnly } from './same-origin.ts';
import { securityHeaders } from './security-headers.ts';

/** Everything that is answered over HTTP: the API from `routes`, its description, and the interface. */
export function createHttpApp(options: {
  routes: readonly Route[];
  admit: Admit;
  frontend: Frontend;
  publicUrl: string | null;
  /** As in the setting TRUST_PROXY. */
  trustProxy: string;
  checkReplies: boolean;
  log: Logger;
}): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  if (options.trustProxy !== '') app.set('trust proxy', options.trustProxy);

  app.use(requestId);
  app.use(requestLog(options.log));
  app.use(
    securityHeaders({
      frontend: options.frontend,
      https: options.publicUrl?.startsWith('https:') === true,
    }),
  );
  app.use(compression());
  app.use(sameOriginOnly(options.publicUrl));

  // Made when somebody asks: describing several hundred routes takes longer than all the rest of starting.
  let description: OpenApi | undefined;
  const routes: Route[] = [
    ...options.routes,
    ...apiRoutes(() => {
      description ??= apiDescription(routes);
      return description;
    }),
  ];
  app.use(mountRoutes({ routes, admit: options.admit, checkReplies: options.checkReplies }));
  app.use('/api', noSuchRoute);
  app.use(serveFrontend(options.frontend));
  app.use(noSuchRoute);
  app.use(problemReplies(options.log));
  return app;
}
