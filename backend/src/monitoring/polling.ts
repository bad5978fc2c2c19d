import {
  type PolledDevice,
  type PollingQuery,
  type PollingReply,
  pollingPageSize,
} from '@rackhaus/config/contract';
import type { LiveDevice } from './live-device.ts';
import type { LiveState } from './live-state.ts';

const slowSeconds = 2;
const slowShare = 0.5;

type AgentOf = (deviceId: number) => number | null;

/** How devices were polled last: from what is known live. */
export class Polling {
  readonly #live: LiveState;
  readonly #agentOf: AgentOf;
  readonly #homeOf: AgentOf;

  /** `agentOf`: who polls it now. `homeOf`: whom it belongs to. */
  constructor(options: { live: LiveState; agentOf: AgentOf; homeOf: AgentOf }) {
    this.#live = options.live;
    this.#agentOf = options.agentOf;
    this.#homeOf = options.homeOf;
  }

  /** null: nothing polls it. */
  of(deviceId: number): PolledDevice | null {
    const live = this.#live.devices.get(deviceId);
    return live === undefined ? null : this.#row(live);
  }

  /** One page of those that fit. `sites`: only what stands in these. */
  list(
    query: PollingQuery,
    sites: ReadonlySet<number> | null,
  ): Pick<PollingReply, 'devices' | 'total' | 'counts'> {
    const search = query.search.toLowerCase();
    const rows = this.#live
      .in(sites)
      .map((live) => this.#row(live))
      .filter(
        (row) =>
          (query.agent === undefined ||
            row.agentId === query.agent ||
            this.#homeOf(row.deviceId) === query.agent) &&
          (search === '' ||
            [row.name, row.address, row.place].some((text) => text.toLowerCase().includes(search))),
      );
    const fits = {
      all: () => true,
      silent: (row: PolledDevice) => row.silent,
      slow: (row: PolledDevice) => row.slow,
      losses: (row: PolledDevice) => (row.timeouts ?? 0) > 0 || (row.retries ?? 0) > 0,
    };
    const counts = {
      all: rows.length,
      silent: rows.filter(fits.silent).length,
      slow: rows.filter(fits.slow).length,
      losses: rows.filter(fits.losses).length,
    };
    const chosen = rows.filter(fits[query.filter]).sort(orders[query.order]);
    const from = (query.page - 1) * pollingPageSize;
    return { devices: chosen.slice(from, from + pollingPageSize), total: chosen.length, counts };
  }

  #row(live: LiveDevice): PolledDevice {
    const { device, state, answersPolls } = live;
    const last = live.entity('device/');
    const value = (name: string) => last?.values[name] ?? null;
    const intervalSeconds = device.monitoring?.intervalSeconds ?? 0;
    // Of a device that does not answer, the last poll has only waited.
    const duration = answersPolls ? value('pollDuration') : null;
    const silent = !answersPolls || state === 'unknown';
    return {
      deviceId: device.id,
      name: device.name,
      place: device.place,
      address: device.monitoring?.address ?? '',
      agentId: this.#agentOf(device.id),
      state,
      silent,
      silentSince: silent ? live.since : null,
      slow:
        !silent && duration !== null && (duration >= slowSeconds || duration >= intervalSeconds * slowShare),
      intervalSeconds,
      lastPoll: live.lastSeen,
      duration,
      requests: value('pollRequests'),
      timeouts: value('pollTimeouts'),
      retries: value('pollRetries'),
      values: answersPolls ? value('pollValues') : null,
    };
  }
}

type Order = (a: PolledDevice, b: PolledDevice) => number;

const byName: Order = (a, b) =>
  a.name.localeCompare(b.name, 'de', { numeric: true }) || a.deviceId - b.deviceId;
const slowest: Order = (a, b) => (b.duration ?? -1) - (a.duration ?? -1) || byName(a, b);
const orders: Record<PollingQuery['order'], Order> = {
  name: byName,
  slowest,
  silent: (a, b) => {
    if (a.silent !== b.silent) return a.silent ? -1 : 1;
    return a.silent ? (a.silentSince ?? 0) - (b.silentSince ?? 0) || byName(a, b) : slowest(a, b);
  },
};
