import type { PollResult } from '../poll/device-poller.ts';

/** What a monitor needs of a poller; `poll` does not reject for reasons of the network. */
export interface Poller {
  poll(signal: AbortSignal): Promise<PollResult>;
  close(): void;
}
