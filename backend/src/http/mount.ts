import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import type { ZodType } from 'zod';
import { AppError } from '../problem.ts';
import { readBody } from './body.ts';
import type { CallNotes, NotedCall } from './call-notes.ts';
import { type Gate, permissionKey } from './permission.ts';
import { type Rates, rateOf } from './rates.ts';
import type { Caller, Route } from './route.ts';

const defaultBodyLimit = 100_000;

/** Makes express serve the routes: permission first, then the body, then validation, then the work. @throws Error for a route without permission */
export function mountRoutes(options: {
  routes: readonly Route[];
  gate: Gate;
  /** Hears of every call. */
  notes?: CallNotes;
  /** How often callers may ask; left out: as often as they like. */
  rates?: Rates;
  /** Check replies too; one that is not as declared becomes an internal error. */
  checkReplies: boolean;
}): Router {
  const router = express.Router({ caseSensitive: true, strict: true });
  for (const route of options.routes) {
    router[route.method](
      route.path,
      serve(route, options.gate, options.notes ?? silent, options.checkReplies, options.rates ?? null),
    );
  }
  return router;
}

const silentCall: NotedCall = {
  by: () => undefined,
  about: async () => undefined,
  done: async () => undefined,
  failed: async () => undefined,
};
/** For tests of routes alone. */
const silent: CallNotes = { around: (_key, _request, work) => work(silentCall) };

function serve(
  route: Route,
  gate: Gate,
  notes: CallNotes,
  checkReplies: boolean,
  rates: Rates | null,
): RequestHandler {
  const key = permissionKey(route);
  const rate = rateOf(key);
  const permission = gate.permissionOf(key);
  return (request, response) =>
    notes.around(key, request, async (call) => {
      try {
        await answer(request, response, call);
      } catch (error) {
        await call.failed(error);
        throw error;
      }
    });

  async function answer(request: Request, response: Response, call: NotedCall): Promise<void> {
    // Who may not call at all has nothing read or parsed for them.
    const caller = await gate.admit(permission, request, call.by);
    call.by(caller);
    const ended = rates?.begin(rate, caller);
    try {
      await answerTo(caller, request, response, call);
    } finally {
      ended?.();
    }
  }

  async function answerTo(
    caller: Caller,
    request: Request,
    response: Response,
    call: NotedCall,
  ): Promise<void> {
    route.beforeBody?.(caller);
    const content = await readContent(route, request);
    const params = parse(route.params, request.params, 'address');
    const query = parse(route.query, request.query, 'query');
    await gate.within(caller, permission, { ...valuesOf(query), ...valuesOf(params) });
    const body = parse(route.body, content, 'body');
    await call.about({ params, query, body });
    const reply = await route.handle({ params, query, body, caller, request, response });
    await call.done(reply, response);
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
  }
}

function valuesOf(parsed: unknown): object {
  return typeof parsed === 'object' && parsed !== null ? parsed : {};
}

const mediaTypes = {
  json: 'application/json',
  text: 'text/plain',
  bytes: 'application/octet-stream',
} as const;

/** Reads what the route wants, by its Content-Type; bytes may be of any. */
async function readContent(route: Route, request: Request): Promise<unknown> {
  if (route.body === undefined) return undefined;
  const kind = route.bodyType ?? 'json';
  const missing = () =>
    new AppError('invalid', `The request needs a body with Content-Type: ${mediaTypes[kind]}.`);
  if (kind !== 'bytes' && !request.is(mediaTypes[kind])) throw missing();
  const charset = /;\s*charset="?([^";\s]+)/i.exec(request.get('content-type') ?? '')?.[1];
  if (kind !== 'bytes' && !/^(utf-?8|us-ascii)$/i.test(charset ?? 'utf-8'))
    throw new AppError('invalid', 'The character set is not supported; use UTF-8.');
  const body = await readBody(request, route.bodyLimit ?? defaultBodyLimit);
  if (body.length === 0) throw missing();
  if (kind === 'bytes') return body;
  const text = textOf(body);
  return kind === 'text' ? text : jsonOf(text);
}

function textOf(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw new AppError('invalid', 'The body is not valid UTF-8.');
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new AppError('invalid', 'The body is not valid JSON.');
  }
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
