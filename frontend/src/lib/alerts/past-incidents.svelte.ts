import { IncidentList, type IncidentSummary } from '@rackhaus/config/contract';
import { type Api, ApiProblem } from '../api/api.ts';

/** What narrows the list; "" and null: nothing. */
export interface IncidentFilter {
  readonly search: string;
  readonly severity: '' | 'warning' | 'critical';
  readonly siteId: number | null;
}

const pageSize = 30;

/** Incidents that are over, newest first, page by page. A newer question drops an older one's answer. */
export class PastIncidents {
  #api: Api;
  #list = $state.raw<readonly IncidentSummary[] | null>(null);
  #more = $state(false);
  #loading = $state(false);
  #problem = $state.raw<ApiProblem | null>(null);
  #filter: IncidentFilter = { search: '', severity: '', siteId: null };
  #abort: AbortController | null = null;

  constructor(options: { api: Api }) {
    this.#api = options.api;
  }

  /** null: not here yet. */
  get list(): readonly IncidentSummary[] | null {
    return this.#list;
  }
  get more(): boolean {
    return this.#more;
  }
  get loading(): boolean {
    return this.#loading;
  }
  get problem(): ApiProblem | null {
    return this.#problem;
  }

  /** Asks anew; as many as are on screen stay there. */
  show(filter: IncidentFilter): Promise<void> {
    this.#filter = filter;
    const size = Math.min(Math.max(this.#list?.length ?? 0, pageSize), 200);
    return this.#fetch(null, size);
  }

  older(): Promise<void> {
    return this.#fetch(this.#list?.at(-1)?.id ?? null, pageSize);
  }

  close(): void {
    this.#abort?.abort();
  }

  async #fetch(before: number | null, limit: number): Promise<void> {
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    this.#loading = true;
    const query = new URLSearchParams({ state: 'resolved', limit: String(limit) });
    const { search, severity, siteId } = this.#filter;
    if (search.trim() !== '') query.set('search', search.trim());
    if (severity !== '') query.set('severity', severity);
    if (siteId !== null) query.set('siteId', String(siteId));
    if (before !== null) query.set('before', String(before));
    try {
      const reply = await this.#api.get(`/api/incidents?${query}`, IncidentList, abort.signal);
      if (abort.signal.aborted) return;
      this.#list = before === null ? reply.incidents : [...(this.#list ?? []), ...reply.incidents];
      this.#more = reply.more;
      this.#problem = null;
    } catch (error) {
      if (abort.signal.aborted) return;
      this.#problem = error instanceof ApiProblem ? error : new ApiProblem('internal', String(error));
    }
    this.#loading = false;
  }
}
