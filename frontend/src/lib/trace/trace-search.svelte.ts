import { type TraceStart, TraceStarts } from '@rackhaus/config/contract';
import { type Api, ApiProblem } from '../api/api.ts';

/** Long enough that a word being typed asks once, short enough that nobody waits. */
const pauseMs = 150;

/** From where to trace what somebody types; only the answer to the last question counts. */
export class TraceSearch {
  readonly #api: Api;
  #starts: readonly TraceStart[] = $state.raw([]);
  #problem: ApiProblem | null = $state.raw(null);
  #busy = $state(false);
  #timer: ReturnType<typeof setTimeout> | null = null;
  #abort: AbortController | null = null;

  constructor(options: { api: Api }) {
    this.#api = options.api;
  }

  get starts(): readonly TraceStart[] {
    return this.#starts;
  }
  get problem(): ApiProblem | null {
    return this.#problem;
  }
  get busy(): boolean {
    return this.#busy;
  }

  ask(text: string): void {
    this.close();
    const query = text.trim();
    if (query === '') {
      this.#starts = [];
      this.#problem = null;
      return;
    }
    this.#busy = true;
    this.#timer = setTimeout(() => void this.#fetch(query), pauseMs);
  }

  close(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#abort?.abort();
    this.#busy = false;
  }

  async #fetch(query: string): Promise<void> {
    const abort = new AbortController();
    this.#abort = abort;
    try {
      const reply = await this.#api.get(
        `/api/trace/starts?${new URLSearchParams({ q: query })}`,
        TraceStarts,
        abort.signal,
      );
      if (abort.signal.aborted) return;
      this.#starts = reply.starts;
      this.#problem = null;
    } catch (error) {
      if (abort.signal.aborted) return;
      this.#starts = [];
      this.#problem = error instanceof ApiProblem ? error : new ApiProblem('internal', String(error));
    }
    this.#busy = false;
  }
}
