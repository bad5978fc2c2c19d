import type { PollResult, SightResult } from '../poll/device-poller.ts';

export interface PollOptions {
  /** Somebody waits: neighbours are asked for as well. */
  readonly now?: boolean;
  /** Something is not as it was known: everything is read anew, also what changes rarely. */
  readonly anew?: boolean;
}

/** What a monitor needs of a poller; neither `poll` nor `sight` rejects for reasons of the network. */
export interface Poller {
  poll(signal: AbortSignal, options?: PollOptions): Promise<PollResult>;
  /** May run beside `poll`. */
  sight(signal: AbortSignal, options?: PollOptions): Promise<SightResult>;
  close(): void;
}
