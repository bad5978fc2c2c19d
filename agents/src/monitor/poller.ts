import type { Observation, Reading } from '@rackhaus/config/contract';

export interface PollResult {
  readonly readings: Reading[];
  /** Only when new or changed. */
  readonly observation: Observation | null;
  readonly reachable: boolean;
  readonly problem: string | null;
  readonly durationMs: number;
}

/** What a monitor needs of `poll/device-poller.ts`; `poll` does not reject for reasons of the network. */
export interface Poller {
  poll(signal: AbortSignal): Promise<PollResult>;
  close(): void;
}
