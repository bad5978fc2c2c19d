import type { SilenceAlarm as Plan } from '@rackhaus/config/contract';
import type { Logger } from 'pino';
import type { AlarmFile, Raised } from './alarm-file.ts';
import type { Call } from './call.ts';
import { backWords, silentWords, type Words } from './words.ts';

const lookEveryMs = 5000;
const retryMs = 30_000;

/**
 * Raises the alarm by itself when the backend is silent, whatever the reason, and gives the all-clear to whom it had told. By
 * a steady clock: one that is set forward alarms nobody.
 */
export class SilenceAlarm {
  readonly #file: AlarmFile;
  readonly #call: (call: Call, words: Words, key: string, signal: AbortSignal) => Promise<void>;
  readonly #monotonicMs: () => number;
  readonly #now: () => number;
  readonly #log: Logger;
  #plan: Plan | null = null;
  #name = '';
  #heardAt: number;
  /** It has answered this process: after a restart, that nobody has asked it yet is not the end of its silence. */
  #heard = false;
  #raised: Raised | null = null;
  #timer: NodeJS.Timeout | null = null;
  #stopping = new AbortController();
  /** When each call may be tried again. */
  readonly #tryAt = new Map<string, number>();
  #busy: Promise<void> | null = null;

  constructor(options: {
    file: AlarmFile;
    call: (call: Call, words: Words, key: string, signal: AbortSignal) => Promise<void>;
    monotonicMs: () => number;
    now: () => number;
    log: Logger;
  }) {
    this.#file = options.file;
    this.#call = options.call;
    this.#monotonicMs = options.monotonicMs;
    this.#now = options.now;
    this.#log = options.log;
    this.#heardAt = options.monotonicMs();
  }

  start(): void {
    try {
      this.#raised = this.#file.load();
    } catch (error) {
      this.#log.warn({ err: error }, 'whom this agent has alarmed before cannot be read');
    }
    this.#heardAt = this.#monotonicMs();
    this.#timer = setInterval(() => this.look(), lookEveryMs);
  }

  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.#stopping.abort();
    await this.#busy;
  }

  /** Whom to tell; null: nobody. */
  setPlan(agent: string, plan: Plan | null): void {
    this.#name = agent;
    this.#plan = plan;
  }

  /** The backend has answered. */
  heard(): void {
    this.#heardAt = this.#monotonicMs();
    this.#heard = true;
  }

  /** Looks whether something has to be said. Called every few seconds; resolves when what was due has been tried. */
  look(): Promise<void> {
    this.#busy ??= this.#lookNow()
      .catch((error: unknown) => this.#log.error({ err: error }, 'the alarm could not be given'))
      .finally(() => {
        this.#busy = null;
      });
    return this.#busy;
  }

  async #lookNow(): Promise<void> {
    const plan = this.#plan;
    if (plan === null || plan.calls.length === 0) return;
    const silentMs = this.#monotonicMs() - this.#heardAt;
    if (silentMs >= plan.afterSeconds * 1000 || (this.#raised !== null && !this.#heard)) {
      this.#raised ??= this.#begin(this.#now() - silentMs);
      const { since, told } = this.#raised;
      const words = silentWords(plan.language, this.#name, new Date(since));
      for (const call of plan.calls)
        if (!told.includes(call.id) && (await this.#try(call, words, `silent-${since}-${call.id}`)))
          this.#keep({ since, told: [...(this.#raised?.told ?? []), call.id] });
      return;
    }
    const raised = this.#raised;
    if (raised === null) return;
    const words = backWords(plan.language, this.#name, new Date(raised.since));
    for (const call of plan.calls) {
      if (!raised.told.includes(call.id)) continue;
      if (await this.#try(call, words, `back-${raised.since}-${call.id}`))
        this.#keep({ since: raised.since, told: (this.#raised?.told ?? []).filter((id) => id !== call.id) });
    }
    // Who is no longer in the plan cannot be told.
    const left = this.#raised?.told.filter((id) => plan.calls.some((call) => call.id === id)) ?? [];
    if (left.length === 0) this.#keep(null);
  }

  #begin(since: number): Raised {
    this.#log.error({ since: new Date(since).toISOString() }, 'the backend is silent: raising the alarm');
    const raised = { since: Math.round(since), told: [] };
    this.#keep(raised);
    return raised;
  }

  #keep(raised: Raised | null): void {
    this.#raised = raised;
    if (raised === null) this.#tryAt.clear();
    this.#file.save(raised);
  }

  async #try(call: Call, words: Words, key: string): Promise<boolean> {
    const now = this.#monotonicMs();
    if ((this.#tryAt.get(key) ?? Number.NEGATIVE_INFINITY) > now || this.#stopping.signal.aborted)
      return false;
    this.#tryAt.set(key, now + retryMs);
    try {
      await this.#call(call, words, key, this.#stopping.signal);
      return true;
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      this.#log.warn({ call: call.id, problem }, 'a call of the alarm was not taken; it is tried again');
      return false;
    }
  }
}
