/** Who had something from when (included) to when (excluded). Milliseconds since 1970; `until` Infinity: still. */
export interface Span {
  readonly who: number;
  from: number;
  until: number;
}

/**
 * Who had each of many things, one at a time. Spans of a thing never overlap, so that for any moment there is one answer.
 * Asking is as good as free for what has not changed hands lately.
 */
export class Spans {
  readonly #of = new Map<number, Span[]>();

  /** Who had it then; null: nobody. */
  at(thing: number, time: number): number | null {
    const spans = this.#of.get(thing);
    if (spans === undefined) return null;
    for (let index = spans.length - 1; index >= 0; index--) {
      const span = spans[index];
      if (span !== undefined && time >= span.from) return time < span.until ? span.who : null;
    }
    return null;
  }

  /** Who has it and goes on having it; null: nobody. */
  holder(thing: number): number | null {
    const last = this.#of.get(thing)?.at(-1);
    return last?.until === Number.POSITIVE_INFINITY ? last.who : null;
  }

  /** How often it has changed hands to somebody since then. */
  begunSince(thing: number, time: number): number {
    return this.#of.get(thing)?.filter(({ from }) => from >= time).length ?? 0;
  }

  /** Whether anybody has had it within what is remembered. */
  knows(thing: number): boolean {
    return this.#of.has(thing);
  }

  /** Everybody who has had it within what is remembered. */
  everybody(thing: number): readonly number[] {
    return this.#of.get(thing)?.map(({ who }) => who) ?? [];
  }

  /** Everything that somebody has now. */
  *held(): Iterable<number> {
    for (const thing of this.#of.keys()) if (this.holder(thing) !== null) yield thing;
  }

  /** Takes over a span as it was written down; to be called in the order of their beginnings. */
  load(thing: number, span: Span): void {
    if (span.from >= span.until) return;
    const spans = this.#of.get(thing);
    if (spans === undefined) this.#of.set(thing, [span]);
    else spans.push(span);
  }

  /** From then on `who` has it; null: nobody. What was to come after that moment is forgotten. */
  turn(thing: number, who: number | null, time: number): void {
    const spans = this.#of.get(thing) ?? [];
    while ((spans.at(-1)?.from ?? Number.NEGATIVE_INFINITY) >= time) spans.pop();
    const last = spans.at(-1);
    if (last !== undefined) last.until = Math.min(last.until, time);
    if (who !== null) spans.push({ who, from: time, until: Number.POSITIVE_INFINITY });
    if (spans.length === 0) this.#of.delete(thing);
    else this.#of.set(thing, spans);
  }

  /** Forgets what ended before then. */
  forgetBefore(time: number): void {
    for (const [thing, spans] of this.#of) {
      if ((spans[0]?.until ?? time) >= time) continue;
      const kept = spans.filter(({ until }) => until >= time);
      if (kept.length === 0) this.#of.delete(thing);
      else this.#of.set(thing, kept);
    }
  }

  /** Moves to `now` whatever is said to begin or end later: the clock was ahead when it was written down, and has been set right. */
  noneAfter(now: number): void {
    for (const [thing, spans] of this.#of) {
      const wrong = spans.some(({ from, until }) => from > now || (until > now && Number.isFinite(until)));
      if (!wrong) continue;
      for (const span of spans) {
        span.from = Math.min(span.from, now);
        if (Number.isFinite(span.until)) span.until = Math.min(span.until, now);
      }
      const kept = spans.filter(({ from, until }) => from < until);
      if (kept.length === 0) this.#of.delete(thing);
      else this.#of.set(thing, kept);
    }
  }
}
