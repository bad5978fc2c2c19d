import type { Observation, Sightings } from '@rackhaus/config/contract';

/** What monitoring tells of the network, as far as cables can be seen in it. */
export interface Network {
  readonly observations: {
    all(deviceIds?: readonly number[]): Promise<ReadonlyMap<number, Observation>>;
    onChange(listener: (deviceIds: readonly number[]) => void): () => void;
  };
  readonly sightings: {
    all(): Promise<ReadonlyMap<number, Sightings>>;
    onChange(listener: (deviceIds: readonly number[]) => void): () => void;
  };
  readonly ports: {
    of(
      deviceId: number,
    ): readonly { readonly port: string; readonly up: boolean; readonly changedAt: number | null }[];
    heardAt(deviceId: number): number | null;
    onChange(listener: (deviceIds: readonly number[]) => void): () => void;
  };
}

/** Has devices read out of turn; see `pollNow` of monitoring. */
export type PollNow = (
  deviceIds: readonly number[],
  options?: { readonly signal?: AbortSignal; readonly timeoutMs?: number },
) => Promise<ReadonlyMap<number, number | null>>;
