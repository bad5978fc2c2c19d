import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import type { ZodType } from 'zod';
import { AppError } from '../problem.ts';
import { watchBodySize } from './body-size.ts';
import type { Access, Caller, Route } from './route.ts';

/** Finds out who calls. Throws AppError when this caller may not do what needs `access`. */
export type Admit = (access: Access, request: Request) => Promise<Caller>;

const defaultBodyLimit = 100_000;

/** Makes express serve the routes: access first, then the body, then validation, then the work. */
export function mountRoutes(options: {
  routes: readonly Route[];
  admit: Admit;
  /** Check replies too; one that is not as declared becomes an internal error. */
  checkReplies: boolean;
}): Router {
  const router = express.Router({ caseSensitive: true, strict: true });
  for (const route of options.routes) {
    router[route.method](route.path, serve(route, options.admit, options.checkReplies));
  }
  return router;
}

function serve(route: Route, admit: Admit, checkReplies: boolean): RequestHandler {
  const readBody = bodyReader(route);
  return async (request, response) => {
    // Who may not call at all has nothing read or parsed for them.
    const caller = await admit(route.access, request);
    await readBody(request, response);
    const params = parse(route.params, request.params, 'address');
    const query = parse(route.query, request.query, 'query');
    const body = parse(route.body, request.body, 'body');
    const reply = await route.handle({ params, query, body, caller, request, response });
    if (response.headersSent || response.destroyed) return;
    if (route.reply === undefined) {
      response.status(204).end();
      return;
    }
    if (checkReplies) {
      const checked = route.reply.safeParse(reply);
      if (!checked.success)
        throw new Error(`${route.method} ${route.path} answered what it does not declare`, {
          cause: checked.error,
        });
    }
    // Replies hold what this person may see: kept by their browser only, and asked for again each time (ETag).
    if (!response.hasHeader('Cache-Control'))
      response.set('Cache-Control', route.method === 'get' ? 'private, no-cache' : 'no-store');
    response.json(reply);
  };
}

/** The limit counts what comes out of decompression, so that a small bomb stays small. */
function bodyReader(route: Route): (request: Request, response: Response) => Promise<void> {
  if (route.body === undefined) return async () => {};
  const limit = route.bodyLimit ?? defaultBodyLimit;
  const { type, reader } = {
    json: { type: 'application/json', reader: () => express.json({ limit, type: 'application/json' }) },
    text: { type: 'text/plain', reader: () => express.text({ limit, type: 'text/plain' }) },
    bytes: { type: 'application/octet-stream', reader: () => express.raw({ limit, type: () => true }) },
  }[route.bodyType ?? 'json'];
  const read = reader();
  return async (request, response) => {
    await new Promise<void>((resolve, reject) => {
      const done = watchBodySize(request, limit, reject);
      if (done === undefined) return;
      read(request, response, (error?: unknown) => {
        done();
        if (error === undefined) resolve();
        else reject(error);
      });
    });
    const isMissing =
      route.bodyType === 'bytes'
        ? !(request.body instanceof Uint8Array && request.body.length > 0)
        : request.body === undefined;
    if (isMissing) throw new AppError('invalid', `The request needs a body with Content-Type: ${type}.`);
  };
}

function parse(schema: ZodType | undefined, value: unknown, where: string): unknown {
  if (schema === undefined) return undefined;
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const fields = result.error.issues.flatMap((issue) => {
    const path = issue.path.map(String).join('.');
    return issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({
          path: path === '' ? key : `${path}.${key}`,
          message: 'is not known here',
        }))
      : [{ path, message: issue.message }];
  });
  const summary = fields
    .map((field) => `${field.path === '' ? where : field.path}: ${field.message}`)
    .join('; ');
  throw new AppError('invalid', `The ${where} is not as it should be: ${summary}`, fields);
}
