import { Worker } from 'node:worker_threads';
import type { Reading } from '@rackhaus/config/contract';
import {
  defaultRetention,
  type MeasurementStore,
  type Retention,
  type Series,
  type SeriesRequest,
  StoreUnavailable,
} from '../store.ts';
import type { FromWorker, RequestName, Requests, WorkerSettings } from './messages.ts';

interface Waiting {
  resolve(answer: never): void;
  reject(error: Error): void;
}

/** Between two starts of a worker that keeps failing. */
const restartMs = 1000;

/**
 * Measurements in one SQLite file, written and read by a worker thread. A worker that dies is started anew; what it had
 * not answered is rejected, so nothing is acknowledged before it is stored.
 */
export class EmbeddedStore implements MeasurementStore {
  readonly #settings: WorkerSettings;
  readonly #log: (message: string) => void;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #restart: NodeJS.Timeout | undefined;
  #nextId = 1;
  #closed = false;
  #problem = 'is not started';

  constructor(options: { file: string; log: (message: string) => void; retention?: Retention }) {
    this.#settings = { file: options.file, retention: options.retention ?? defaultRetention };
    this.#log = options.log;
  }

  /** @throws StoreUnavailable when the file cannot be opened. */
  async start(): Promise<void> {
    this.#startWorker();
    try {
      await this.check();
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  async write(readings: readonly Reading[]): Promise<void> {
    if (readings.length > 0) await this.#ask('write', readings);
  }

  latest(): Promise<Reading[]> {
    return this.#ask('latest', null);
  }

  query(request: SeriesRequest): Promise<Series> {
    return this.#ask('query', request);
  }

  async check(): Promise<void> {
    await this.#ask('check', null);
  }

  /** Packs and deletes at once what is due at `now`; by itself that happens in small steps. */
  async tidy(now: number): Promise<void> {
    await this.#ask('tidy', now);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    clearTimeout(this.#restart);
    const worker = this.#worker;
    const closing = worker && this.#ask('close', null);
    this.#closed = true;
    // A worker that died before has nothing left to close.
    await closing?.catch((error: unknown) => this.#log(`measurements: ${String(error)}`));
    await worker?.terminate();
  }

  #ask<K extends RequestName>(name: K, ask: Requests[K]['ask']): Promise<Requests[K]['answer']> {
    const worker = this.#worker;
    if (!worker || this.#closed)
      return Promise.reject(
        new StoreUnavailable(`the measurement store ${this.#closed ? 'is closed' : this.#problem}`),
      );
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      worker.postMessage({ id, name, ask });
    });
  }

  #startWorker(): void {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: this.#settings });
    this.#worker = worker;
    worker.on('message', (message: FromWorker) => this.#receive(message));
    worker.on('error', (error) => {
      this.#problem = `failed: ${error instanceof Error ? error.message : String(error)}`;
      this.#log(`the measurement store ${this.#problem}`);
    });
    worker.on('exit', () => {
      if (this.#worker !== worker) return;
      this.#worker = undefined;
      const stopped = new StoreUnavailable('the measurement store stopped before it had answered');
      for (const waiting of this.#waiting.values()) waiting.reject(stopped);
      this.#waiting.clear();
      if (!this.#closed) this.#restart = setTimeout(() => this.#startWorker(), restartMs);
    });
  }

  #receive(message: FromWorker): void {
    if ('log' in message) {
      this.#log(message.log);
      return;
    }
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (!waiting) return;
    if ('error' in message) {
      waiting.reject(message.unavailable ? new StoreUnavailable(message.error) : new Error(message.error));
    } else waiting.resolve(message.answer as never);
  }
}
