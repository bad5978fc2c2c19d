import { type ChangeEntry, ChangeList, type RecordKind } from '@rackhaus/config/contract';
import { type Api, ApiProblem } from '../api/api.ts';

/** What of the history is wanted; empty means all. */
export interface ChangeQuery {
  readonly q: string;
  readonly kind: RecordKind | '';
  readonly user: string;
  readonly source: ChangeEntry['source'] | '';
  /** Days, `2026-03-01`, both inclusive. */
  readonly from: string;
  readonly to: string;
}

const pageSize = 50;

/** Changes, newest first, as far as somebody has scrolled. */
export class ChangeFeed {
  #api: Api;
  #query: ChangeQuery | null = null;
  #changes = $state.raw<readonly ChangeEntry[]>([]);
  #next = $state.raw<number | null>(null);
  #loading = $state(false);
  #loaded = $state(false);
  #problem = $state.raw<ApiProblem | null>(null);
  #abort: AbortController | null = null;

  constructor(options: { api: Api }) {
    this.#api = options.api;
  }

  get changes(): readonly ChangeEntry[] {
    return this.#changes;
  }
  /** There are older ones. */
  get hasMore(): boolean {
    return this.#next !== null;
  }
  get loading(): boolean {
    return this.#loading;
  }
  /** The first answer is in. */
  get loaded(): boolean {
    return this.#loaded;
  }
  get problem(): ApiProblem | null {
    return this.#problem;
  }

  /** Begins anew; of what is shown already, as many are fetched again, so that nothing jumps. */
  async show(query: ChangeQuery): Promise<void> {
    const again = this.#query !== null && JSON.stringify(query) === JSON.stringify(this.#query);
    this.#query = query;
    await this.#fetch(null, again ? Math.min(200, Math.max(pageSize, this.#changes.length)) : pageSize);
  }

  async more(): Promise<void> {
    if (this.#next === null || this.#loading) return;
    await this.#fetch(this.#next, pageSize);
  }

  async retry(): Promise<void> {
    await this.#fetch(this.#next, pageSize);
  }

  close(): void {
    this.#abort?.abort();
  }

  async #fetch(before: number | null, size: number): Promise<void> {
    if (this.#query === null) return;
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    this.#loading = true;
    try {
      const list = await this.#api.get(
        `/api/changes?${params(this.#query, before, size)}`,
        ChangeList,
        abort.signal,
      );
      if (abort.signal.aborted) return;
      this.#changes = before === null ? list.changes : [...this.#changes, ...list.changes];
      this.#next = list.next;
      this.#problem = null;
      this.#loaded = true;
    } catch (error) {
      if (abort.signal.aborted) return;
      if (!(error instanceof ApiProblem)) throw error;
      this.#problem = error;
    }
    this.#loading = false;
  }
}

function params(query: ChangeQuery, before: number | null, size: number): string {
  const all = new URLSearchParams({ size: String(size) });
  if (before !== null) all.set('before', String(before));
  for (const key of ['q', 'kind', 'user', 'source'] as const) {
    const value = query[key].trim();
    if (value !== '') all.set(key, value);
  }
  const from = startOfDay(query.from);
  const to = startOfDay(query.to);
  if (from !== null) all.set('from', String(from.getTime()));
  if (to !== null) {
    to.setDate(to.getDate() + 1);
    all.set('to', String(to.getTime() - 1));
  }
  return all.toString();
}

/** The beginning of a day in this browser's time; null for what is no day. */
function startOfDay(day: string): Date | null {
  const date = new Date(`${day}T00:00:00`);
  return day === '' || Number.isNaN(date.getTime()) ? null : date;
}
