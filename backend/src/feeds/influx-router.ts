import type { ProblemCode } from '@rackhaus/config/contract';
import { type Precision, readPoints } from '@rackhaus/config/line-protocol';
import express, { type ErrorRequestHandler, type Request, type Response, type Router } from 'express';
import type { AttemptLimit } from '../access/attempt-limit.ts';
import { readBody } from '../http/body.ts';
import { statusOf } from '../http/problem.ts';
import { AppError } from '../problem.ts';
import type { Feed, Feeds } from './feeds.ts';
import { type Intake, refusedText } from './intake.ts';
import { answerQuery } from './query.ts';
import { tokenOf } from './token-of.ts';

/** What Proxmox VE sends at once at most, and InfluxDB takes by default (max-body-size, 25,000,000). */
const mostBytes = 25_000_000;
/** Of all bodies that are being worked on. */
const mostBytesAtOnce = 100_000_000;
const shownProblems = 3;

/** Units of `precision` as each API calls them; left out: nanoseconds. */
const precisions1: Readonly<Record<string, Precision>> = {
  n: 'ns',
  ns: 'ns',
  u: 'us',
  µ: 'us',
  us: 'us',
  ms: 'ms',
  s: 's',
  m: 'm',
  h: 'h',
};
const precisions2: Readonly<Record<string, Precision>> = { ns: 'ns', us: 'us', ms: 'ms', s: 's' };

/** InfluxDB's names of what went wrong, for clients of its API 2.x. */
const codes2: Readonly<Record<ProblemCode, string>> = {
  invalid: 'invalid',
  unauthenticated: 'unauthorized',
  forbidden: 'forbidden',
  'not-found': 'not found',
  conflict: 'conflict',
  'too-large': 'request too large',
  'too-many': 'too many requests',
  unavailable: 'unavailable',
  internal: 'internal error',
};

/**
 * The part of InfluxDB's HTTP API that programs need to write: `/write`, `/query`, `/ping` of 1.x, `/api/v2/write`, `/health` of
 * 2.x. Stands outside the API of Rackhaus: its own tokens, its own form of errors.
 */
export function influxRouter(deps: {
  feeds: Feeds;
  intake: Intake;
  attempts: AttemptLimit;
  version: string;
  /** Told of an address that writes with a token that is nobody's. */
  onRefused: (address: string | null) => void;
  now: () => number;
  onError: (message: string, error: unknown) => void;
}): Router {
  const { feeds, intake, attempts, now } = deps;
  const router = express.Router({ caseSensitive: true, strict: true });
  let busyBytes = 0;

  const admit = (request: Request): Feed => {
    const token = tokenOf(request);
    if (token === undefined)
      throw new AppError('unauthenticated', 'unauthorized access: a token of Rackhaus is needed');
    const feed = feeds.authenticate(token);
    if (feed) return feed;
    deps.onRefused(request.ip ?? null);
    // Nothing can be guessed; it is asked to slow down, which a program with an old token never does by itself.
    attempts.begin({ account: `feed ${request.ip ?? ''}`, address: `feed ${request.ip ?? ''}` });
    throw new AppError('unauthenticated', 'unauthorized access: this token is not valid (any more)');
  };

  const write = async (request: Request, precision: Precision) => {
    const feed = admit(request);
    if (busyBytes > mostBytesAtOnce)
      throw new AppError('too-many', 'too many writes at once', undefined, { afterSeconds: 2 });
    const body = await readBody(request, mostBytes);
    busyBytes += body.length;
    try {
      const { points, problems, unreadable } = readPoints(body, { precision, now: now() });
      const refused = refusedText(await intake.take(feed, points, unreadable));
      const wrong = [
        ...problems.slice(0, shownProblems).map((problem) => `unable to parse ${problem.message}`),
        ...(unreadable > shownProblems ? [`and ${unreadable - shownProblems} more lines`] : []),
        ...(refused === null ? [] : [refused]),
      ].join('; ');
      if (wrong === '') return;
      // What could be read is stored; sending the rest again would not make it better, which is what 400 says.
      throw new AppError('invalid', points.length === 0 ? wrong : `partial write: ${wrong}`);
    } finally {
      busyBytes -= body.length;
    }
  };

  router.post('/write', async (request, response) => {
    await write(request, precisionOf(request, precisions1));
    response.status(204).end();
  });
  router.post('/api/v2/write', async (request, response) => {
    await write(request, precisionOf(request, precisions2));
    response.status(204).end();
  });
  const query = async (request: Request, response: Response) => {
    admit(request);
    const form = request.method === 'POST' ? new TextDecoder().decode(await readBody(request, 100_000)) : '';
    const q = new URLSearchParams(form).get('q') ?? request.query.q;
    response
      .set('X-Influxdb-Version', versionText(deps.version))
      .json(answerQuery(typeof q === 'string' ? q : ''));
  };
  router.post('/query', query);
  router.get('/query', query);
  const ping = (_request: Request, response: Response) => {
    response.set('X-Influxdb-Version', versionText(deps.version)).status(204).end();
  };
  router.get('/ping', ping);
  router.head('/ping', ping);
  router.get('/health', (_request, response) => {
    response.json({
      name: 'influxdb',
      message: 'ready for writes',
      status: 'pass',
      checks: [],
      version: versionText(deps.version),
    });
  });
  router.use(influxErrors(deps.onError));
  return router;
}

/** Clients look at the first digits to see which API they may use. */
function versionText(version: string): string {
  return `1.8.10-rackhaus-${version}`;
}

function precisionOf(request: Request, known: Readonly<Record<string, Precision>>): Precision {
  const asked = request.query.precision;
  if (asked === undefined || asked === '') return 'ns';
  const precision = typeof asked === 'string' && Object.hasOwn(known, asked) ? known[asked] : undefined;
  if (precision === undefined)
    throw new AppError(
      'invalid',
      `precision ${JSON.stringify(asked)} is not known: use one of ${Object.keys(known).join(', ')}`,
    );
  return precision;
}

function influxErrors(onError: (message: string, error: unknown) => void): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) return next(error);
    const isFirst = !request.path.startsWith('/api/v2/');
    const known =
      error instanceof AppError
        ? error
        : new AppError('internal', 'Something went wrong on the server; see its log.');
    if (error !== known) onError('a write of a feed failed', error);
    // Programs that write with 1.x throw away what is answered with any 4xx; 503 has them keep it and try again.
    const busy = isFirst && known.code === 'too-many' && request.path === '/write';
    response.status(busy ? 503 : statusOf[known.code]);
    const { afterSeconds } = known.details;
    if (afterSeconds !== undefined) response.set('Retry-After', String(Math.max(1, Math.ceil(afterSeconds))));
    if (known.code === 'unauthenticated') response.set('WWW-Authenticate', 'Basic realm="InfluxDB"');
    if (isFirst) response.set('X-Influxdb-Error', headerText(known.message)).json({ error: known.message });
    else response.json({ code: codes2[known.code], message: known.message });
  };
}

function headerText(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, 200);
}
