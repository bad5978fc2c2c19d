import type { Request, Response } from 'express';
import type { Caller } from './route.ts';

/** One call of a route, while it is being answered. */
export interface NotedCall {
  /** Who calls, once that is known. */
  by(caller: Caller): void;
  /** What the call is about, once it is parsed: before the work. */
  about(call: { readonly params: unknown; readonly query: unknown; readonly body: unknown }): Promise<void>;
  /** The work is done; resolves when that is noted, and only then is it answered. */
  done(reply: unknown, response: Response): Promise<void>;
  /** It was refused or failed. */
  failed(error: unknown): Promise<void>;
}

/** Hears of every call of every route, in one place: for the log of who did what. */
export interface CallNotes {
  /** Runs the work of one call. `key` is the route's name in the table of permissions. */
  around(key: string, request: Request, work: (call: NotedCall) => Promise<void>): Promise<void>;
}
