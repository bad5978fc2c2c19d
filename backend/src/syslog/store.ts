import { Worker } from 'node:worker_threads';
import type { SyslogCounts, SyslogSettings } from '@rackhaus/config/contract';
import { AppError } from '../problem.ts';
import type {
  FoundMessage,
  FromThread,
  Kept,
  RequestName,
  Requests,
  ThreadSettings,
  Wanted,
  WantedPage,
  WrittenBatch,
} from './messages.ts';

interface Waiting {
  resolve(answer: never): void;
  reject(error: Error): void;
}

const restartMs = 1000;

/** A thread that is started anew when it dies; what it had not answered is rejected. */
class Thread {
  readonly #settings: ThreadSettings;
  readonly #log: (message: string) => void;
  readonly #started: () => void;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #restart: NodeJS.Timeout | undefined;
  #nextId = 1;
  #closed = false;

  constructor(settings: ThreadSettings, log: (message: string) => void, started: () => void) {
    this.#settings = settings;
    this.#log = log;
    this.#started = started;
  }

  start(): void {
    const worker = new Worker(new URL('./thread.ts', import.meta.url), { workerData: this.#settings });
    this.#worker = worker;
    worker.on('message', (message: FromThread) => this.#receive(message));
    worker.on('error', (error) => this.#log(`the thread of messages failed: ${String(error)}`));
    worker.on('exit', () => {
      if (this.#worker !== worker) return;
      this.#worker = undefined;
      for (const { reject } of this.#waiting.values()) reject(away());
      this.#waiting.clear();
      if (!this.#closed) this.#restart = setTimeout(() => this.start(), restartMs);
    });
    this.#started();
  }

  /** @throws AppError unavailable */
  ask<K extends RequestName>(name: K, ask: Requests[K]['ask']): Promise<Requests[K]['answer']> {
    const worker = this.#worker;
    if (worker === undefined || this.#closed) return Promise.reject(away());
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      worker.postMessage({ id, name, ask });
    });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    clearTimeout(this.#restart);
    const worker = this.#worker;
    const closing = this.ask('close', null);
    this.#closed = true;
    // One that died before has nothing left to close.
    await closing.catch((error: unknown) => this.#log(`messages: ${String(error)}`));
    await worker?.terminate();
  }

  #receive(message: FromThread): void {
    if ('log' in message) {
      this.#log(message.log);
      return;
    }
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if ('error' in message) {
      this.#log(`messages: ${message.error}`);
      waiting?.reject(away());
    } else waiting?.resolve(message.answer as never);
  }
}

function away(): AppError {
  return new AppError('unavailable', 'The messages of devices cannot be read or written at the moment.');
}

/** The messages of devices in one SQLite file, which two threads of its own write and read. All reject with AppError `unavailable`. */
export class SyslogStore {
  readonly #write: Thread;
  readonly #read: Thread;
  #settings: SyslogSettings | null = null;

  constructor(options: { file: string; log: (message: string) => void }) {
    const { file, log } = options;
    this.#write = new Thread({ file, role: 'write' }, log, () => {
      if (this.#settings !== null) this.#tell(this.#settings, log);
    });
    this.#read = new Thread({ file, role: 'read' }, log, () => undefined);
  }

  /** Opens the file. @throws AppError when that cannot be done */
  async start(settings: SyslogSettings): Promise<void> {
    this.#write.start();
    // Only then is the file there.
    await this.set(settings);
    this.#read.start();
  }

  async set(settings: SyslogSettings): Promise<void> {
    this.#settings = settings;
    await this.#write.ask('settings', settings);
  }

  /** Resolves when it is on the disk: whether it was new. */
  write(batch: WrittenBatch): Promise<boolean> {
    return this.#write.ask('write', batch);
  }

  search(wanted: WantedPage): Promise<FoundMessage[]> {
    return this.#read.ask('search', wanted);
  }

  counts(wanted: Wanted & { readonly from: number; readonly to: number }): Promise<SyslogCounts> {
    return this.#read.ask('counts', wanted);
  }

  kept(): Promise<Kept> {
    return this.#read.ask('kept', null);
  }

  /** Deletes at once what is due at `now`; by itself that happens in small steps. */
  async tidy(now: number): Promise<void> {
    await this.#write.ask('tidy', now);
  }

  async close(): Promise<void> {
    await this.#read.close();
    await this.#write.close();
  }

  #tell(settings: SyslogSettings, log: (message: string) => void): void {
    this.#write.ask('settings', settings).catch((error: unknown) => log(String(error)));
  }
}
