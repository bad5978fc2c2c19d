import { Worker } from 'node:worker_threads';
import { metricIds } from '@rackhaus/config/contract';
import { seriesOf } from '../buckets.ts';
import { type EntityKey, EntityNumbers, type ReadingBatch } from '../reading-batch.ts';
import {
  defaultRetention,
  type Kept,
  type KeptColumns,
  type MeasurementStore,
  type Retention,
  type Rollups,
  type Series,
  type SeriesRequest,
  StoreUnavailable,
} from '../store.ts';
import type { Definitions, FromWorker, RequestName, Requests, WorkerSettings } from './messages.ts';

interface Waiting {
  resolve(answer: never): void;
  reject(error: Error): void;
}

/** Between two starts of a worker that keeps failing, and before that of one that had worked. */
const restartMs = { failing: 1000, working: 20 };

/**
 * Measurements in one SQLite file, written and read by a worker thread. A worker that dies is started anew; what it had
 * not answered is rejected, so nothing is acknowledged before it is stored.
 */
export class EmbeddedStore implements MeasurementStore {
  readonly entities = new EntityNumbers();
  readonly #settings: WorkerSettings;
  readonly #log: (message: string) => void;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  /** How many entities the worker has been told. */
  #told = 0;
  /** Whether the worker has answered anything. */
  #answered = false;
  #restart: NodeJS.Timeout | undefined;
  #nextId = 1;
  #closed = false;
  #problem = 'is not started';

  constructor(options: { file: string; log: (message: string) => void; retention?: Retention }) {
    this.#settings = {
      file: options.file,
      retention: options.retention ?? defaultRetention,
      metrics: metricIds,
    };
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

  async write({ entities, count, entity, time, first, metric, value }: ReadingBatch): Promise<void> {
    if (count === 0) return;
    const own = entities === this.entities ? entity : this.#translated(entities, entity);
    await this.#ask('write', {
      count,
      entity: whole(own),
      time: whole(time),
      first: whole(first),
      metric: whole(metric),
      value: whole(value),
    });
  }

  async latest(): Promise<ReadingBatch> {
    const { others, ...batch } = await this.#ask('latest', null);
    const { entity } = batch;
    if (others.length > 0) {
      const numbers = others.map((key) => this.entities.numberOf(key.deviceId, key.kind, key.entity));
      for (let i = 0; i < entity.length; i++) {
        const number = entity[i] ?? 0;
        if (number < 0) entity[i] = numbers[-number - 1] ?? 0;
      }
    }
    return { entities: this.entities, ...batch };
  }

  async query(request: SeriesRequest): Promise<Series> {
    return seriesOf(await this.#ask('query', request));
  }

  listEntities(): Promise<EntityKey[]> {
    return this.#ask('entities', null);
  }

  kept(entity: EntityKey, from: number, to: number): Promise<Kept> {
    return this.#ask('kept', { entity, from, to });
  }

  keptColumns(entity: EntityKey, from: number, to: number): Promise<KeptColumns> {
    return this.#ask('keptColumns', { entity, from, to });
  }

  async putRollups(rollups: readonly Rollups[]): Promise<void> {
    await this.#ask('putRollups', rollups);
  }

  async check(): Promise<void> {
    await this.#ask('check', null);
  }

  /** Packs and deletes at once what is due at `now`; by itself that happens in small steps. */
  async tidy(now: number): Promise<void> {
    await this.#ask('tidy', now);
  }

  /** Copies all that is acknowledged into one file, while the store is used. @throws when the file cannot be written */
  async copyTo(file: string): Promise<void> {
    await this.#ask('copy', file);
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
    const definitions = this.#definitions();
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      worker.postMessage({ id, name, ask, ...(definitions && { definitions }) });
    });
  }

  /** What the worker has not been told yet. */
  #definitions(): Definitions | undefined {
    const first = this.#told;
    const count = this.entities.size - first;
    if (count === 0) return undefined;
    this.#told += count;
    return { first, keys: Array.from({ length: count }, (_, i) => this.entities.at(first + i)) };
  }

  #translated(from: EntityNumbers, numbers: Int32Array): Int32Array {
    return numbers.map((number) => {
      const { deviceId, kind, entity } = from.at(number);
      return this.entities.numberOf(deviceId, kind, entity);
    });
  }

  #startWorker(): void {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: this.#settings });
    this.#worker = worker;
    this.#told = 0;
    this.#answered = false;
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
      const delay = this.#answered ? restartMs.working : restartMs.failing;
      if (!this.#closed) this.#restart = setTimeout(() => this.#startWorker(), delay);
    });
  }

  #take(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }

  #receive(message: FromWorker): void {
    if ('log' in message) {
      this.#log(message.log);
      return;
    }
    this.#answered = true;
    if ('written' in message) {
      for (const id of message.written) this.#take(id)?.resolve(null as never);
      return;
    }
    const waiting = this.#take(message.id);
    if (!waiting) return;
    if ('error' in message) {
      waiting.reject(message.unavailable ? new StoreUnavailable(message.error) : new Error(message.error));
    } else waiting.resolve(message.answer as never);
  }
}

/** An array that is alone in its buffer: a thread is sent buffers as a whole. */
function whole<T extends Int32Array | Float64Array | Uint32Array | Uint16Array>(array: T): T {
  return array.byteLength === array.buffer.byteLength ? array : (array.slice() as T);
}
