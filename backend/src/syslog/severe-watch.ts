import type { Incidents } from '../alerting/parts.ts';
import { saidBy } from '../alerting/world.ts';
import type { Database } from '../database/tables.ts';
import { devicePlaces } from '../inventory/device-places.ts';
import { oneAtATime } from '../one-at-a-time.ts';
import { severeConditions } from './conditions.ts';
import type { AttachedLine } from './messages.ts';
import { endedByHand, seenFaults } from './seen-faults.ts';
import { SevereMessages } from './severe-messages.ts';

const tickMs = 5_000;
/** An agent that reads hundreds of devices out of turn reads nothing else. */
const mostRead = 50;

/** What severe messages need of others. */
export interface SevereWatchParts {
  readonly db: Database;
  readonly incidents: Pick<Incidents, 'report' | 'addSaid'>;
  /** Whether polling may find the faults of a device. */
  readonly isPolled: (deviceId: number) => boolean;
  /** Has devices read out of turn. */
  readonly readNow: (deviceIds: readonly number[]) => void;
  readonly now: () => number;
  readonly onError: (message: string, error: unknown) => void;
}

/** Tells of severe messages once, with what polling finds of the same device; see {@link SevereMessages}. */
export class SevereWatch {
  readonly #parts: SevereWatchParts;
  readonly #messages = new SevereMessages();
  readonly #look: () => Promise<void>;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #looking: Promise<void> = Promise.resolve();

  constructor(parts: SevereWatchParts) {
    this.#parts = parts;
    this.#look = oneAtATime(() => this.#lookOnce());
  }

  /** Goes on with what was known, and reports it. */
  async start(): Promise<void> {
    const { db, now } = this.#parts;
    const rows = await db.selectFrom('syslog_severe').selectAll().orderBy('since').execute();
    this.#messages.restore(
      rows.map(({ device_id: deviceId, reported_at: reportedAt, ...row }) => ({
        ...row,
        deviceId,
        reportedAt,
      })),
      now(),
    );
    await this.#report();
    this.#timer = setInterval(() => this.#inBackground(), tickMs);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
    await this.#write();
  }

  /** Resolves when what has to be told of these messages cannot be lost any more. */
  async take(lines: readonly AttachedLine[]): Promise<void> {
    const { isPolled, now, readNow } = this.#parts;
    const before = this.#messages.deviceIds.length;
    const waiting = this.#messages.take(lines, isPolled, now());
    await this.#write();
    if (waiting.length > 0) readNow(waiting.slice(0, mostRead));
    if (this.#messages.deviceIds.length > before) this.#inBackground();
  }

  /** Looks now at what has become of messages. For tests; by itself it does so all the time. */
  look(): Promise<void> {
    return this.#look();
  }

  #inBackground(): void {
    this.#looking = this.#look().catch((error: unknown) =>
      this.#parts.onError('severe messages of devices could not be looked at', error),
    );
  }

  async #lookOnce(): Promise<void> {
    const { db, incidents, now } = this.#parts;
    const ids = this.#messages.deviceIds;
    if (ids.length === 0) return;
    const places = await devicePlaces(db, ids);
    const isGone = this.#messages.forget(ids.filter((id) => !places.has(id)));
    const faults = await seenFaults(db, ids, now());
    const ended = await endedByHand(db, ids);
    const { explained, changed } = this.#messages.look(faults, ended, now());
    let isOther = changed || isGone;
    for (const { severe, incidentId } of explained) {
      const { deviceId, text, since } = severe;
      const name = places.get(deviceId)?.name ?? String(deviceId);
      await incidents.addSaid(incidentId, { device: { id: deviceId, name }, text, time: since });
      isOther = this.#messages.settle(severe) || isOther;
    }
    if (isOther) await this.#report();
    await this.#write();
  }

  async #report(): Promise<void> {
    const { db, incidents } = this.#parts;
    const { reported } = this.#messages;
    const places = await devicePlaces(
      db,
      reported.map(({ deviceId }) => deviceId),
    );
    incidents.report(saidBy, severeConditions(reported, places));
  }

  /** One after the other: what could not be written goes with the next. @throws when it cannot be written */
  #write(): Promise<void> {
    const written = this.#writing.then(() => this.#writeOnce());
    this.#writing = written.catch(() => undefined); // who asked is told
    return written;
  }

  async #writeOnce(): Promise<void> {
    const rows = this.#messages.unwritten();
    if (rows.length === 0) return;
    try {
      await this.#parts.db.transaction().execute(async (tx) => {
        for (const { key, row } of rows) {
          if (row === null) {
            await tx
              .deleteFrom('syslog_severe')
              .where('device_id', '=', key.deviceId)
              .where('text', '=', key.text)
              .execute();
            continue;
          }
          const { deviceId, text, since, last, due, reportedAt } = row;
          const values = { since, last, due, reported_at: reportedAt };
          await tx
            .insertInto('syslog_severe')
            .values({ device_id: deviceId, text, ...values })
            .onConflict((conflict) => conflict.columns(['device_id', 'text']).doUpdateSet(values))
            .execute();
        }
      });
    } catch (error) {
      this.#messages.failed(rows);
      throw error;
    }
  }
}
