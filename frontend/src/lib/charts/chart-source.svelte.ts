import { untrack } from 'svelte';
import type { Api } from '../api/api.ts';
import { Resource } from '../api/resource.svelte.ts';
import { type ChartRange, type ChartWindow, rangeMs, refreshMs } from './ranges.ts';
import { type ChartSpec, type LoadedChart, loadChart } from './series.ts';

/**
 * The data of one chart, fetched while somebody looks and kept fresh bucket by bucket. What is on screen stays there while newer
 * data is fetched, and when that fails.
 */
export class ChartSource {
  #api: Api;
  #resource: Resource<LoadedChart> | null = $state.raw(null);
  // What the last period showed, until the new one is here.
  #before: LoadedChart | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(options: { api: Api }) {
    this.#api = options.api;
  }

  get data(): LoadedChart | null {
    return this.#resource?.data ?? this.#before;
  }
  get problem() {
    return this.#resource?.problem ?? null;
  }
  get loading(): boolean {
    return this.#resource?.loading ?? true;
  }

  /** Loads a period, and goes on doing so while it ends now, until the returned function is called. */
  follow(spec: ChartSpec, range: ChartRange | ChartWindow, points: number): () => void {
    this.#before = untrack(() => this.data);
    const resource = new Resource((signal) => {
      const to = (typeof range === 'string' ? null : range.to) ?? Date.now();
      const from = typeof range === 'string' ? to - rangeMs[range] : range.from;
      return loadChart(this.#api, spec, { from, to, points }, signal);
    });
    this.#resource = resource;
    let ended = false;
    const next = async () => {
      // A page in the background asks for nothing; it catches up at the first tick in front.
      if (document.visibilityState === 'visible') await resource.reload();
      const step = resource.data?.series[0]?.step ?? 10_000;
      // What is over does not change any more.
      const over = typeof range !== 'string' && range.to !== null && resource.data !== null;
      if (!ended && !over)
        this.#timer = setTimeout(next, document.visibilityState === 'visible' ? refreshMs(step) : 1_000);
    };
    void next();
    return () => {
      ended = true;
      if (this.#timer) clearTimeout(this.#timer);
      resource.close();
    };
  }

  retry(): void {
    void this.#resource?.reload();
  }
}
