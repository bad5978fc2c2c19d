import { z } from 'zod';
import type { Incidents } from '../alerting/parts.ts';
import type { Database } from '../database/tables.ts';
import { oneAtATime } from '../one-at-a-time.ts';
import { seenFaults } from '../syslog/seen-faults.ts';

const tickMs = 5_000;
/** What begins later than this after an outlet was switched is not told with it: a UPS of one's own may have carried a device so long. */
const explainsMs = 30 * 60_000;
/** Readings are stamped when they begin. */
const earlierMs = 5_000;

const DeviceIds = z.array(z.int());

/**
 * Tells in the incidents of devices that somebody has switched off what fed them: which outlet, who, and why. Nothing is held back by
 * it, for it may have been the wrong outlet.
 */
export class SwitchedInIncidents {
  readonly #db: Database;
  readonly #incidents: Pick<Incidents, 'addSwitched'>;
  readonly #now: () => number;
  readonly #onError: (message: string, error: unknown) => void;
  readonly #look = oneAtATime(() => this.#lookOnce());
  /** What is written already, so that it is not tried again every few seconds. */
  readonly #told = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();

  constructor(options: {
    db: Database;
    incidents: Pick<Incidents, 'addSwitched'>;
    now: () => number;
    onError: (message: string, error: unknown) => void;
  }) {
    this.#db = options.db;
    this.#incidents = options.incidents;
    this.#now = options.now;
    this.#onError = options.onError;
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.#looking = this.#look().catch((error: unknown) =>
        this.#onError('what was switched could not be told in incidents', error),
      );
    }, tickMs);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
  }

  /** Looks now. For tests; by itself it does so all the time. */
  look(): Promise<void> {
    return this.#look();
  }

  async #lookOnce(): Promise<void> {
    const now = this.#now();
    const rows = await this.#db
      .selectFrom('switchings')
      .selectAll()
      .where('at', '>', now - explainsMs)
      .where('state', 'in', ['done', 'accepted', 'unknown'])
      .orderBy('at')
      .execute();
    if (rows.length === 0) this.#told.clear();
    for (const row of rows) {
      const { command, device_id: deviceId, outlet } = row;
      const affected = DeviceIds.parse(JSON.parse(row.affected));
      if (command === 'on' || affected.length === 0) continue;
      // From then on it delivers again.
      const again = rows.find(
        (later) =>
          later.at > row.at &&
          later.device_id === deviceId &&
          later.outlet === outlet &&
          later.command === 'on' &&
          later.state === 'done',
      );
      const until = Math.min(again?.at ?? Infinity, row.at + explainsMs);
      for (const fault of await seenFaults(this.#db, affected, now)) {
        const { incidentId, since, pending } = fault;
        const key = `${incidentId} ${row.id}`;
        if (pending || since < row.at - earlierMs || since > until || this.#told.has(key)) continue;
        await this.#incidents.addSwitched(incidentId, {
          device: { id: deviceId, name: row.device_name },
          outlet: { name: outlet, command, certain: row.state !== 'unknown' },
          by: row.by_name,
          reason: row.reason,
          time: row.at,
        });
        this.#told.add(key);
      }
    }
  }
}
