import type { Secret } from '@rackhaus/config/settings';
import { type ZodType, z } from 'zod';
import { AppError } from '../problem.ts';

const timeoutMs = 5000;
const ErrorReply = z.object({ message: z.string().max(500) });

/** The control of the device simulator (demo). Its replies are checked like anything from outside. */
export class Simulator {
  readonly #url: string;
  readonly #token: Secret;

  constructor(options: { url: string; token: Secret }) {
    this.#url = options.url;
    this.#token = options.token;
  }

  /** @throws AppError: what the simulator objects to, or `unavailable`. */
  async ask<T>(method: string, path: string, reply: ZodType<T>, body?: unknown): Promise<T> {
    const headers: Record<string, string> = { authorization: `Bearer ${this.#token.reveal()}` };
    if (body !== undefined) headers['content-type'] = 'application/json';
    let response: Response;
    let text: string;
    try {
      response = await fetch(new URL(path, this.#url), {
        method,
        headers,
        body: body === undefined ? null : JSON.stringify(body),
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
      });
      text = await response.text();
    } catch (error) {
      throw new AppError('unavailable', `The simulator does not answer: ${reasonOf(error)}.`);
    }
    if (response.ok) return reply.parse(text === '' ? undefined : JSON.parse(text));
    if (response.status === 401 || response.status === 403 || response.status >= 500)
      throw new AppError('unavailable', `The simulator answered with ${response.status}.`);
    const code = response.status === 404 ? 'not-found' : response.status === 409 ? 'conflict' : 'invalid';
    throw new AppError(code, messageIn(text) ?? `The simulator answered with ${response.status}.`);
  }
}

function messageIn(text: string): string | undefined {
  try {
    return ErrorReply.safeParse(JSON.parse(text)).data?.message;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
