import { SearchReply } from '@rackhaus/config/contract';
import { type Api, ApiProblem } from '../api/api.ts';
import type { Found } from './entries.ts';

/** Long enough that a word being typed asks once, short enough that nobody waits. */
const pauseMs = 120;

/** Asks the backend while somebody types; only the answer to the last question counts. */
export class Search {
  #api: Api;
  #results = $state.raw<readonly Found[]>([]);
  #problem = $state.raw<ApiProblem | null>(null);
  #answered = $state('');
  #asked = $state('');
  #timer: ReturnType<typeof setTimeout> | null = null;
  #abort: AbortController | null = null;

  constructor(options: { api: Api }) {
    this.#api = options.api;
  }

  get results(): readonly Found[] {
    return this.#results;
  }
  get problem(): ApiProblem | null {
    return this.#problem;
  }
  /** The answer to what was typed last is not here yet. */
  get busy(): boolean {
    return this.#asked !== this.#answered;
  }

  ask(text: string): void {
    const query = text.trim();
    this.close();
    this.#asked = query;
    if (query === '') {
      this.#results = [];
      this.#problem = null;
      this.#answered = '';
      return;
    }
    this.#timer = setTimeout(() => void this.#fetch(query), pauseMs);
  }

  close(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#abort?.abort();
  }

  async #fetch(query: string): Promise<void> {
    const abort = new AbortController();
    this.#abort = abort;
    try {
      const reply = await this.#api.get(
        `/api/search?${new URLSearchParams({ q: query })}`,
        SearchReply,
        abort.signal,
      );
      if (abort.signal.aborted) return;
      this.#results = reply.results;
      this.#problem = null;
    } catch (error) {
      if (abort.signal.aborted) return;
      this.#results = [];
      this.#problem = error instanceof ApiProblem ? error : new ApiProblem('internal', String(error));
    }
    this.#answered = query;
  }
}
