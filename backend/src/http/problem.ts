import { randomUUID } from 'node:crypto';
import type { Problem, ProblemCode } from '@rackhaus/config/contract';
import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { z } from 'zod';
import { AppError } from '../problem.ts';
import { loggedPath } from './request-log.ts';

/** Each code's HTTP status: the one table. */
export const statusOf: Readonly<Record<ProblemCode, number>> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  'too-large': 413,
  'too-many': 429,
  unavailable: 503,
  internal: 500,
};

/** Gives each request an id, which the reply and the log carry. */
export const requestId: RequestHandler = (_request, response, next) => {
  response.locals.requestId = randomUUID();
  response.set('X-Request-Id', response.locals.requestId);
  next();
};

/** What is under /api and no route. */
export const noSuchRoute: RequestHandler = (request) => {
  throw new AppError('not-found', `There is no ${request.method} ${request.baseUrl}${request.path}.`);
};

/** Turns whatever was thrown into a Problem. What is not meant for people is logged and answered as "internal". */
export function problemReplies(log: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    const known = error instanceof AppError ? error : fromExpress(error);
    if (known === undefined)
      log.error(
        { err: error, requestId: response.locals.requestId, path: loggedPath(request.path) },
        'request failed',
      );
    // Headers are out: the only honest end is to break the connection, which express does.
    if (response.headersSent) return next(error);
    sendProblem(
      response,
      known ??
        new AppError(
          'internal',
          `Something went wrong on the server. Its log has the details under ${response.locals.requestId}.`,
        ),
    );
  };
}

function sendProblem(response: Response, error: AppError): void {
  const problem: Problem = { code: error.code, message: error.message };
  if (error.fields !== undefined) problem.fields = error.fields;
  const { afterSeconds, reason, network, blocking, current } = error.details;
  if (reason !== undefined) problem.reason = reason;
  if (network !== undefined) problem.network = network;
  if (blocking !== undefined) problem.blocking = blocking;
  if (current !== undefined) problem.current = current;
  if (afterSeconds !== undefined) response.set('Retry-After', String(Math.max(1, Math.ceil(afterSeconds))));
  response.status(statusOf[error.code]).set('Cache-Control', 'no-store').json(problem);
}

/** The errors that express and its body parser raise for bad requests; http-errors marks them with status and type. */
const HttpError = z.object({ status: z.int().min(400).max(499), type: z.string().optional() });

function fromExpress(error: unknown): AppError | undefined {
  const parsed = HttpError.safeParse(error);
  if (!parsed.success) return undefined;
  switch (parsed.data.type) {
    case 'entity.parse.failed':
      return new AppError('invalid', 'The body is not valid JSON.');
    case 'entity.too.large':
      return new AppError('too-large', 'The body is too large.');
    case 'encoding.unsupported':
      return new AppError('invalid', 'The Content-Encoding is not supported; use gzip or none.');
    case 'charset.unsupported':
      return new AppError('invalid', 'The character set is not supported; use UTF-8.');
    case 'request.aborted':
    case 'request.size.invalid':
      return new AppError('invalid', 'The body ended too early.');
    default:
      return new AppError('invalid', 'The request could not be read.');
  }
}
