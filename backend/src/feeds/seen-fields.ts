import { isMetricId, type MetricId } from '@rackhaus/config/contract';
import type { Point } from '@rackhaus/config/line-protocol';
import { z } from 'zod';
import type { Meaning } from './meaning.ts';

const mostFields = 500;
const mostTags = 12;
const longestExample = 80;
/** Lines that are looked at for a template that knows a field: not every line of a measurement is meant by it. */
const mostLooks = 200;

const Stored = z.array(
  z.object({
    measurement: z.string(),
    field: z.string(),
    example: z.string(),
    number: z.boolean(),
    tags: z.array(z.string()),
    metrics: z.array(z.string()),
  }),
);

/** A field of what a source sends. */
export interface SeenField {
  readonly measurement: string;
  readonly field: string;
  /** Its newest value. */
  example: string;
  /** Whether that is a number or a truth value, so that it can become a metric. */
  number: boolean;
  /** Names of tags that its lines have. */
  readonly tags: string[];
  /** What a template makes of it. */
  metrics: MetricId[];
}

/** Which fields a source sends, bounded. */
export class SeenFields {
  readonly #fields = new Map<string, SeenField & { looks: number }>();

  /** Takes over what was written down by {@link stored}. */
  restore(text: string): void {
    for (const { metrics, ...field } of Stored.parse(JSON.parse(text)))
      this.#fields.set(keyOf(field), { ...field, metrics: metrics.filter(isMetricId), looks: 0 });
  }

  stored(): string {
    return JSON.stringify(this.all());
  }

  /** By measurement and field. */
  all(): SeenField[] {
    return [...this.#fields.values()]
      .map(({ looks: _, ...field }) => field)
      .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  }

  note(point: Point, meaning: Meaning): void {
    for (const [field, value] of Object.entries(point.fields)) {
      const key = keyOf({ measurement: point.measurement, field });
      let seen = this.#fields.get(key);
      if (!seen) {
        if (this.#fields.size >= mostFields) continue;
        const { measurement } = point;
        seen = { measurement, field, example: '', number: false, tags: [], metrics: [], looks: 0 };
        this.#fields.set(key, seen);
      }
      seen.example = String(value).slice(0, longestExample);
      seen.number = typeof value !== 'string';
      if (seen.metrics.length > 0 || seen.looks >= mostLooks) continue;
      seen.looks++;
      seen.metrics = meaning.becomes(point, field, []).map(({ metric }) => metric);
      for (const tag of Object.keys(point.tags))
        if (seen.tags.length < mostTags && !seen.tags.includes(tag)) seen.tags.push(tag);
    }
  }
}

function keyOf({ measurement, field }: { measurement: string; field: string }): string {
  return `${measurement}\n${field}`;
}
