import type { FeedSourceView } from '@rackhaus/config/contract';
import { type Api, ApiProblem } from '../api/api.ts';
import { explain } from '../api/explain.ts';
import type { Said } from '../history/undo.svelte.ts';
import { m } from '../paraglide/messages.js';

type Pair = { readonly id: number; readonly deviceId: number | null };

/** Says which devices sources are, ignores them, and takes that back. */
export class FeedCare {
  readonly #api: Api;
  readonly #said: Said;
  readonly #changed: () => Promise<void>;
  #busy = $state(false);

  /** `changed` fetches what is shown anew. */
  constructor(options: { api: Api; said: Said; changed: () => Promise<void> }) {
    this.#api = options.api;
    this.#said = options.said;
    this.#changed = options.changed;
  }

  get busy(): boolean {
    return this.#busy;
  }

  async map(
    sources: readonly { source: FeedSourceView; device: { id: number; name: string } }[],
  ): Promise<void> {
    const [first] = sources;
    if (!first) return;
    const text =
      sources.length === 1
        ? m.feeds_said_mapped_one({ source: first.source.label, device: first.device.name })
        : m.feeds_said_mapped({ count: sources.length });
    const back = sources.map(({ source }) => ({ id: source.id, deviceId: source.device?.id ?? null }));
    const done = await this.#try(() =>
      this.#send(sources.map(({ source, device }) => ({ id: source.id, deviceId: device.id }))),
    );
    if (done) this.#said.offer(text, () => this.#back(() => this.#send(back)));
  }

  async unmap(source: FeedSourceView): Promise<void> {
    const { id, device } = source;
    if (!(await this.#try(() => this.#send([{ id, deviceId: null }])))) return;
    this.#said.offer(m.feeds_said_unmapped({ source: source.label }), () =>
      this.#back(() => this.#send([{ id, deviceId: device?.id ?? null }])),
    );
  }

  async ignore(ids: readonly number[], ignored: boolean): Promise<void> {
    const set = (to: boolean) =>
      this.#api.order('POST', '/api/feeds/sources/ignore', { sources: ids, ignored: to });
    if (!(await this.#try(() => set(ignored)))) return;
    if (ignored)
      this.#said.offer(m.feeds_said_ignored({ count: ids.length }), () => this.#back(() => set(false)));
  }

  #send(sources: readonly Pair[]): Promise<void> {
    return this.#api.order('POST', '/api/feeds/sources/map', { sources });
  }

  async #back(work: () => Promise<void>): Promise<void> {
    if (await this.#try(work)) this.#said.show({ text: m.feeds_said_back(), changeId: null });
  }

  async #try(work: () => Promise<void>): Promise<boolean> {
    this.#busy = true;
    try {
      await work();
      return true;
    } catch (problem) {
      if (!(problem instanceof ApiProblem)) throw problem;
      this.#said.refuse(problem.code === 'invalid' ? m.feeds_refused_conflict() : explain(problem));
      return false;
    } finally {
      this.#busy = false;
      await this.#changed();
    }
  }
}
