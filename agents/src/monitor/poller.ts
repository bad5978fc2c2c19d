import type { PollResult, SightResult } from '../poll/device-poller.ts';

/** `now`: somebody waits, so that also what changes rarely is asked. */
export interface PollOptions {
  readonly now?: boolean;
}

/** What a monitor needs of a poller; neither `poll` nor `sight` rejects for reasons of the network. */
export interface Poller {
  poll(signal: AbortSignal, options?: PollOptions): Promise<PollResult>;
  /** May run beside `poll`. */
  sight(signal: AbortSignal, options?: PollOptions): Promise<SightResult>;
  close(): void;
}
