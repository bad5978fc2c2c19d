import type { Role } from '@rackhaus/config/contract';
import type { Request, Response } from 'express';
import type { ZodType, z } from 'zod';

/** Who is calling, after the check of the permission. */
export type Caller =
  | { readonly kind: 'nobody' }
  | {
      readonly kind: 'person';
      /** null for a kiosk link. */
      readonly userId: number | null;
      readonly name: string;
      readonly role: Role;
      /** The sites that this account is limited to; null: all of them. */
      readonly sites: ReadonlySet<number> | null;
      /** May switch outlets; left out: may not, whatever the role. */
      readonly maySwitch?: boolean;
      /** The one room that a kiosk link shows; left out: it is not limited to one. */
      readonly room?: number;
      /** The token of a program that calls for this person; left out: they call themselves. */
      readonly token?: { readonly id: number; readonly name: string };
    }
  | { readonly kind: 'agent'; readonly agentId: number; readonly name: string };

interface RouteSpec<P extends ZodType, Q extends ZodType, B extends ZodType, R extends ZodType> {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Express path with `:name` parameters, e.g. `/api/rooms/:id`. */
  readonly path: string;
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
  /** Refuses, by throwing AppError, before anything of the body is read. */
  readonly beforeBody?: (caller: Caller) => void;
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
 * Declares a route once: its validation, its place in the API description and its work. Who may call it stands in the table of
 * permissions, without which it is not served. Input is parsed before `handle` runs; the reply is checked against `reply` outside production.
 */
export function defineRoute<
  P extends ZodType = ZodType<undefined>,
  Q extends ZodType = ZodType<undefined>,
  B extends ZodType = ZodType<undefined>,
  R extends ZodType = ZodType<undefined>,
>(spec: RouteSpec<P, Q, B, R>): Route {
  return spec as unknown as Route;
}
