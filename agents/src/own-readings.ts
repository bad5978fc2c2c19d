import { type MetricId, plausible, type Reading } from '@rackhaus/config/contract';
import type { OutboxState } from './outbox/outbox.ts';

/** What the agent's parts say of themselves. */
export interface OwnState {
  readonly outbox: OutboxState;
  /** Batches that the disk never took. */
  readonly lost: number;
  /** Seconds ahead of the backend's clock; null: not known. */
  readonly clockOffset: number | null;
  readonly devices: number;
  /** Polls of the last minute that began late. */
  readonly late: number;
  /** Whether the gateway answers; null: not known. */
  readonly gateway: boolean | null;
  /** Whether pings can be sent at all; null: not known. */
  readonly ping: boolean | null;
}

/** What the agent reports of itself; processor time counts from one reading to the next. */
export class OwnReadings {
  readonly #monotonicMs: () => number;
  #cpu = process.cpuUsage();
  #at: number;

  constructor(options: { monotonicMs: () => number }) {
    this.#monotonicMs = options.monotonicMs;
    this.#at = this.#monotonicMs();
  }

  /** @param time ms since 1970 */
  read(state: OwnState, time: number): Reading {
    const { outbox, lost, clockOffset, devices, late, gateway, ping } = state;
    const values: Record<string, number> = {};
    const put = (name: OwnMetric, value: number | null) => {
      const known = value === null ? undefined : plausible(`agent.${name}`, value);
      if (known !== undefined) values[name] = known;
    };
    put('queue', outbox.waiting);
    put('oldest', outbox.oldestTime === null ? 0 : Math.max(0, (time - outbox.oldestTime) / 1000));
    put('dropped', outbox.dropped + lost);
    put('setAside', outbox.setAside);
    put('clockOffset', clockOffset);
    put('devices', devices);
    put('late', late);
    put('cpu', this.#cpuShare());
    put('memory', process.memoryUsage.rss());
    put('gateway', gateway === null ? null : Number(gateway));
    put('ping', ping === null ? null : Number(ping));
    return { deviceId: 0, kind: 'agent', entity: '', time, values };
  }

  /** Of one core, since the last time; null when no time has gone by. */
  #cpuShare(): number | null {
    const now = this.#monotonicMs();
    const tookMs = now - this.#at;
    // Right after another reading the clock's grain would be most of it.
    if (tookMs < 500) return null;
    const { user, system } = process.cpuUsage(this.#cpu);
    this.#cpu = process.cpuUsage();
    this.#at = now;
    return (user + system) / 1000 / tookMs;
  }
}

type OwnMetric = MetricId extends infer Id ? (Id extends `agent.${infer Name}` ? Name : never) : never;
