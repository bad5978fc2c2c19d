import { Problem, type ProblemCode } from '@rackhaus/config/contract';
import { createContext } from 'svelte';
import type { ZodType, z } from 'zod';

/** Why a call failed. `offline`: no answer at all; `unreadable`: an answer that is not what the contract promises. */
export type ApiProblemCode = ProblemCode | 'offline' | 'unreadable';

/** What every failed call throws. `message` is the backend's sentence for people where there is one. */
export class ApiProblem extends Error {
  readonly code: ApiProblemCode;
  readonly fields: NonNullable<Problem['fields']>;
  /** A word by which a screen finds its own sentence; see `records/problem-sentence.ts`. */
  readonly reason: string | undefined;
  /** What an administrator would have to allow for the server to connect there. */
  readonly network: string | undefined;
  /** What is in the way. */
  readonly blocking: NonNullable<Problem['blocking']>;
  /** With a stale edit: the record as it is now. */
  readonly current: Problem['current'];
  constructor(
    code: ApiProblemCode,
    message: string,
    fields: Problem['fields'] = [],
    details: Pick<Problem, 'reason' | 'network' | 'blocking' | 'current'> = {},
  ) {
    super(message);
    this.name = 'ApiProblem';
    this.code = code;
    this.fields = fields;
    this.reason = details.reason;
    this.network = details.network;
    this.blocking = details.blocking ?? [];
    this.current = details.current;
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

  /** A reply that is text and no JSON: a file to be edited. @throws ApiProblem */
  async text(path: string, signal?: AbortSignal): Promise<string> {
    const response = await this.#call(path, signal ? { signal } : {});
    return response.text();
  }

  /** Sends JSON and reads the reply. @throws ApiProblem */
  async send<S extends ZodType>(
    method: Method,
    path: string,
    body: unknown,
    reply: S,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<z.output<S>> {
    const init = withBody(method, body);
    const all = { ...init, headers: { ...init.headers, ...headers } };
    return this.#read(await this.#call(path, all), reply);
  }

  /** Sends a file as it is; its name goes along in a header. @throws ApiProblem */
  async upload<S extends ZodType>(
    path: string,
    file: File,
    reply: S,
    signal?: AbortSignal,
  ): Promise<z.output<S>> {
    const response = await this.#call(path, {
      method: 'POST',
      headers: {
        'content-type': file.type === '' ? 'application/octet-stream' : file.type,
        'x-file-name': encodeURIComponent(file.name),
      },
      body: file,
      ...(signal ? { signal } : {}),
    });
    return this.#read(response, reply);
  }

  /** Sends JSON where the reply has no body. @throws ApiProblem */
  async order(method: Method, path: string, body?: unknown): Promise<void> {
    await this.#call(path, withBody(method, body));
  }

  /** Sends JSON and takes the reply as a file. @throws ApiProblem */
  async file(method: Method, path: string, body: unknown): Promise<Blob> {
    const response = await this.#call(path, withBody(method, body));
    return response.blob().catch(() => {
      throw new ApiProblem('offline', 'the file broke off');
    });
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
      ? new ApiProblem(parsed.data.code, parsed.data.message, parsed.data.fields, parsed.data)
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

function withBody(method: Method, body: unknown): RequestInit & { headers?: Record<string, string> } {
  if (body === undefined) return { method };
  return { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

export const [getApi, setApi] = createContext<Api>();
