import type { Incident } from './incident.ts';

/** See Monitoring.pollNow. */
export type PollNow = (
  deviceIds: readonly number[],
  options: { readonly signal: AbortSignal; readonly timeoutMs: number },
) => Promise<ReadonlyMap<number, number | null>>;

/** Shorter than what a pending incident waits for at the most. */
const timeoutMs = 6_000;
/** What has been asked this lately has been asked. */
const freshMs = 5_000;
const mostMembers = 5;
/** An agent that reads thousands of devices out of turn reads nothing else. */
const mostAtOnce = 200;

/** Has devices read again that incidents are about, before they are believed. */
export class Checks {
  /** Keys of incidents of which everything has been read again. */
  readonly verified = new Set<string>();
  readonly #pollNow: PollNow;
  readonly #steady: () => number;
  readonly #isMonitored: (deviceId: number) => boolean;
  readonly #onDone: () => void;
  readonly #onError: (error: unknown) => void;
  /** By device: when it was last asked, by the steady clock, and what resolves with the answer. */
  readonly #asked = new Map<number, { readonly at: number; readonly answer: Promise<void> }>();
  readonly #running = new Set<string>();
  readonly #abort = new AbortController();
  #reading = 0;

  constructor(options: {
    pollNow: PollNow;
    steady: () => number;
    isMonitored: (deviceId: number) => boolean;
    onDone: () => void;
    onError: (error: unknown) => void;
  }) {
    this.#pollNow = options.pollNow;
    this.#steady = options.steady;
    this.#isMonitored = options.isMonitored;
    this.#onDone = options.onDone;
    this.#onError = options.onError;
  }

  /** Begins with those that are pending and new; forgets those that are not any more. */
  of(incidents: Iterable<Incident>): void {
    const pending = new Set<string>();
    for (const incident of incidents) {
      if (incident.state !== 'pending') continue;
      pending.add(incident.key);
      if (!this.verified.has(incident.key) && !this.#running.has(incident.key)) this.#begin(incident);
    }
    for (const key of this.verified) if (!pending.has(key)) this.verified.delete(key);
    const steady = this.#steady();
    for (const [id, { at }] of this.#asked) if (steady - at > 2 * freshMs) this.#asked.delete(id);
  }

  stop(): void {
    this.#abort.abort();
  }

  #begin(incident: Incident): void {
    const steady = this.#steady();
    const all = about(incident).filter((id) => this.#isMonitored(id));
    const ids = all.filter((id) => steady - (this.#asked.get(id)?.at ?? -Infinity) >= freshMs);
    // Too many at once: it waits its time, and is believed then.
    if (this.#reading + ids.length > mostAtOnce) return;
    const { key } = incident;
    this.#running.add(key);
    this.#reading += ids.length;
    const answer =
      ids.length === 0
        ? Promise.resolve()
        : this.#pollNow(ids, { signal: this.#abort.signal, timeoutMs }).then(() => {}, this.#onError);
    for (const id of ids) this.#asked.set(id, { at: steady, answer });
    // What another incident has had asked already is waited for as well.
    Promise.all(all.map((id) => this.#asked.get(id)?.answer)).then(() => {
      this.#running.delete(key);
      this.#reading -= ids.length;
      this.verified.add(key);
      this.#onDone();
    }, this.#onError);
  }
}

function about({ recheck, cause, members }: Incident): number[] {
  const ids = new Set(recheck);
  if (cause.deviceId !== null) ids.add(cause.deviceId);
  let own = 0;
  for (const { condition, endedAt } of members.values()) {
    if (endedAt !== null || condition.deviceId === 0) continue;
    ids.add(condition.deviceId);
    if (++own === mostMembers) break;
  }
  return [...ids];
}
