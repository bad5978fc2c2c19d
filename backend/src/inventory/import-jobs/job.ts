import type {
  ImportJob,
  ImportOutcome,
  ImportPreview,
  ImportProgress,
  ImportRow,
  ImportRows,
  ImportSettings,
} from '@rackhaus/config/contract';
import { importOutcomes } from '@rackhaus/config/contract';
import type { Cause, Changes } from '../../history/changes.ts';
import { AppError } from '../../problem.ts';
import { TableError } from '../import-table/cells.ts';
import type { ImportSource, SourcePlan } from './source.ts';

/** Somebody has stopped what was under way. */
class Stopped extends Error {}

const mostAlso = 200;

/** One file on its way in: read, compared as often as somebody decides something anew, then written as one change. */
export class Job {
  readonly id: string;
  readonly userId: number | null;
  readonly #facts: Pick<ImportJob, 'id' | 'fileName' | 'size' | 'user' | 'startedAt'>;
  readonly #source: ImportSource;
  readonly #changes: Changes;
  readonly #cause: Cause;
  readonly #onError: (error: unknown) => void;
  #state: ImportJob['state'] = 'reading';
  #progress: ImportJob['progress'] = null;
  #problem: ImportJob['problem'] = null;
  #result: ImportJob['result'] = null;
  #plan: SourcePlan | null = null;
  #stop = new AbortController();
  #work: Promise<void> = Promise.resolve();

  constructor(options: {
    id: string;
    fileName: string;
    size: number;
    startedAt: number;
    cause: Cause;
    source: ImportSource;
    changes: Changes;
    onError: (error: unknown) => void;
  }) {
    const { id, fileName, size, startedAt, cause } = options;
    this.id = id;
    this.userId = cause.user.id;
    this.#facts = { id, fileName, size, user: cause.user.name, startedAt };
    this.#source = options.source;
    this.#changes = options.changes;
    this.#cause = cause;
    this.#onError = options.onError;
  }

  get source(): ImportSource {
    return this.#source;
  }
  get isApplying(): boolean {
    return this.#state === 'applying';
  }

  /** Reads the file (again) and compares it. */
  read(): void {
    this.#begin('reading', async (signal) => {
      await this.#source.read({ signal, onProgress: (done, total) => this.#step(done, total) });
      this.#progress = null;
      this.#state = 'planning';
      await this.#compare(signal);
    });
  }

  /** Tries once more to read what could not be read. @throws AppError conflict */
  readAgain(): void {
    this.#refuseUnless('failed');
    this.read();
  }

  /** Decides something otherwise and compares anew. @throws AppError invalid, conflict */
  configure(settings: ImportSettings): void {
    this.#refuseUnless('ready', 'planning');
    this.#source.configure(settings);
    this.#begin('planning', (signal) => this.#compare(signal));
  }

  /** Compares anew: the inventory has changed. */
  compareAgain(): void {
    this.#refuseUnless('ready');
    this.#begin('planning', (signal) => this.#compare(signal));
  }

  async #compare(signal: AbortSignal): Promise<void> {
    this.#plan = null;
    const plan = await this.#source.plan({ signal, onProgress: (done, total) => this.#step(done, total) });
    signal.throwIfAborted();
    this.#plan = plan;
    this.#state = 'ready';
  }

  /** Writes all of it as one change, or nothing. @throws AppError conflict, when it is not ready */
  apply(options: { leaveOut: boolean }): void {
    this.#refuseUnless('ready');
    const counts = this.#counts();
    if (counts.problem > 0 && !options.leaveOut)
      throw new AppError('conflict', `${counts.problem} rows have problems.`, undefined, {
        reason: 'problems',
      });
    if (counts.create + counts.change === 0)
      throw new AppError('conflict', 'There is nothing to do.', undefined, { reason: 'nothing' });
    this.#begin('applying', async (signal) => {
      const { changeId } = await this.#changes.run(this.#cause, (change) =>
        this.#source.write(change, {
          ...options,
          signal,
          onProgress: (done, total) => this.#step(done, total),
        }),
      );
      this.#state = 'done';
      this.#result = { changeId, created: counts.create, changed: counts.change };
    });
  }

  /** Stops what is under way: an import that is being written leaves nothing and can be begun again; else it is over. */
  async stop(): Promise<void> {
    const wasApplying = this.#state === 'applying';
    this.#stop.abort(new Stopped());
    await this.#work;
    if (this.#state !== 'done' && !wasApplying) this.#state = 'cancelled';
  }

  #begin(state: 'reading' | 'planning' | 'applying', work: (signal: AbortSignal) => Promise<void>): void {
    this.#stop.abort(new Stopped());
    const stop = new AbortController();
    this.#stop = stop;
    this.#state = state;
    this.#progress = null;
    this.#problem = null;
    const before = this.#work;
    this.#work = before.then(async () => {
      try {
        stop.signal.throwIfAborted();
        await work(stop.signal);
      } catch (error) {
        if (this.#stop === stop) this.#failed(state, error);
      }
      if (this.#stop === stop) this.#progress = null;
    });
  }

  #failed(during: 'reading' | 'planning' | 'applying', error: unknown): void {
    // What could not be written can be looked at, and tried again; what could not be read is over.
    const back = during === 'applying' ? 'ready' : 'failed';
    this.#state = back;
    if (error instanceof Stopped) {
      this.#problem = {
        reason: 'stopped',
        message: 'It was stopped; nothing has been brought in.',
        params: {},
      };
      if (during !== 'applying') this.#state = 'cancelled';
    } else if (error instanceof TableError)
      this.#problem = { reason: error.reason, message: error.message, params: { ...error.params } };
    else if (error instanceof AppError) {
      this.#problem = { reason: error.details.reason ?? error.code, message: error.message, params: {} };
      if (error.details.reason === 'outdated') {
        const problem = this.#problem;
        this.compareAgain();
        this.#problem = problem;
      }
    } else {
      this.#onError(error);
      this.#problem = {
        reason: 'internal',
        message: 'Something went wrong on the server; its log has the details.',
        params: {},
      };
    }
  }

  #refuseUnless(...states: readonly ImportJob['state'][]): void {
    if (states.includes(this.#state)) return;
    throw new AppError('conflict', `This cannot be done while the import is ${this.#state}.`, undefined, {
      reason: `is-${this.#state}`,
    });
  }

  #step(done: number, total: number): void {
    this.#progress = { done, total };
  }

  #counts(): ImportPreview['counts'] {
    const counts = { problem: 0, create: 0, change: 0, same: 0, left: 0 };
    for (const { outcome } of this.#plan?.rows ?? []) counts[outcome]++;
    return counts;
  }

  describe(): ImportJob {
    return {
      ...this.#facts,
      source: this.#source.kind,
      ...this.progress(),
      table: this.#source.table(),
      preview: this.#preview(),
    };
  }

  progress(): ImportProgress {
    return {
      id: this.id,
      state: this.#state,
      progress: this.#progress,
      problem: this.#problem,
      result: this.#result,
    };
  }

  #preview(): ImportPreview | null {
    if (this.#plan === null) return null;
    const { rows, also } = this.#plan;
    return {
      counts: this.#counts(),
      hints: rows.filter((row) => row.hints.length > 0).length,
      also: also.slice(0, mostAlso),
      alsoCount: also.length,
    };
  }

  /** A page of the preview: of one outcome, of rows with hints, or of all with problems first. */
  rows(query: { outcome: ImportOutcome | 'hint' | null; page: number; size: number }): ImportRows {
    const { outcome, page, size } = query;
    const all = this.#plan?.rows ?? [];
    const rows =
      outcome === 'hint'
        ? all.filter((row) => row.hints.length > 0)
        : outcome !== null
          ? all.filter((row) => row.outcome === outcome)
          : importOutcomes.flatMap((each) => all.filter((row: ImportRow) => row.outcome === each));
    return { total: rows.length, page, size, rows: rows.slice((page - 1) * size, page * size) };
  }
}
