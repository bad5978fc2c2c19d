import { type AuditEntry, AuditPage } from '@rackhaus/config/contract';
import { type Api, ApiProblem } from '../api/api.ts';

/** What of the log is wanted; empty means all. Days like `2026-03-01`, both inclusive, as the reader's clock has them. */
export interface LogQuery {
  readonly kind: string;
  readonly outcome: string;
  readonly person: string;
  readonly subject: string;
  readonly search: string;
  readonly from: string;
  readonly to: string;
}

/** The query as the server takes it. */
export function logParameters(query: LogQuery): URLSearchParams {
  const parameters = new URLSearchParams();
  for (const name of ['kind', 'outcome', 'person', 'subject', 'search'] as const)
    if (query[name].trim() !== '') parameters.set(name, query[name].trim());
  if (query.from !== '') parameters.set('from', String(new Date(`${query.from}T00:00`).getTime()));
  if (query.to !== '') {
    const end = new Date(`${query.to}T00:00`);
    end.setDate(end.getDate() + 1);
    parameters.set('to', String(end.getTime()));
  }
  return parameters;
}

/** Rows of the log, newest first, as far as somebody has asked for. */
export class LogFeed {
  #api: Api;
  #entries = $state.raw<readonly AuditEntry[]>([]);
  #next = $state.raw<number | null>(null);
  #problem = $state.raw<ApiProblem | null>(null);
  #loaded = $state(false);
  #query: LogQuery | null = null;
  #abort: AbortController | null = null;

  constructor(options: { api: Api }) {
    this.#api = options.api;
  }

  get entries(): readonly AuditEntry[] {
    return this.#entries;
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

  async show(query: LogQuery): Promise<void> {
    this.#query = query;
    await this.#fetch(null);
  }
  async more(): Promise<void> {
    if (this.#next !== null) await this.#fetch(this.#next);
  }
  close(): void {
    this.#abort?.abort();
  }

  async #fetch(before: number | null): Promise<void> {
    if (this.#query === null) return;
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    const parameters = logParameters(this.#query);
    if (before !== null) parameters.set('before', String(before));
    try {
      const page = await this.#api.get(`/api/audit?${parameters}`, AuditPage, abort.signal);
      if (abort.signal.aborted) return;
      this.#entries = before === null ? page.entries : [...this.#entries, ...page.entries];
      this.#next = page.next;
      this.#problem = null;
      this.#loaded = true;
    } catch (error) {
      if (abort.signal.aborted) return;
      this.#problem = error instanceof ApiProblem ? error : new ApiProblem('internal', String(error));
    }
  }
}
