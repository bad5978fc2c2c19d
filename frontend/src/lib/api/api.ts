import { Problem, type ProblemCode } from '@rackhaus/config/contract';
import { createContext } from 'svelte';
import type { ZodType, z } from 'zod';

/** Why a call failed. `offline`: no answer at all; `unreadable`: an answer that is not what the contract promises. */
export type ApiProblemCode = ProblemCode | 'offline' | 'unreadable';

/** What every failed call throws. `message` is the backend's sentence for people where there is one. */
export class ApiProblem extends Error {
  readonly code: ApiProblemCode;
  readonly fields: NonNullable<Problem['fields']>;
  constructor(code: ApiProblemCode, message: string, fields: Problem['fields'] = []) {
    super(message);
    this.name = 'ApiProblem';
    this.code = code;
    this.fields = fields;
  }
}

type Method = 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** The backend's REST interface. Replies are parsed with the contract before anybody sees them. */
export class Api {
  #fetch: typeof fetch;
  #onUnauthenticated: () => void;

  constructor(options: { fetch: typeof fetch; onUnauthenticated: () => void }) {
    this.#fetch = options.fetch;
    this.#onUnauthenticated = options.onUnauthenticated;
  }

  /** @throws ApiProblem */
  async get<S extends ZodType>(path: string, reply: S, signal?: AbortSignal): Promise<z.output<S>> {
    const response = await this.#call(path, signal ? { signal } : {});
    return this.#read(response, reply);
  }

  /** Sends JSON and reads the reply. @throws ApiProblem */
  async send<S extends ZodType>(method: Method, path: string, body: unknown, reply: S): Promise<z.output<S>> {
    return this.#read(await this.#call(path, withBody(method, body)), reply);
  }

  /** Sends JSON where the reply has no body. @throws ApiProblem */
  async order(method: Method, path: string, body?: unknown): Promise<void> {
    await this.#call(path, withBody(method, body));
  }

  async #call(path: string, init: RequestInit): Promise<Response> {
    let response: Response;
    try {
      response = await this.#fetch(path, { credentials: 'same-origin', ...init });
    } catch (error) {
      if (init.signal?.aborted) throw error;
      throw new ApiProblem('offline', 'no answer');
    }
    if (response.ok) return response;
    const parsed = Problem.safeParse(await response.json().catch(() => null));
    const problem = parsed.success
      ? new ApiProblem(parsed.data.code, parsed.data.message, parsed.data.fields)
      : new ApiProblem(response.status >= 502 ? 'offline' : 'internal', `status ${response.status}`);
    if (problem.code === 'unauthenticated') this.#onUnauthenticated();
    throw problem;
  }

  async #read<S extends ZodType>(response: Response, reply: S): Promise<z.output<S>> {
    const parsed = reply.safeParse(await response.json().catch(() => undefined));
    if (parsed.success) return parsed.data;
    const first = parsed.error.issues[0];
    throw new ApiProblem('unreadable', `${response.url}: ${first?.path.join('.')} ${first?.message}`);
  }
}

function withBody(method: Method, body: unknown): RequestInit {
  if (body === undefined) return { method };
  return { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

export const [getApi, setApi] = createContext<Api>();
