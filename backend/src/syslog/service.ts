import type { LiveItem, SyslogLine, SyslogPort, SyslogSettings } from '@rackhaus/config/contract';
import type { Incidents } from '../alerting/parts.ts';
import type { Database } from '../database/tables.ts';
import { oneAtATime } from '../one-at-a-time.ts';
import { AppError } from '../problem.ts';
import { deviceOf, loadMarks, type Marks } from './attach.ts';
import { defaultSettings } from './default-settings.ts';
import { SevereWatch } from './severe-watch.ts';
import { SyslogStore } from './store.ts';

/** Batches of one agent that may wait for the disk; beyond that it is asked to come again. */
const mostWaiting = 8;

/** What the messages of devices need of others. */
export interface SyslogParts {
  readonly db: Database;
  readonly file: string;
  readonly incidents: Pick<Incidents, 'report' | 'addSaid'>;
  /** Whether this agent may tell of a device at that time. */
  readonly mayTellOf: (agentId: number, deviceId: number, time: number) => boolean;
  /** Which agent polls a device; null: none. */
  readonly agentOf: (deviceId: number) => number | null;
  /** Has devices read out of turn. */
  readonly readNow: (deviceIds: readonly number[]) => void;
  readonly refused: (agentId: number, count: number) => void;
  readonly onCommit: (listener: () => void) => () => void;
  /** Called when messages have come. */
  readonly onChange: () => void;
  readonly now: () => number;
  readonly log: (message: string) => void;
  readonly onError: (message: string, error: unknown) => void;
}

/** Takes the messages of devices in, says whose they are, and keeps them. */
export class Syslog {
  readonly store: SyslogStore;
  readonly #parts: SyslogParts;
  readonly #severe: SevereWatch;
  readonly #ports = new Map<number, SyslogPort>();
  readonly #waiting = new Map<number, number>();
  readonly #reload: () => Promise<void>;
  #marks: Marks = { addresses: new Map(), names: new Map() };
  #settings = defaultSettings;
  #revision = 0;
  #stopListening: (() => void) | undefined;

  constructor(parts: SyslogParts) {
    this.#parts = parts;
    this.store = new SyslogStore({ file: parts.file, log: parts.log });
    this.#reload = oneAtATime(async () => {
      this.#marks = await loadMarks(parts.db);
    });
    this.#severe = new SevereWatch({ ...parts, isPolled: (deviceId) => parts.agentOf(deviceId) !== null });
  }

  async start(): Promise<void> {
    const row = await this.#parts.db.selectFrom('syslog_settings').selectAll().executeTakeFirst();
    if (row !== undefined) this.#settings = { days: row.days, megabytes: row.megabytes };
    await this.store.start(this.#settings);
    await this.#reload();
    await this.#severe.start();
    this.#stopListening = this.#parts.onCommit(() => this.#inBackground(this.#reload));
  }

  async stop(): Promise<void> {
    this.#stopListening?.();
    await this.#severe.stop();
    await this.store.close();
  }

  get settings(): SyslogSettings {
    return this.#settings;
  }

  /** Where each agent receives messages, as it said last. */
  get ports(): ReadonlyMap<number, SyslogPort> {
    return this.#ports;
  }

  liveItems(): LiveItem[] {
    return [{ type: 'messages', revision: this.#revision }];
  }

  heardOf(agentId: number, port: SyslogPort): void {
    this.#ports.set(agentId, port);
  }

  /** Kept from now on. */
  async set(settings: SyslogSettings): Promise<void> {
    await this.#parts.db
      .insertInto('syslog_settings')
      .values({ id: 1, ...settings })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(settings))
      .execute();
    this.#settings = settings;
    await this.store.set(settings);
  }

  /** @throws AppError too-many when the agent shall come again later */
  ready(agentId: number): void {
    if ((this.#waiting.get(agentId) ?? 0) >= mostWaiting)
      throw new AppError('too-many', 'The file of messages is busy.', undefined, { afterSeconds: 2 });
  }

  /** Resolves when the batch is on the disk; a repeat changes nothing. @throws AppError unavailable */
  async take(
    agentId: number,
    batch: { outbox: string; sequence: number },
    lines: readonly SyslogLine[],
  ): Promise<void> {
    let foreign = 0;
    const attached = lines.map((line) => {
      const mayTell = (id: number) => {
        const agent = this.#parts.agentOf(id);
        // What nobody polls may send by whichever agent is near.
        if (agent === null && id !== line.deviceId) return true;
        return this.#parts.mayTellOf(agentId, id, line.time);
      };
      const deviceId = deviceOf(line, this.#marks, mayTell);
      if (line.deviceId !== null && deviceId !== line.deviceId) foreign++;
      return { ...line, deviceId };
    });
    this.#parts.refused(agentId, foreign);
    this.#waiting.set(agentId, (this.#waiting.get(agentId) ?? 0) + 1);
    try {
      const isNew = await this.store.write({ agentId, ...batch, lines: attached });
      // Also with a repeat: the process may have ended between the two.
      await this.#severe.take(attached);
      if (!isNew) return;
    } finally {
      const left = (this.#waiting.get(agentId) ?? 1) - 1;
      if (left > 0) this.#waiting.set(agentId, left);
      else this.#waiting.delete(agentId);
    }
    this.#revision++;
    this.#parts.onChange();
  }

  #inBackground(work: () => Promise<void>): void {
    work().catch((error: unknown) =>
      this.#parts.onError('messages of devices could not be looked at', error),
    );
  }
}
