import { z } from 'zod';
import { Entry, type NewEntry } from './queue.ts';
import type { QueueStore } from './store.ts';

/** What is kept besides the queue: worklists, drawings of racks, who was signed in. */
export interface Kept {
  get<S extends z.ZodType>(key: string, shape: S): Promise<z.output<S> | null>;
  put(key: string, value: unknown): Promise<void>;
  /** Forgets every key that begins so. */
  forget(prefix: string): Promise<void>;
}

/** Photos that wait to be uploaded. */
export interface Photos {
  put(key: string, photo: Blob): Promise<void>;
  get(key: string): Promise<File | null>;
  forget(keys: readonly string[]): Promise<void>;
}

const name = 'rackhaus-work';

/** Opens this browser's database. @throws DOMException where the browser keeps nothing (some private windows) */
export function openBrowserDb(factory: IDBFactory = indexedDB): Promise<BrowserDb> {
  return new Promise((resolve, reject) => {
    const request = factory.open(name, 1);
    request.onupgradeneeded = () => {
      const db = request.result;
      db.createObjectStore('queue', { keyPath: 'seq', autoIncrement: true });
      db.createObjectStore('kept');
      db.createObjectStore('photos');
    };
    request.onsuccess = () => {
      // A newer page wants to change the form of the database: it must not have to wait for us.
      request.result.onversionchange = () => request.result.close();
      resolve(new BrowserDb(request.result));
    };
    request.onerror = () => reject(request.error);
    request.onblocked = () =>
      reject(new DOMException('another page holds an older form', 'InvalidStateError'));
  });
}

/** The queue, what is kept and the photos in IndexedDB: they outlive reloads, crashes and restarts of the phone. */
export class BrowserDb implements QueueStore {
  readonly #db: IDBDatabase;
  constructor(db: IDBDatabase) {
    this.#db = db;
  }

  close(): void {
    this.#db.close();
  }

  async add(entry: NewEntry): Promise<Entry> {
    const stored = { ...entry, attempts: 0, trouble: null };
    const seq = await this.#run('queue', 'readwrite', (store) => store.add(stored));
    return { ...stored, seq: z.int().parse(seq) };
  }

  async list(): Promise<Entry[]> {
    const all = await this.#run('queue', 'readonly', (store) => store.getAll());
    return z.array(Entry).parse(all);
  }

  change(seq: number, change: (entry: Entry) => Entry | null): Promise<Entry | null> {
    return new Promise((resolve, reject) => {
      const transaction = this.#begin('queue', 'readwrite');
      const store = transaction.objectStore('queue');
      let now: Entry | null = null;
      const read = store.get(seq);
      read.onsuccess = () => {
        if (read.result === undefined) return;
        now = change(Entry.parse(read.result));
        if (now === null) store.delete(seq);
        else store.put(now);
      };
      transaction.oncomplete = () => resolve(now);
      transaction.onabort = () => reject(transaction.error);
    });
  }

  readonly kept: Kept = {
    get: async (key, shape) => {
      const value = await this.#run('kept', 'readonly', (store) => store.get(key));
      // What a former version kept in another form is as good as nothing.
      const parsed = shape.safeParse(value);
      return parsed.success ? parsed.data : null;
    },
    put: async (key, value) => {
      await this.#run('kept', 'readwrite', (store) => store.put(value, key));
    },
    forget: async (prefix) => {
      await this.#run('kept', 'readwrite', (store) =>
        store.delete(IDBKeyRange.bound(prefix, `${prefix}\uffff`)),
      );
    },
  };

  readonly photos: Photos = {
    put: async (key, photo) => {
      await this.#run('photos', 'readwrite', (store) => store.put(photo, key));
    },
    get: async (key) => {
      const value: unknown = await this.#run('photos', 'readonly', (store) => store.get(key));
      if (!(value instanceof Blob)) return null;
      return new File([value], `${key}.${value.type === 'image/png' ? 'png' : 'jpg'}`, { type: value.type });
    },
    forget: async (keys) => {
      for (const key of keys) await this.#run('photos', 'readwrite', (store) => store.delete(key));
    },
  };

  #begin(store: string, mode: IDBTransactionMode): IDBTransaction {
    // "strict": on the disk before we believe it, for a phone whose battery dies in the basement.
    return this.#db.transaction(store, mode, mode === 'readwrite' ? { durability: 'strict' } : {});
  }

  #run(
    storeName: string,
    mode: IDBTransactionMode,
    act: (store: IDBObjectStore) => IDBRequest,
  ): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const transaction = this.#begin(storeName, mode);
      const request = act(transaction.objectStore(storeName));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error ?? request.error);
    });
  }
}
