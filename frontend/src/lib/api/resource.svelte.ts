import { ApiProblem } from './api.ts';

/** One thing that a screen loads: the newest answer stays on screen while the next one is fetched. */
export class Resource<T> {
  #load: (signal: AbortSignal) => Promise<T>;
  #data = $state.raw<T | null>(null);
  #problem = $state.raw<ApiProblem | null>(null);
  #loading = $state(false);
  #abort: AbortController | null = null;

  constructor(load: (signal: AbortSignal) => Promise<T>) {
    this.#load = load;
  }

  get data(): T | null {
    return this.#data;
  }
  /** Why the last attempt failed; null when it did not. */
  get problem(): ApiProblem | null {
    return this.#problem;
  }
  get loading(): boolean {
    return this.#loading;
  }

  /** Fetches (again). A request still under way is dropped. */
  async reload(): Promise<void> {
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    this.#loading = true;
    try {
      const data = await this.#load(abort.signal);
      if (abort.signal.aborted) return;
      this.#data = data;
      this.#problem = null;
    } catch (error) {
      if (abort.signal.aborted) return;
      this.#problem = error instanceof ApiProblem ? error : new ApiProblem('internal', String(error));
    }
    this.#loading = false;
  }

  /** Drops a request under way. */
  close(): void {
    this.#abort?.abort();
  }
}

/**
 * A resource for a component: loads at once and again whenever something that `load` reads synchronously changes (an id, a revision),
 * and is closed with the component. To be called while a component is being set up.
 */
export function useResource<T>(load: (signal: AbortSignal) => Promise<T>): Resource<T> {
  const resource = new Resource(load);
  $effect(() => {
    void resource.reload();
    return () => resource.close();
  });
  return resource;
}
