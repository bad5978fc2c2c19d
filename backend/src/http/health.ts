import { z } from 'zod';
import { AppError } from '../problem.ts';
import { defineRoute, type Route } from './route.ts';

/** One thing that has to answer for the whole to work; rejects when it does not. */
export type HealthCheck = () => Promise<unknown>;

const longestMs = 3000;

/** GET /api/health: for whoever watches this server. Says that something is wrong, not what: the log does. `attention`: what people have to look at although all works. */
export function healthRoute(options: {
  checks: Readonly<Record<string, HealthCheck>>;
  /** Names of what people have to look at. */
  attention?: () => readonly string[];
  onFailure: (name: string, error: unknown) => void;
}): Route {
  return defineRoute({
    method: 'get',
    path: '/api/health',
    summary: 'Whether database and measurement store answer.',
    reply: z.strictObject({ status: z.literal('ok'), attention: z.array(z.string()).optional() }),
    handle: async ({ response }) => {
      response.set('Cache-Control', 'no-store');
      const failed = await Promise.all(
        Object.entries(options.checks).map(async ([name, check]) => {
          try {
            await withDeadline(check(), longestMs);
            return [];
          } catch (error) {
            options.onFailure(name, error);
            return [name];
          }
        }),
      );
      const names = failed.flat();
      if (names.length > 0) throw new AppError('unavailable', `Not working: ${names.join(', ')}.`);
      const attention = options.attention?.() ?? [];
      return { status: 'ok' as const, ...(attention.length === 0 ? {} : { attention: [...attention] }) };
    },
  });
}

async function withDeadline(work: Promise<unknown>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  });
  try {
    await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
