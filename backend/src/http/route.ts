import type { Role } from '@rackhaus/config/contract';
import type { Request, Response } from 'express';
import type { ZodType, z } from 'zod';

/** Who may call a route: everybody, an agent with its token, or a person with at least this role. */
export type Access = 'public' | 'agent' | Role;

/** Who is calling, after the check of `access`. */
export type Caller =
  | { readonly kind: 'nobody' }
  | { readonly kind: 'person'; readonly userId: number | null; readonly name: string; readonly role: Role }
  | { readonly kind: 'agent'; readonly agentId: number; readonly name: string };

interface RouteSpec<P extends ZodType, Q extends ZodType, B extends ZodType, R extends ZodType> {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Express path with `:name` parameters, e.g. `/api/rooms/:id`. */
  readonly path: string;
  readonly access: Access;
  /** One sentence for the API description. */
  readonly summary: string;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  /**
   * What the body is, compressed or not: JSON (default); plain text, which `body` then gets as a string; or the bytes of a
   * file of any type, which `body` gets as a Uint8Array (`z.instanceof(Uint8Array)`).
   */
  readonly bodyType?: 'json' | 'text' | 'bytes';
  /** Largest body in bytes after decompression. Default 100,000. */
  readonly bodyLimit?: number;
  /** Left out: the reply has no body (204), or `handle` writes to `response` itself. */
  readonly reply?: R;
  /** Headers that `handle` looks at, and what each is for: for the API description. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Media types of the file that `handle` writes to `response` itself: for the API description. */
  readonly fileTypes?: readonly string[];
  readonly handle: (call: {
    readonly params: z.output<P>;
    readonly query: z.output<Q>;
    readonly body: z.output<B>;
    readonly caller: Caller;
    readonly request: Request;
    readonly response: Response;
  }) => Promise<z.input<R> | undefined> | z.input<R> | undefined;
}

/** A route after its own types have been used: what the registration and the API description work with. */
export type Route = RouteSpec<ZodType, ZodType, ZodType, ZodType>;

/**
 * Declares a route once: its check of access, its validation, its place in the API description and its work.
 * Input is parsed before `handle` runs; the reply is checked against `reply` outside production.
 */
export function defineRoute<
  P extends ZodType = ZodType<undefined>,
  Q extends ZodType = ZodType<undefined>,
  B extends ZodType = ZodType<undefined>,
  R extends ZodType = ZodType<undefined>,
>(spec: RouteSpec<P, Q, B, R>): Route {
  return spec as unknown as Route;
}
