import { type SyslogMessage, SyslogPage } from '@rackhaus/config/contract';
import { type Api, ApiProblem } from '../api/api.ts';

/** A list this long lets go of the oldest rows when new ones come by themselves. */
const mostFollowed = 500;

/** Messages, newest first, as far as somebody has asked for, and those that come meanwhile. */
export class MessageFeed {
  readonly #api: Api;
  #messages = $state.raw<readonly SyslogMessage[]>([]);
  #next = $state.raw<number | null>(null);
  #problem = $state.raw<ApiProblem | null>(null);
  #loaded = $state(false);
  #parameters = new URLSearchParams();
  #abort: AbortController | null = null;
  /** Something came while a request was under way. */
  #again = false;
  #busy = false;

  constructor(options: { api: Api }) {
    this.#api = options.api;
  }

  get messages(): readonly SyslogMessage[] {
    return this.#messages;
  }
  get hasMore(): boolean {
    return this.#next !== null;
  }
  get loaded(): boolean {
    return this.#loaded;
  }
  get problem(): ApiProblem | null {
    return this.#problem;
  }

  /** Shows what these parameters ask for. */
  async show(parameters: URLSearchParams): Promise<void> {
    this.#parameters = parameters;
    await this.#fetch({}, ({ messages, next }) => {
      this.#messages = messages;
      this.#next = next;
    });
  }

  /** Adds older ones. */
  async more(): Promise<void> {
    if (this.#next === null) return;
    await this.#fetch({ before: this.#next }, ({ messages, next }) => {
      this.#messages = [...this.#messages, ...messages];
      this.#next = next;
    });
  }

  /** Adds what has come since; where that is more than a page, begins anew. */
  async follow(): Promise<void> {
    if (!this.#loaded) return;
    if (this.#busy) {
      this.#again = true;
      return;
    }
    const newest = this.#messages[0]?.id ?? 0;
    let gap = false;
    await this.#fetch({ after: newest }, ({ messages, next }) => {
      gap = next !== null;
      if (gap || messages.length === 0) return;
      const all = [...messages, ...this.#messages];
      this.#messages = all.slice(0, Math.max(mostFollowed, messages.length));
      if (all.length > this.#messages.length) this.#next = this.#messages.at(-1)?.id ?? null;
    });
    if (gap) await this.show(this.#parameters);
    if (!this.#again) return;
    this.#again = false;
    await this.follow();
  }

  close(): void {
    this.#abort?.abort();
  }

  async #fetch(place: Record<string, number>, take: (page: SyslogPage) => void): Promise<void> {
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    this.#busy = true;
    const parameters = new URLSearchParams(this.#parameters);
    for (const [name, value] of Object.entries(place)) parameters.set(name, String(value));
    try {
      const page = await this.#api.get(`/api/syslog?${parameters}`, SyslogPage, abort.signal);
      if (abort.signal.aborted) return;
      take(page);
      this.#problem = null;
      this.#loaded = true;
    } catch (error) {
      if (abort.signal.aborted) return;
      this.#problem = error instanceof ApiProblem ? error : new ApiProblem('internal', String(error));
    } finally {
      if (this.#abort === abort) this.#busy = false;
    }
  }
}
