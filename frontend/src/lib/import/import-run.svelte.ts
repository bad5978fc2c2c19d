import {
  ImportJob,
  type ImportOutcome,
  ImportProgress,
  ImportRows,
  type ImportSettings,
  importLimits,
} from '@rackhaus/config/contract';
import { Api, ApiProblem } from '../api/api.ts';

/** How often it is asked how far an import is. */
const askMs = 300;
const pageSize = 50;

export type RowFilter = ImportOutcome | 'hint' | 'all';

/** One import as a screen follows it: how the file is understood, what it would do, how far it is. */
export class ImportRun {
  readonly id: string;
  #api: Api;
  /** Without the session: nobody has to be looked up while the database is busy with the import. */
  #alone: Api;
  #job = $state.raw<ImportJob | null>(null);
  #rows = $state.raw<ImportRows | null>(null);
  #problem = $state.raw<ApiProblem | null>(null);
  #filter = $state<RowFilter>('all');
  #page = $state(1);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(options: { api: Api; id: string }) {
    this.id = options.id;
    this.#api = options.api;
    this.#alone = new Api({
      fetch: (path, init) => fetch(path, { ...init, credentials: 'omit' }),
      onUnauthenticated: () => {},
    });
  }

  get job(): ImportJob | null {
    return this.#job;
  }
  get rows(): ImportRows | null {
    return this.#rows;
  }
  /** Why the last call failed. */
  get problem(): ApiProblem | null {
    return this.#problem;
  }
  get filter(): RowFilter {
    return this.#filter;
  }
  get page(): number {
    return this.#page;
  }
  get pages(): number {
    return Math.max(1, Math.ceil((this.#rows?.total ?? 0) / pageSize));
  }
  /** The server is reading, comparing or writing. */
  get busy(): boolean {
    return this.#job !== null && ['reading', 'planning', 'applying'].includes(this.#job.state);
  }

  /** Begins to follow it. */
  open(): Promise<void> {
    return this.#guarded(() => this.#fetchAll());
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  show(filter: RowFilter, page = 1): Promise<void> {
    this.#filter = filter;
    this.#page = page;
    return this.#guarded(() => this.#fetchRows());
  }

  /** Decides something otherwise; the preview follows. */
  configure(settings: ImportSettings): Promise<void> {
    return this.#guarded(async () => {
      const job = await this.#api.send('PATCH', `/api/imports/${this.id}`, settings, ImportJob);
      // What was seen stays until the new preview is there.
      this.#job = { ...job, preview: job.preview ?? this.#job?.preview ?? null };
      this.#page = 1;
      this.#follow();
    });
  }

  /** Reads once more what could not be read; a NetBox goes on where it stopped. */
  readAgain(): Promise<void> {
    return this.#guarded(async () => {
      this.#job = await this.#api.send('POST', `/api/imports/${this.id}/again`, undefined, ImportJob);
      this.#follow();
    });
  }

  apply(leaveOut: boolean): Promise<void> {
    return this.#guarded(async () => {
      this.#take(await this.#api.send('POST', `/api/imports/${this.id}/apply`, { leaveOut }, ImportProgress));
      this.#follow();
    });
  }

  /** Stops what is under way. */
  stop(): Promise<void> {
    return this.#guarded(async () => {
      this.#take(await this.#alone.send('POST', `/api/imports/${this.id}/stop`, undefined, ImportProgress));
    });
  }

  /** Adds another YAML file. */
  add(file: File): Promise<void> {
    return this.#guarded(async () => {
      this.#job = await this.#api.upload(`/api/imports/${this.id}/files`, file, ImportJob);
      this.#follow();
    });
  }

  #take(progress: ImportProgress): void {
    if (this.#job !== null) this.#job = { ...this.#job, ...progress };
  }

  async #fetchAll(): Promise<void> {
    this.#job = await this.#api.get(`/api/imports/${this.id}`, ImportJob);
    if (this.busy) return this.#follow();
    await this.#fetchRows();
  }

  async #fetchRows(): Promise<void> {
    const params = new URLSearchParams({ page: String(this.#page), size: String(pageSize) });
    if (this.#filter !== 'all') params.set('outcome', this.#filter);
    this.#rows = await this.#api.get(`/api/imports/${this.id}/rows?${params}`, ImportRows);
  }

  #follow(): void {
    clearTimeout(this.#timer);
    if (this.#closed) return;
    this.#timer = setTimeout(() => void this.#guarded(() => this.#ask()), askMs);
  }

  async #ask(): Promise<void> {
    const progress = await this.#alone.get(`/api/imports/${this.id}/progress`, ImportProgress);
    this.#take(progress);
    if (this.busy) this.#follow();
    else await this.#fetchAll();
  }

  async #guarded(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.#problem = null;
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      this.#problem = error;
      // Nobody answers: the import goes on, and so does asking.
      if (error.code === 'offline' && this.busy) this.#follow();
    }
  }
}

export type Begun = { readonly id: string } | { readonly refused: 'too-large' | 'mixed' | 'nothing' };

const isYaml = (file: File) => /\.ya?ml$/i.test(file.name);

/** Sends what was chosen: one list or archive, or several YAML files. @throws ApiProblem */
export async function beginImport(api: Api, files: readonly File[], language: 'de' | 'en'): Promise<Begun> {
  const [first, ...others] = files;
  if (first === undefined) return { refused: 'nothing' };
  if (files.some((file) => file.size > importLimits.bytes)) return { refused: 'too-large' };
  if (others.length > 0 && !files.every(isYaml)) return { refused: 'mixed' };
  // A type of its own would be taken for JSON or a form by what stands between.
  const plain = (file: File) => new File([file], file.name, { type: 'application/octet-stream' });
  const { id } = await api.upload(`/api/imports?language=${language}`, plain(first), ImportJob);
  for (const file of others) await api.upload(`/api/imports/${id}/files`, plain(file), ImportJob);
  return { id };
}
